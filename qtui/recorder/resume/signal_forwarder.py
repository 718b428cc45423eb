"""Passing the signals that qtui receives on to the command that it runs."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any, Self

from qtui.recorder.resume.exit_status import KEYBOARD_SIGNALS

FORWARDED_SIGNALS = (
    *(signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT),
    *(signal.SIGUSR1, signal.SIGUSR2),
)


class SignalForwarder:
    """Passes signals on to a command inside a `with`, and reports them to its supervisor.

    Ctrl-C and Ctrl-Z are not passed on: the terminal sends them to the whole process group, the command included.
    """

    def __init__(self, on_resize: Callable[[], object]) -> None:
        self._on_resize = on_resize
        self._pid: int | None = None
        self._reports = -1
        self._early: list[int] = []
        """Signals received before the command started."""
        self._previous: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in FORWARDED_SIGNALS:
            # Under nohup SIGHUP is ignored, here and in the command.
            if signal.getsignal(number) != signal.SIG_IGN:
                self._previous[number] = signal.signal(number, self._handle)
        self._previous[signal.SIGWINCH] = signal.signal(signal.SIGWINCH, lambda *_: self._on_resize())
        return self

    def __exit__(self, *_: object) -> None:
        for number, previous in self._previous.items():
            signal.signal(number, signal.SIG_DFL if previous is None else previous)

    def begin(self, pid: int, reports: int) -> None:
        """Pass signals on to this process, and write their numbers to the descriptor `reports`."""
        self._pid, self._reports = pid, reports
        for number in self._early:
            self._report(number)
            self._send(number)

    def end(self) -> None:
        """Ignore signals from now on: the command has ended."""
        self._pid = None

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self._pid is None:
            self._early.append(number)
            return
        self._report(number)
        if not (number in KEYBOARD_SIGNALS and is_in_foreground()):
            self._send(number)

    def _report(self, number: int) -> None:
        with suppress(OSError):
            os.write(self._reports, bytes([number]))

    def _send(self, number: int) -> None:
        if self._pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self._pid, number)


def is_in_foreground() -> bool:
    """Return whether this process is in the foreground process group of a terminal."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
