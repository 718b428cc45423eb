"""Protection of sqlite's file locks, which belong to the whole process, from threads and forks.

POSIX locks belong to a process, not to a descriptor: closing any descriptor of a file drops all locks that the process
holds on it, also those of sqlite in a thread that is writing. Another process could then write at the same time.

Sqlite also records in process memory which locks it holds. A child that is forked during a transaction inherits the
record of its parent's lock, which nothing in the child releases, and can no longer write the file.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class DeferredCloser:
    """A closer of descriptors that keeps them open until no thread of this process writes a database."""

    def __init__(self) -> None:
        self._descriptors: list[int] = []
        self.reset()

    def reset(self) -> None:
        """Start again in a forked child, which holds no locks and in which the writing threads do not run."""
        self._lock = threading.Lock()
        self._writers = 0
        self._close_all()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep descriptors open during a transaction, from before its connection opens until after it closes."""
        with self._lock:
            self._writers += 1
        try:
            yield
        finally:
            with self._lock:
                self._writers -= 1
                if not self._writers:
                    self._close_all()

    def close(self, descriptor: int) -> None:
        """Close a descriptor now, or after the running transactions."""
        with self._lock:
            self._descriptors.append(descriptor)
            if not self._writers:
                self._close_all()

    def _close_all(self) -> None:
        while self._descriptors:
            os.close(self._descriptors.pop())


class ForkGate:
    """A gate that delays a fork until no other thread works with sqlite, and new work until the fork is done."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Start again without active threads, as in a forked child, which has none of its parent's other threads."""
        self._changed = threading.Condition()
        self._active: Counter[int] = Counter()
        self._closed = False

    @contextmanager
    def delay_forks(self) -> Iterator[None]:
        """Delay forks by other threads during the block; the block may be nested."""
        thread = threading.get_ident()
        with self._changed:
            self._changed.wait_for(lambda: not self._closed or thread in self._active)
            self._active[thread] += 1
        try:
            yield
        finally:
            with self._changed:
                self._active -= Counter({thread: 1})
                self._changed.notify_all()

    def close(self) -> None:
        """Block new work, and wait until all other threads have finished theirs."""
        thread = threading.get_ident()
        with self._changed:
            self._changed.wait_for(lambda: not self._closed)
            self._closed = True
            self._changed.wait_for(lambda: self._active.keys() <= {thread})

    def open(self) -> None:
        """Admit new work again."""
        with self._changed:
            self._closed = False
            self._changed.notify_all()


DESCRIPTORS = DeferredCloser()
"""The closer of this process."""
FORK_GATE = ForkGate()
"""The gate of this process."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=DESCRIPTORS.reset)
    os.register_at_fork(before=FORK_GATE.close, after_in_parent=FORK_GATE.open, after_in_child=FORK_GATE.reset)
