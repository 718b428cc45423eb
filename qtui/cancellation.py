"""Cancellation and progress of loops that may take long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

PROGRESS_INTERVAL_S = 0.1
"""Seconds between two reports of progress."""

Predicate = Callable[[], bool]

_is_cancelled: ContextVar[Predicate] = ContextVar("is_cancelled", default=lambda: False)


class Cancelled(BaseException):
    """The work was cancelled. Like GeneratorExit it is no Exception, so that no parser takes it for damage."""


def is_cancelled() -> bool:
    """Return whether the work of this context was cancelled."""
    return _is_cancelled.get()()


def check_cancelled() -> None:
    """Raise Cancelled if the work of this context was cancelled."""
    if is_cancelled():
        raise Cancelled


@contextmanager
def cancelled_when(predicate: Predicate) -> Iterator[None]:
    """Cancel the work inside as soon as the predicate is true, or the work outside is cancelled."""
    outer = _is_cancelled.get()
    token = _is_cancelled.set(lambda: predicate() or outer())
    try:
        yield
    finally:
        _is_cancelled.reset(token)


class ProgressTimer:
    """A timer for the progress of a loop."""

    def __init__(
        self,
        interval_s: float = PROGRESS_INTERVAL_S,
        *,
        starts_due: bool = False,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """The first report is due after an interval, or with `starts_due` at once; `clock` returns seconds."""
        self._interval_s = interval_s
        self._clock = clock
        self._reported_at = float("-inf") if starts_due else clock()

    def is_due(self) -> bool:
        """Return whether a report is due; if so, the next one is due an interval later."""
        now = self._clock()
        is_due = now - self._reported_at >= self._interval_s
        if is_due:
            self._reported_at = now
        return is_due
