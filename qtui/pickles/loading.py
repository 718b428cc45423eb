"""Loads a pickle without running it."""

from __future__ import annotations

import os
import stat
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from qtui.errors import PickleRefused, PickleUnreadable
from qtui.pickles.limits import Limits

NAMED = 8
"""How many classes a note names."""
MISFITS = (StopIteration, RuntimeError, KeyError, IndexError, ValueError, TypeError, AttributeError)


@dataclass(frozen=True)
class Loaded:
    """What a pickle holds, and what there is to say about it."""

    value: Any
    """Plain Python, numpy and pandas values, and a `Node` for every object of a class that is not known here."""
    notes: tuple[str, ...] = ()
    """Sentences for the user: what is shown by its parts only, what is damaged, what follows the pickle."""
    complete: bool = True
    """False if the pickle is damaged, and the value is what came before the damage."""


def load(source: str | os.PathLike[str] | bytes, *, limits: Limits | None = None) -> Loaded:
    """Load a pickle, from a file or from its bytes, without importing or calling anything that it names.

    The opcodes of protocols 0 to 5 are run by an interpreter of our own in a child process with limits on time and
    memory. Values of Python, numpy and pandas are then built from what it sends, with every length, code and dtype
    checked. All other objects become nodes, which show their class and their state:

    >>> import pickle
    >>> load(pickle.dumps({"ic": [0.05, 0.07]})).value
    {'ic': [0.05, 0.07]}

    Raises PickleUnreadable where there is nothing to show, and PickleRefused where the limits do not suffice.
    """
    limits = limits or Limits()
    with _opened(source, limits) as file:
        return _build(file, limits)


def _build(file: int, limits: Limits) -> Loaded:
    from qtui.pickles.build import Builder
    from qtui.pickles.graph import Graph
    from qtui.pickles.process import Child

    with Child(file, limits) as child:
        try:
            graph = Graph(child, limits)
        except MISFITS:
            raise PickleUnreadable("The process that decodes pickles sent values that do not fit together.") from None
    builder = Builder(graph, limits)
    value = builder.build()
    return Loaded(value, (*graph.notes, *_unmade(builder.opaque)), graph.complete)


def _unmade(opaque: Counter[tuple[str, str]]) -> Iterator[str]:
    """What to say of the objects that are shown by their parts."""
    foreign = [(path, count) for (path, reason), count in opaque.most_common() if not reason]
    if foreign:
        named = [path if count == 1 else f"{path} ({count:,} times)" for path, count in foreign[:NAMED]]
        more = f" and {len(foreign) - NAMED:,} more" if len(foreign) > NAMED else ""
        yield f"Shown by their parts, for nothing in a pickle is run: {', '.join(named)}{more}."
    odd = [(path, reason, count) for (path, reason), count in opaque.most_common() if reason]
    for path, reason, count in odd[:NAMED]:
        times = "" if count == 1 else f" ({count:,} times)"
        yield f"{path}{times} is shown by its parts. {reason}"


@contextmanager
def _opened(source: str | os.PathLike[str] | bytes, limits: Limits) -> Iterator[int]:
    """The number of an open file with the pickle in it, small enough to be read."""
    file = _in_memory(source) if isinstance(source, bytes) else _on_disk(source)
    try:
        size = os.fstat(file).st_size
        if size > limits.file_bytes:
            raise PickleRefused(f"The pickle has {size:,} bytes, more than the {limits.file_bytes:,} that are read.")
        if not size:
            raise PickleUnreadable("The pickle is empty.")
        yield file
    finally:
        os.close(file)


def _in_memory(content: bytes) -> int:
    """The bytes in a file that nobody else can open."""
    with _nameless() as file:
        rest = memoryview(content)
        while rest:
            rest = rest[file.write(rest) :]
        file.seek(0)
        return os.dup(file.fileno())


def _nameless() -> BinaryIO:
    """A file in memory where the system has such, else one that is nowhere listed."""
    if sys.platform == "linux":
        return open(os.memfd_create("pickle"), "r+b", buffering=0)
    import tempfile

    return tempfile.TemporaryFile(buffering=0)


def _on_disk(source: str | os.PathLike[str]) -> int:
    """Open a file that may turn out to be a pipe or a device, which are not waited for."""
    try:
        file = os.open(source, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise PickleUnreadable(f"{Path(source)} cannot be opened: {reason}.") from None
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise PickleUnreadable(f"{Path(source)} is no file.")
    return file
