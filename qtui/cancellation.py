"""Cancellation of background work: loops that may take long check whether their result is still wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

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
