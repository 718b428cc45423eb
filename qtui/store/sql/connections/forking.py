"""Keeps a process from forking in the middle of sqlite's work.

Sqlite remembers for the whole process which locks it holds on a file. A child that is forked then takes the lock of its
parent's thread for one of its own that is never given back, and cannot write the file any more.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """Lets threads in to work, but for the moment of a fork, which waits until they are out."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Begin with nobody inside, as a forked child does: its parent's other threads are not in it."""
        self._changed = threading.Condition()
        self._inside: Counter[int] = Counter()
        self._closed = False

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Work inside; whoever is inside already may enter again."""
        me = threading.get_ident()
        with self._changed:
            self._changed.wait_for(lambda: not self._closed or me in self._inside)
            self._inside[me] += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= Counter({me: 1})
                self._changed.notify_all()

    def close(self) -> None:
        """Let nobody in, and wait until all others are out."""
        me = threading.get_ident()
        with self._changed:
            self._changed.wait_for(lambda: not self._closed)
            self._closed = True
            self._changed.wait_for(lambda: self._inside.keys() <= {me})

    def open(self) -> None:
        """Let everybody in again."""
        with self._changed:
            self._closed = False
            self._changed.notify_all()


GATE = Gate()
"""The one of this process."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=GATE.close, after_in_parent=GATE.open, after_in_child=GATE.renew)
