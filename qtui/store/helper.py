"""Processes that help this one: how one is started, and how the two talk, by plain values, marshalled."""

from __future__ import annotations

import marshal
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import qtui
from qtui.entities import DatasetInput, Experiment

PROGRAM = "import sys; sys.path[:] = sys.argv[2:]; from importlib import import_module as m; m(sys.argv[1]).main()"

_LENGTH = 8
_LONGEST = 1 << 30


def start_helper(module: str) -> subprocess.Popen[bytes]:
    """A bare interpreter that runs the `main` of a module of ours; it dies with its pipes, and no key reaches it."""
    package = str(Path(qtui.__file__).parent.parent)
    return subprocess.Popen(
        [sys.executable, "-S", "-E", "-s", "-c", PROGRAM, module, *sys.path, package],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def send(pipe: IO[bytes], message: Any) -> None:
    """Write one message."""
    data = marshal.dumps(message)
    pipe.write(len(data).to_bytes(_LENGTH, "big") + data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:
    """Read one message; EOFError when there are no more."""
    length = int.from_bytes(_exactly(pipe, _LENGTH), "big")
    return marshal.loads(_exactly(pipe, length))


def plain_with_tags(entity: Experiment | DatasetInput) -> tuple[Any, ...]:
    """An entity whose last field are its tags, as its class takes it again."""
    *values, tags = (getattr(entity, name) for name in type(entity).__dataclass_fields__)
    return *values, dict(tags)


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    data = pipe.read(length) if length <= _LONGEST else b""
    if len(data) < length:
        raise EOFError
    return data
