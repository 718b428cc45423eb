"""The time limit of a command, from the option `--timeout`."""

from __future__ import annotations

import math
import signal
from types import FrameType
from typing import Self

from qtui.errors import TimeExceeded, UsageError

REPEAT_S = 5.0
"""A command that runs on this long after its time limit is interrupted again."""

UNLIMITED_COMMANDS = frozenset({"run", "resume", "demo"})
"""Commands that last as long as what they start."""


def check_time_limit(seconds: float | None, command: str | None) -> None:
    """Raise UsageError if a command that has no time limit is given one; None is the screen."""
    if seconds is not None and (command is None or command in UNLIMITED_COMMANDS):
        raise UsageError(f"--timeout does not apply to {f'qtui {command}' if command else 'the screen'}.")


class TimeLimit:
    """A context that interrupts the command after some seconds, as Ctrl-C does; None for no limit."""

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._is_exceeded = False

    def __enter__(self) -> Self:
        if self._seconds is not None:
            if not 0 < self._seconds < math.inf:
                raise UsageError("--timeout needs a number of seconds greater than 0.")
            self._former = signal.signal(signal.SIGALRM, self._interrupt)
            signal.setitimer(signal.ITIMER_REAL, self._seconds, REPEAT_S)
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if self._seconds is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._former)
        if self._is_exceeded and type(error) is KeyboardInterrupt:
            raise self._error() from None

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        self._is_exceeded = True
        handler = signal.getsignal(signal.SIGINT)
        if callable(handler) and handler is not signal.default_int_handler:
            handler(signal.SIGINT, frame)  # An edit stops between two runs.
        else:
            raise self._error()

    def _error(self) -> TimeExceeded:
        return TimeExceeded(f"Stopped after the time limit of {self._seconds:g} s.")
