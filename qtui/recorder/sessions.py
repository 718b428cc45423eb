"""What is being recorded right now: a stack of experiments for every thread, and what other threads take part in."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Session(Generic[T]):
    """One recording between start and end, by the thread that started it; the experiment comes once it is known."""

    uri: str | None = None
    experiment: T | None = None
    thread: int = field(default_factory=threading.get_ident)
    pid: int = field(default_factory=os.getpid)

    @property
    def is_inherited(self) -> bool:
        """Whether the process that started it is another one, of which this is a fork."""
        return self.pid != os.getpid()


class Sessions(Generic[T]):
    """The sessions that have been started and not ended.

    A thread sees the last session that it has started itself. One that has started none takes part in the last
    session of any other, so that workers log into the run that they work for.
    """

    def __init__(self) -> None:
        self._sessions: tuple[Session[T], ...] = ()
        self._lock = threading.Lock()

    @property
    def current(self) -> Session[T] | None:
        """The session that this thread is in."""
        mine = [each for each in self._sessions if each.thread == threading.get_ident()]
        return next(reversed(mine or self._sessions), None)

    @property
    def all(self) -> tuple[Session[T], ...]:
        """All sessions, in the order of their start."""
        return self._sessions

    def around(self, session: Session[T]) -> Session[T] | None:
        """The session of the same thread that this one is nested in."""
        mine = [each for each in self._sessions if each.thread == session.thread]
        place = mine.index(session) if session in mine else 0
        return mine[place - 1] if place else None

    def enter(self, session: Session[T]) -> None:
        """Begin a session in this thread."""
        with self._lock:
            self._sessions = (*self._sessions, session)

    def leave(self, session: Session[T]) -> None:
        """End a session; one that has ended already is no error."""
        with self._lock:
            self._sessions = tuple(each for each in self._sessions if each is not session)
