"""Closes descriptors of database files without dropping locks.

POSIX locks belong to a process, not to a descriptor: closing any descriptor of a file drops all locks that the process
holds on it, also those of sqlite in a thread that is writing. Another process could then write at the same time.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Descriptors:
    """Keeps descriptors of database files open until no thread of this process writes a database."""

    def __init__(self) -> None:
        self._open: list[int] = []
        self.renew()

    def renew(self) -> None:
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
        """Close a descriptor now, or after the transactions that are running."""
        with self._lock:
            self._open.append(descriptor)
            if not self._writers:
                self._close_all()

    def _close_all(self) -> None:
        while self._open:
            os.close(self._open.pop())


DESCRIPTORS = Descriptors()
"""Those of this process."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=DESCRIPTORS.renew)
