"""Start helper processes, and exchange marshalled messages of plain values with them."""

from __future__ import annotations

import marshal
import os
import sys
from typing import IO, TYPE_CHECKING, Any

import qtui

if TYPE_CHECKING:
    import subprocess

    from qtui.entities import DatasetInput, ExperimentInfo

PROGRAM = "import sys; sys.path[:] = sys.argv[2:]; from importlib import import_module as m; m(sys.argv[1]).main()"

LENGTH_PREFIX_BYTES = 8
MAX_MESSAGE_BYTES = 1 << 30


def helper_command(module: str) -> list[str]:
    """Return the command of an interpreter that runs `main` of a module with the import path of this process."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(qtui.__file__)))
    return [sys.executable, "-S", "-E", "-s", "-c", PROGRAM, module, *sys.path, package]


def start_helper(module: str) -> subprocess.Popen[bytes]:
    """Start an interpreter that runs `main` of a module; it ends with its pipes and gets no keyboard signals."""
    import subprocess  # the helper itself does not need it

    return subprocess.Popen(
        helper_command(module),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def has_second_core() -> bool:
    """Return whether a helper can run while this process runs."""
    return hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) > 1


def send(pipe: IO[bytes], message: Any) -> None:
    """Write one message and flush the pipe."""
    data = marshal.dumps(message)
    pipe.write(len(data).to_bytes(LENGTH_PREFIX_BYTES, "big") + data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:
    """Read one message. Raise EOFError when the pipe has ended."""
    length = int.from_bytes(_read_exactly(pipe, LENGTH_PREFIX_BYTES), "big")
    return marshal.loads(_read_exactly(pipe, length))


def row_with_tags(entity: ExperimentInfo | DatasetInput) -> tuple[Any, ...]:
    """Return the field values of an entity whose last field is its tags."""
    *values, tags = (getattr(entity, name) for name in type(entity).__dataclass_fields__)
    return *values, dict(tags)


def _read_exactly(pipe: IO[bytes], length: int) -> bytes:
    data = pipe.read(length) if length <= MAX_MESSAGE_BYTES else b""
    if len(data) < length:
        raise EOFError
    return data
