"""Active sessions: a stack for every context, and the rule by which a thread without a session joins one.

A context is a thread, a task of asyncio, or whatever runs in a copy of one (see `contextvars`).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from qtui.errors import RecorderInitializationError

T = TypeVar("T")

REMEDY = (
    "Log inside `with R.bind(recorder):`, or start the thread with `contextvars.copy_context().run`, "
    "so that values go into the right run."
)


@dataclass(slots=True, eq=False)
class RecordingSession(Generic[T]):
    """One recording between start and end; the experiment is set once it is known."""

    uri: str | None = None
    experiment: T | None = None
    home: str | None = None
    """The store that it records into, also when `uri` is None."""
    outer: RecordingSession[T] | None = None
    """The session that it is nested in."""
    has_ended: bool = False
    pid: int = field(default_factory=os.getpid)

    @property
    def is_inherited(self) -> bool:
        """Whether another process started it, of which this one is a fork."""
        return self.pid != os.getpid()


class RecordingSessions(Generic[T]):
    """The sessions that have been started and not ended.

    A context sees the innermost session that was started in it, or in the context that it is a copy of. One that has
    none joins the session of another only when exactly one is active: every other choice could put values into the
    wrong run.
    """

    def __init__(self) -> None:
        self._sessions: tuple[RecordingSession[T], ...] = ()
        self._lock = threading.Lock()
        self._stack: ContextVar[tuple[RecordingSession[T], ...]] = ContextVar("qtui_sessions", default=())

    @property
    def own(self) -> RecordingSession[T] | None:
        """The session of this context."""
        return next((session for session in reversed(self._stack.get()) if not session.has_ended), None)

    @property
    def active(self) -> tuple[RecordingSession[T], ...]:
        """The sessions whose experiment is known, of all contexts."""
        return tuple(session for session in self._sessions if session.experiment is not None)

    @property
    def joined(self) -> RecordingSession[T] | None:
        """The one session that a context without one joins; None when there is none, or more than one."""
        active = self.active
        # A context whose own session was ended elsewhere works for that one, not for another.
        return active[0] if len(active) == 1 and not self._stack.get() else None

    @property
    def current(self) -> RecordingSession[T] | None:
        """The session that this context records into; `RecorderInitializationError` when it is not clear which."""
        session = self.own or self.joined
        if session is None and self.active:
            raise RecorderInitializationError(
                f"{len(self.active)} active runs, and none was started by this thread or task: "
                f"it is not clear which one to log into. {REMEDY}"
            )
        return session

    @property
    def all(self) -> tuple[RecordingSession[T], ...]:
        """All sessions, in the order of their start."""
        return self._sessions

    def enter(self, session: RecordingSession[T]) -> None:
        """Begin a session in this context."""
        session.outer = self.own
        with self._lock:
            self._sessions = (*self._sessions, session)
        self._stack.set((*self._running(), session))

    def leave(self, session: RecordingSession[T]) -> None:
        """End a session; one that has ended already is no error."""
        session.has_ended = True
        with self._lock:
            self._sessions = tuple(each for each in self._sessions if each is not session)
        if session in self._stack.get():
            self._stack.set(self._running())

    @contextmanager
    def bound(self, session: RecordingSession[T]) -> Iterator[None]:
        """Make a session the one of this context for a while; it is not ended."""
        before = self._stack.get()
        self._stack.set((*before, session))
        try:
            yield
        finally:
            # No reset by token: a generator may be closed in another context than the one it began in.
            self._stack.set(before)

    def _running(self) -> tuple[RecordingSession[T], ...]:
        return tuple(session for session in self._stack.get() if not session.has_ended)
