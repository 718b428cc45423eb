"""The process that decodes one pickle: it reads one file, writes to stdout, and may do nothing else.

It is started as `python -I -S -c BOOT ...` by `qtui.pickles.process`, so that it finds the standard library and qtui,
and nothing of the user's: no site packages, no working folder, no environment.
"""

from __future__ import annotations

import contextlib
import gc
import json
import math
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from qtui.errors import PickleError
from qtui.pickles import wire
from qtui.pickles.limits import Limits
from qtui.pickles.machine.decoding import decode
from qtui.pickles.machine.encoding import Encoder
from qtui.pickles.node import Node

OUT_OF_MEMORY = 77
"""The exit status of a child that ran out of the memory it may have."""
NO_FILES = 4
NAMED = 8
"""How many names a note names."""
FILES = 2
"""How often the content of the file may lie in memory: as it is, and as what is made of it."""
HARMLESS = frozenset(("builtins.id", "array.__new__", "object.__getattr__"))
"""The audited events that are only about values."""
Section = bytes | memoryview


def main(source: str, settings: str) -> NoReturn:
    """Decode the file that is open under this number, within these limits, and leave."""
    limits = Limits(**json.loads(settings))
    # Nothing that is made here is ever thrown away, and looking for it among millions of lists takes most of the time.
    gc.disable()
    size = min(os.fstat(int(source)).st_size, limits.file_bytes)
    confine(limits, size)
    try:
        data = read(int(source), size)
        seal()
        write(answer(data, limits))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    os._exit(0)


def confine(limits: Limits, size: int) -> None:
    """Ask the system to end this process where it takes more than it may."""
    try:
        import resource
    except ImportError:
        return
    seconds = max(1, math.ceil(limits.seconds))
    bounds = {
        "AS": limits.child_bytes + FILES * size,
        "CPU": seconds,
        "FSIZE": 0,
        "NOFILE": NO_FILES,
        "NPROC": 0,
        "CORE": 0,
    }
    for name, bound in bounds.items():
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (bound, bound))


def seal() -> None:
    """From here on end the process at whatever Python counts as worth an audit: files, imports, processes, sockets."""

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in HARMLESS:
            os._exit(1)

    sys.addaudithook(refuse)


def read(source: int, size: int) -> bytes:
    """The file, which may have grown or shrunk since it was looked at."""
    with open(source, "rb", closefd=False) as file:
        return file.read(size)


def answer(data: bytes, limits: Limits) -> list[Section]:
    """What to send: what was decoded, or why nothing was."""
    encoder = Encoder(limits)
    try:
        decoded = decode(data, limits)
        encoder.encode(decoded.root)
    except PickleError as error:
        return [_json({"error": type(error).__name__, "reason": str(error)})]
    notes = [*decoded.notes, *thrown_away(decoded.called - encoder.called)]
    head = {"notes": notes, "complete": decoded.complete, "longs": encoder.longs}
    numbers = [encoder.numbers[name].tobytes() for name in wire.SECTIONS]
    return [_json(head), _json(encoder.texts), *numbers, *encoder.blobs]


def thrown_away(called: Counter[tuple[str, str]]) -> Iterator[str]:
    """What to say of calls of which nothing is kept, and which are therefore not to be seen in the value."""
    if called:
        named = [Node(module, name).title for module, name in list(called)[:NAMED]]
        more = f" and {len(called) - NAMED:,} more" if len(called) > NAMED else ""
        yield f"Loading it in the usual way would also call {', '.join(named)}{more}, and keep nothing of that."


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def write(sections: Iterable[Section]) -> None:
    """Write all sections, each behind its length."""
    _write(wire.MAGIC)
    for section in sections:
        _write(wire.LENGTH.pack(len(section)))
        _write(section)


def _write(content: Section) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(1, rest) :]
