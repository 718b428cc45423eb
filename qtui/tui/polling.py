"""Timers for screens and widgets: poll for changes, and run a call only after a pause."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias


class StoppableTimer(Protocol):
    """A running timer, such as Textual's."""

    def stop(self) -> None:
        """Stop the timer."""


StartTimer: TypeAlias = Callable[[float, Callable[[], None]], StoppableTimer]
"""Starts a timer: a delay in seconds, and the callback. `set_timer` of a widget or a screen is one."""


class DelayedCall:
    """A call after a delay, made once however often it is requested until then."""

    def __init__(self, start_timer: StartTimer, callback: Callable[[], None]) -> None:
        self._start_timer = start_timer
        self._callback = callback
        self._timer: StoppableTimer | None = None

    @property
    def is_pending(self) -> bool:
        """Whether the call is due some time."""
        return self._timer is not None

    def request(self, seconds: float) -> None:
        """Call after some seconds, unless the call is due already."""
        if self._timer is not None:
            return

        def run() -> None:
            # A timer that is stopped when it is due already still fires once.
            if self._timer is timer:
                self.make()

        timer = self._timer = self._start_timer(seconds, run)

    def make(self) -> None:
        """Call now, and not later again."""
        self.cancel()
        self._callback()

    def cancel(self) -> None:
        """Drop the call that is due."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None


class Poller:
    """A timer that calls `poll` after a pause, which is short while polls find changes and long after several without.

    A poll does not schedule the next one, since its answer may take a while: report the answer, then schedule.
    """

    def __init__(
        self,
        start_timer: StartTimer,
        poll: Callable[[], None],
        *,
        active_s: float,
        idle_s: float,
        max_idle_polls: int = 1,
    ) -> None:
        """Poll every `active_s`, and every `idle_s` after `max_idle_polls` polls without a change."""
        self._call = DelayedCall(start_timer, poll)
        self._active_s = active_s
        self._idle_s = idle_s
        self._max_idle_polls = max_idle_polls
        self._idle_polls = 0

    @property
    def is_scheduled(self) -> bool:
        """Whether a poll is due some time."""
        return self._call.is_pending

    @property
    def interval_s(self) -> float:
        """The pause before the next poll."""
        return self._active_s if self._idle_polls < self._max_idle_polls else self._idle_s

    def report(self, *, changed: bool) -> None:
        """Record whether the last poll found a change."""
        self._idle_polls = 0 if changed else self._idle_polls + 1

    def report_failure(self) -> None:
        """Record that the last poll failed: the next one comes after the long pause."""
        self._idle_polls = self._max_idle_polls

    def schedule(self) -> None:
        """Poll after the pause that is due now; this replaces a poll that is scheduled."""
        self._call.cancel()
        self._call.request(self.interval_s)

    def stop(self) -> None:
        """Cancel the scheduled poll."""
        self._call.cancel()


class Debouncer:
    """Delayed calls by name: a call is replaced by a later call of the same name within its delay."""

    def __init__(self, start_timer: StartTimer) -> None:
        self._start_timer = start_timer
        self._timers: dict[str, StoppableTimer] = {}

    def call_after(self, seconds: float, name: str, callback: Callable[[], None]) -> None:
        """Run the callback after some seconds without another call of this name."""

        def run() -> None:
            # A timer that is stopped when it is due already still fires once.
            if self._timers.get(name) is timer:
                del self._timers[name]
                callback()

        if name in self._timers:
            self._timers[name].stop()
        timer = self._timers[name] = self._start_timer(seconds, run)

    def is_pending(self, name: str) -> bool:
        """Return whether a call of this name is due some time."""
        return name in self._timers

    @property
    def has_pending(self) -> bool:
        """Whether any call is due some time."""
        return bool(self._timers)
