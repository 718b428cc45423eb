"""The commands as a user calls them: within this process, as a process of their own, and on a terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from qtui import settings
from qtui.cli.app import program

PROGRAM = (sys.executable, "-m", "qtui")


class Ended(NamedTuple):
    """How a call of the program ended."""

    code: int
    out: str
    err: str


Call = Callable[..., Ended]


@pytest.fixture(autouse=True)
def settings_of_this_test() -> Iterator[None]:
    settings.current.cache_clear()
    yield
    settings.current.cache_clear()


@pytest.fixture
def qtui() -> Call:
    """Calls the program within this process."""

    def call(*args: str, uri: Path | None = None) -> Ended:
        given = ["--uri", str(uri)] if uri else []
        result = CliRunner().invoke(program(), [*given, *args])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ended(result.exit_code, result.stdout, result.stderr)

    return call


@pytest.fixture
def process() -> Call:
    """Calls the program as a process of its own, its output piped."""

    def call(*args: str, **environ: str) -> Ended:
        done = subprocess.run([*PROGRAM, *args], capture_output=True, env={**os.environ, **environ}, check=False)
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


@pytest.fixture
def on_terminal() -> Call:
    """Calls the program on a terminal of some width, where stdout and stderr are one."""

    def call(*args: str, width: int = 80, **environ: str) -> Ended:
        ours, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        env = {**os.environ, "TERM": "xterm-256color", **environ}
        running = subprocess.Popen([*PROGRAM, *args], stdin=its, stdout=its, stderr=its, env=env)
        os.close(its)
        out = b"".join(iter(lambda: _read(ours), b""))
        os.close(ours)
        return Ended(running.wait(), out.decode().replace("\r\n", "\n"), "")

    return call


def _read(terminal: int) -> bytes:
    """Return the output of the terminal; empty after its other end is closed."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
