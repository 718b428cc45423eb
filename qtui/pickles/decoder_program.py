"""The program of the child process that decodes one pickle: it reads one file and writes to stdout, nothing else.

`qtui.pickles.child_process` starts it as `python -I -S -c BOOT ...`: it can import the standard library and qtui, but
no site packages, and has no working directory or environment of the user.
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
from qtui.pickles.limits import PickleLimits
from qtui.pickles.machine.decoding import decode
from qtui.pickles.machine.encoding import Encoder
from qtui.pickles.node import Node

OUT_OF_MEMORY = 77
"""Exit status of a child that exceeded its memory limit."""
NO_FILES = 4
MAX_NAMES = 8
"""Names listed in a note."""
FILE_COPIES = 2
"""Copies of the file's content in memory: the raw bytes and the decoded values."""
ALLOWED_EVENTS = frozenset(("builtins.id", "array.__new__", "object.__getattr__"))
"""Audit events without side effects."""
Section = bytes | memoryview


def main(source: str, settings: str) -> NoReturn:
    """Decode the file with this descriptor within the limits (JSON), and exit."""
    limits = PickleLimits(**json.loads(settings))
    # Nothing is freed before the exit, and collecting garbage among millions of lists would dominate the time.
    gc.disable()
    size = min(os.fstat(int(source)).st_size, limits.file_bytes)
    set_limits(limits, size)
    try:
        data = read(int(source), size)
        forbid_side_effects()
        write(encode_answer(data, limits))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    os._exit(0)


def set_limits(limits: PickleLimits, size: int) -> None:
    """Set resource limits of the process."""
    try:
        import resource
    except ImportError:
        return
    seconds = max(1, math.ceil(limits.seconds))
    bounds = {
        "AS": limits.child_bytes + FILE_COPIES * size,
        "CPU": seconds,
        "FSIZE": 0,
        "NOFILE": NO_FILES,
        "NPROC": 0,
        "CORE": 0,
    }
    for name, bound in bounds.items():
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (bound, bound))


def forbid_side_effects() -> None:
    """Exit at any later audit event: opening files, importing, starting processes, sockets."""

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in ALLOWED_EVENTS:
            os._exit(1)

    sys.addaudithook(refuse)


def read(source: int, size: int) -> bytes:
    """Read at most `size` bytes from the start of the file, which may have grown since; its position is not used."""
    parts: list[bytes] = []
    offset = 0
    while offset < size and (part := os.pread(source, size - offset, offset)):
        parts.append(part)
        offset += len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def encode_answer(data: bytes, limits: PickleLimits) -> list[Section]:
    """Decode the data and return the sections to send, or a section with the error."""
    encoder = Encoder(limits)
    try:
        decoded = decode(data, limits)
        encoder.encode(decoded.root)
    except PickleError as error:
        return [_json({"error": type(error).__name__, "reason": str(error)})]
    notes = [*decoded.notes, *discarded_calls_note(decoded.called - encoder.called)]
    head = {"notes": notes, "complete": decoded.is_complete, "longs": encoder.longs}
    numbers = [encoder.numbers[name].tobytes() for name in wire.SECTIONS]
    return [_json(head), _json(encoder.texts), *numbers, *encoder.blobs]


def discarded_calls_note(called: Counter[tuple[str, str]]) -> Iterator[str]:
    """Yield a note on calls whose result is discarded, which the decoded value therefore does not show."""
    if called:
        names = [Node(module, name).title for module, name in list(called)[:MAX_NAMES]]
        more = f" and {len(called) - MAX_NAMES:,} more" if len(called) > MAX_NAMES else ""
        yield f"Unpickling it would also call {', '.join(names)}{more} and discard the result."


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def write(sections: Iterable[Section]) -> None:
    """Write all sections, with their length first."""
    _write(wire.MAGIC)
    for section in sections:
        _write(wire.LENGTH.pack(len(section)))
        _write(section)


def _write(content: Section) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(1, rest) :]
