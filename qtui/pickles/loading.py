"""Load a pickle without executing it."""

from __future__ import annotations

import os
import stat
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeAlias

from qtui.errors import PickleRefused, PickleUnreadable
from qtui.pickles.limits import PickleLimits
from qtui.value_classes import dataclass

MAX_NAMES = 8
"""Classes listed in a note."""
DECODE_ERRORS = (StopIteration, RuntimeError, KeyError, IndexError, ValueError, TypeError, AttributeError)


@dataclass(frozen=True)
class LoadedPickle:
    """The decoded value of a pickle, with notes for the user."""

    value: Any
    """Python, numpy and pandas values, and a `Node` for every object of an unsupported class."""
    notes: tuple[str, ...] = ()
    """Sentences for the user: which objects are opaque, what is damaged, what follows the pickle."""
    is_complete: bool = True
    """False if the pickle is damaged; the value is then what precedes the damage."""


class OpenFile(Protocol):
    """A file that is open for reading."""

    def fileno(self) -> int:
        """Return its descriptor."""


PickleSource: TypeAlias = str | os.PathLike[str] | bytes | OpenFile
"""The path of a file, its content, or an open file, which is read from its start."""


def load(source: PickleSource, *, limits: PickleLimits | None = None) -> LoadedPickle:
    """Load a pickle from a file or bytes without importing or calling anything it names.

    A child process with limits on time and memory interprets the opcodes of protocols 0 to 5. Values of Python, numpy
    and pandas are then built from what it sends, with every length, code and dtype validated. All other objects become
    nodes showing their class and state:

    >>> import pickle
    >>> load(pickle.dumps({"ic": [0.05, 0.07]})).value
    {'ic': [0.05, 0.07]}

    Raises PickleUnreadable if nothing can be decoded, PickleRefused if a limit is exceeded.
    """
    limits = limits or PickleLimits()
    with _open(source, limits) as file:
        return _build(file, limits)


def _build(file: int, limits: PickleLimits) -> LoadedPickle:
    from qtui.pickles.build import Builder
    from qtui.pickles.child_process import Child
    from qtui.pickles.graph import Graph

    with Child(file, limits) as child:
        try:
            graph = Graph(child, limits)
        except DECODE_ERRORS:
            raise PickleUnreadable("The pickle decoder sent inconsistent values.") from None
    builder = Builder(graph, limits)
    value = builder.build()
    return LoadedPickle(value, (*graph.notes, *_opaque_notes(builder.opaque)), graph.complete)


def _opaque_notes(opaque: Counter[tuple[str, str]]) -> Iterator[str]:
    """Yield notes on the objects that are shown as nodes."""
    unsupported = [(path, count) for (path, reason), count in opaque.most_common() if not reason]
    if unsupported:
        names = [path if count == 1 else f"{path} ({count:,} times)" for path, count in unsupported[:MAX_NAMES]]
        more = f" and {len(unsupported) - MAX_NAMES:,} more" if len(unsupported) > MAX_NAMES else ""
        yield f"Shown as plain data, because qtui never runs a pickle: {', '.join(names)}{more}."
    invalid = [(path, reason, count) for (path, reason), count in opaque.most_common() if reason]
    for path, reason, count in invalid[:MAX_NAMES]:
        times = "" if count == 1 else f" ({count:,} times)"
        yield f"{path}{times} is shown as plain data. {reason}"


@contextmanager
def _open(source: PickleSource, limits: PickleLimits) -> Iterator[int]:
    """Yield the descriptor of an open file with the pickle, if it is within the size limit."""
    if isinstance(source, bytes):
        file = _open_bytes(source)
    else:
        file = _open_path(source) if isinstance(source, str | os.PathLike) else os.dup(source.fileno())
    try:
        size = os.fstat(file).st_size
        if size > limits.file_bytes:
            raise PickleRefused(f"The pickle has {size:,} bytes; the limit is {limits.file_bytes:,}.")
        if not size:
            raise PickleUnreadable("The pickle is empty.")
        yield file
    finally:
        os.close(file)


def _open_bytes(content: bytes) -> int:
    """Return the descriptor of an anonymous file holding the bytes."""
    with _anonymous_file() as file:
        rest = memoryview(content)
        while rest:
            rest = rest[file.write(rest) :]
        file.seek(0)
        return os.dup(file.fileno())


def _anonymous_file() -> BinaryIO:
    """Create a file in memory on Linux, elsewhere a temporary file without a name."""
    if sys.platform == "linux":
        return open(os.memfd_create("pickle"), "r+b", buffering=0)
    import tempfile

    return tempfile.TemporaryFile(buffering=0)


def _open_path(source: str | os.PathLike[str]) -> int:
    """Open a file without blocking; raise PickleUnreadable for a pipe or device."""
    try:
        file = os.open(source, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise PickleUnreadable(f"{Path(source)} cannot be opened: {reason}.") from None
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise PickleUnreadable(f"{Path(source)} is not a regular file.")
    return file
