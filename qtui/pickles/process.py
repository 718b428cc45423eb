"""Starts the child process that decodes a pickle, and reads what it sends, in bounded time and memory."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import qtui
from qtui.errors import PickleRefused, PickleUnreadable
from qtui.pickles import wire
from qtui.pickles.child import OUT_OF_MEMORY
from qtui.pickles.limits import Limits

ROOT = str(Path(qtui.__file__).parent.parent)
BOOT = "import sys; sys.path.append(sys.argv[1]); from qtui.pickles.child import main; main(*sys.argv[2:])"
PYTHON = ("-I", "-S", "-B", "-W", "ignore", "-c", BOOT)
"""Isolated, without site packages, writing no bytecode, warning of nothing."""


PATIENCE = 3
"""How much longer than it may compute a child may take by the clock."""


class Child:
    """One child process: a stream of sections, and an end that is always made."""

    def __init__(self, source: int, limits: Limits) -> None:
        if not sys.executable:
            raise PickleUnreadable("There is no Python to decode the pickle with apart from the program itself.")
        command = [sys.executable, *PYTHON, ROOT, str(source), json.dumps(asdict(limits))]
        self._limits = limits
        self._left = limits.sent_bytes
        self._deadline = time.monotonic() + limits.seconds * PATIENCE
        self._process = _start(command, source)
        self._ready = select.poll()
        self._ready.register(self._stdout, select.POLLIN)

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._stdout.close()

    def read_magic(self) -> None:
        """Read how everything begins, if the child came so far."""
        if self._exactly(len(wire.MAGIC)) != wire.MAGIC:
            raise PickleUnreadable("The process that decodes pickles answers in another language.")

    def section(self) -> bytearray:
        """The next section."""
        (size,) = wire.LENGTH.unpack(self._exactly(wire.LENGTH.size))
        self._left -= size
        if self._left < 0:
            raise PickleRefused(f"The pickle holds more than {self._limits.sent_bytes:,} bytes of values.")
        return self._exactly(size)

    def json(self) -> Any:
        """The next section, which is JSON."""
        return json.loads(self.section().decode("utf-8", "surrogatepass"))

    def end(self) -> None:
        """Make sure that nothing follows."""
        self._wait()
        if os.read(self._stdout.fileno(), 1):
            raise PickleUnreadable("The process that decodes pickles says more than it announced.")

    @property
    def _stdout(self) -> Any:
        return self._process.stdout

    def _exactly(self, size: int) -> bytearray:
        content = bytearray(size)
        rest = memoryview(content)
        while rest:
            self._wait()
            count = os.readv(self._stdout.fileno(), [rest])
            if not count:
                raise self._death()
            rest = rest[count:]
        return content

    def _wait(self) -> None:
        """Wait for bytes, or for the end of the time the child may take."""
        left = max(0.0, self._deadline - time.monotonic())
        if not self._ready.poll(left * 1000):
            raise PickleRefused(f"Decoding the pickle takes longer than {self._limits.seconds:g} seconds.")

    def _death(self) -> Exception:
        """What the end of the child means."""
        status = self._process.wait()
        if status in (OUT_OF_MEMORY, -signal.SIGSEGV, -signal.SIGABRT):
            return PickleRefused(
                f"Decoding the pickle takes more than {self._limits.child_bytes >> 20:,} MiB of memory."
            )
        if status in (-signal.SIGXCPU, -signal.SIGKILL):
            return PickleRefused(
                f"Decoding the pickle takes longer than {self._limits.seconds:g} seconds, or was stopped."
            )
        return PickleUnreadable(f"The process that decodes the pickle ended early (status {status}).")


def _start(command: list[str], source: int) -> subprocess.Popen[bytes]:
    """Start the child with nothing of ours but the file it reads and the pipe it writes to."""
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(source,),
            env={},
            cwd="/",
            start_new_session=True,
        )
    except OSError as error:
        raise PickleUnreadable(f"The process that decodes pickles cannot be started: {error.strerror}.") from None
