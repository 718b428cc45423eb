"""Start the child process that decodes a pickle and read its output in bounded time and memory."""

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
from qtui.cancellation import check_cancelled
from qtui.errors import PickleRefused, PickleUnreadable
from qtui.pickles import wire
from qtui.pickles.decoder_program import OUT_OF_MEMORY
from qtui.pickles.limits import PickleLimits

ROOT = str(Path(qtui.__file__).parent.parent)
BOOT = "import sys; sys.path.append(sys.argv[1]); from qtui.pickles.decoder_program import main; main(*sys.argv[2:])"
PYTHON = ("-I", "-S", "-B", "-W", "ignore", "-c", BOOT)
"""Isolated mode, without site packages, bytecode files and warnings."""

WALL_CLOCK_FACTOR = 3
"""Wall-clock limit as a multiple of the CPU limit."""
CANCEL_CHECK_S = 0.1
"""Seconds between two checks whether the value is still wanted."""


class Child:
    """A child process as a stream of sections; a context manager that always ends it."""

    def __init__(self, source: int, limits: PickleLimits) -> None:
        if not sys.executable:
            raise PickleUnreadable("Pickles cannot be decoded: sys.executable is not set.")
        command = [sys.executable, *PYTHON, ROOT, str(source), json.dumps(asdict(limits))]
        self._limits = limits
        self._left = limits.sent_bytes
        self._deadline = time.monotonic() + limits.seconds * WALL_CLOCK_FACTOR
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
        """Read and check the magic bytes."""
        if self._read_exactly(len(wire.MAGIC)) != wire.MAGIC:
            raise PickleUnreadable("The pickle decoder sent an unknown format.")

    def section(self) -> bytearray:
        """Read the next section."""
        (size,) = wire.LENGTH.unpack(self._read_exactly(wire.LENGTH.size))
        self._left -= size
        if self._left < 0:
            raise PickleRefused(f"The pickle has more than {self._limits.sent_bytes:,} bytes of values.")
        return self._read_exactly(size)

    def json(self) -> Any:
        """Read the next section as JSON."""
        return json.loads(self.section().decode("utf-8", "surrogatepass"))

    def end(self) -> None:
        """Check that nothing follows."""
        self._wait()
        if os.read(self._stdout.fileno(), 1):
            raise PickleUnreadable("The pickle decoder sent more data than announced.")

    @property
    def _stdout(self) -> Any:
        return self._process.stdout

    def _read_exactly(self, size: int) -> bytearray:
        content = bytearray(size)
        rest = memoryview(content)
        while rest:
            self._wait()
            count = os.readv(self._stdout.fileno(), [rest])
            if not count:
                raise self._exit_error()
            rest = rest[count:]
        return content

    def _wait(self) -> None:
        """Wait for output; raise PickleRefused at the deadline, Cancelled when the value is not wanted any more."""
        while not self._ready.poll(CANCEL_CHECK_S * 1000):
            check_cancelled()
            if time.monotonic() >= self._deadline:
                raise PickleRefused(f"Decoding the pickle takes longer than {self._limits.seconds:g} seconds.")

    def _exit_error(self) -> Exception:
        """Return the error for the child's exit status."""
        status = self._process.wait()
        if status in (OUT_OF_MEMORY, -signal.SIGSEGV, -signal.SIGABRT):
            return PickleRefused(
                f"Decoding the pickle needs more than {self._limits.child_bytes >> 20:,} MiB of memory."
            )
        if status in (-signal.SIGXCPU, -signal.SIGKILL):
            return PickleRefused(
                f"Decoding the pickle takes longer than {self._limits.seconds:g} seconds, or was stopped."
            )
        return PickleUnreadable(f"The pickle decoder exited early (status {status}).")


def _start(command: list[str], source: int) -> subprocess.Popen[bytes]:
    """Start the child with no inherited resources except its input file and output pipe."""
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
        raise PickleUnreadable(f"The pickle decoder cannot be started: {error.strerror}.") from None
