"""Active recording sessions: a stack per context, and the rule by which a thread without a session joins one.

A context is a thread, an asyncio task, or code that runs in a copy of their context (see `contextvars`).
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
    """One recording between start and end; the experiment is set when it is known."""

    uri: str | None = None
    experiment: T | None = None
    home: str | None = None
    """The URI of its store, also if `uri` is None."""
    outer: RecordingSession[T] | None = None
    """The enclosing session."""
    has_ended: bool = False
    pid: int = field(default_factory=os.getpid)

    @property
    def is_inherited(self) -> bool:
        """Whether the parent of this forked process started it."""
        return self.pid != os.getpid()


class RecordingSessions(Generic[T]):
    """The sessions that have been started and not ended.

    The session of a context is the innermost one started in it, or in the context it is a copy of. A context without a
    session joins another one's only if exactly one is active; otherwise values could go into the wrong run.
    """

    def __init__(self) -> None:
        self._sessions: tuple[RecordingSession[T], ...] = ()
        self._lock = threading.Lock()
        self._stack: ContextVar[tuple[RecordingSession[T], ...]] = ContextVar("qtui_sessions", default=())
        self._has_joined: ContextVar[bool] = ContextVar("qtui_has_joined", default=False)

    @property
    def own(self) -> RecordingSession[T] | None:
        """The innermost session of this context, if it has one."""
        return next((session for session in reversed(self._stack.get()) if not session.has_ended), None)

    @property
    def active(self) -> tuple[RecordingSession[T], ...]:
        """The sessions of all contexts whose experiment is known."""
        return tuple(session for session in self._sessions if session.experiment is not None)

    @property
    def joined(self) -> RecordingSession[T] | None:
        """The session that a context without one joins: the only active one, else None."""
        active = self.active
        # A context whose session was ended elsewhere must not join another one.
        return active[0] if len(active) == 1 and not self._stack.get() else None

    @property
    def current(self) -> RecordingSession[T] | None:
        """The session that this context records into, None if none is active.

        Raises RecorderInitializationError if several are active and none was started in this context.
        """
        if session := self.own:
            return session
        if session := self.joined:
            self._has_joined.set(True)
            return session
        if self.active:
            raise RecorderInitializationError(
                f"There are {len(self.active)} active runs, and this thread or task started none of them: "
                f"it is unclear which one to log into. {REMEDY}"
            )
        return None

    def check_may_start(self) -> None:
        """Raise RecorderInitializationError if another context ended the run that this one logged into.

        Late values must not start a run that nobody expects.
        """
        if self._stack.get() or self._has_joined.get():
            raise RecorderInitializationError(f"The run that this thread or task logged into has ended. {REMEDY}")

    @property
    def all(self) -> tuple[RecordingSession[T], ...]:
        """All sessions, in the order of their start."""
        return self._sessions

    def enter(self, session: RecordingSession[T]) -> None:
        """Start a session in this context."""
        session.outer = self.own
        with self._lock:
            self._sessions = (*self._sessions, session)
        self._stack.set((*self._running(), session))
        self._has_joined.set(False)

    def leave(self, session: RecordingSession[T]) -> None:
        """End a session; do nothing if it has ended."""
        session.has_ended = True
        with self._lock:
            self._sessions = tuple(other for other in self._sessions if other is not session)
        if session in self._stack.get():
            self._stack.set(self._running())
        self._has_joined.set(False)

    @contextmanager
    def bind(self, session: RecordingSession[T]) -> Iterator[None]:
        """Make a session the innermost one of this context inside the `with`; it is not ended."""
        before = self._stack.get()
        self._stack.set((*before, session))
        try:
            yield
        finally:
            # No ContextVar.reset: a generator may be closed in another context than it was started in.
            self._stack.set(before)

    def _running(self) -> tuple[RecordingSession[T], ...]:
        return tuple(session for session in self._stack.get() if not session.has_ended)
