"""Both ends of one store: to read from and to write into, each opened when it is first needed."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Literal

from qtui.store import Store, open_store, open_writer
from qtui.store.writer import Writer

OnBadValue = Literal["raise", "warn"]
"""Reaction to a wrong value: raise an error, or log a warning and continue."""


class StoreAccess:
    """A store's reading and writing ends, shared by all that is of the store; a forked child opens its own."""

    def __init__(
        self,
        uri: str,
        *,
        allow_migrate: bool = False,
        keep_schema: bool = False,
        on_bad_value: OnBadValue = "raise",
        cache: Path | None = None,
    ) -> None:
        """How a database of an older MLflow is written: migrated, left in its schema, or by default not at all."""
        self.uri = uri
        self.keep_schema = keep_schema
        self.on_bad_value = on_bad_value
        self._allow_migrate = allow_migrate
        self._cache = cache
        self._store: Store | None = None
        self._writer: Writer | None = None
        self._lock = threading.Lock()
        self._pid = os.getpid()

    @property
    def store(self) -> Store:
        """The store to read from; `StoreNotFound` as long as there is none."""
        with self._own_lock():
            self._store = self._store or open_store(self.uri, cache=self._cache)
            return self._store

    @property
    def writer(self) -> Writer:
        """What writes into the store."""
        with self._own_lock():
            self._writer = self._writer or open_writer(
                self.uri, allow_migrate=self._allow_migrate, keep_schema=self.keep_schema
            )
            return self._writer

    def close(self) -> None:
        """Give back connections and files; they are opened anew when they are needed again."""
        with self._own_lock():
            for end in (self._store, self._writer):
                if end is not None:
                    end.close()
            self._store = self._writer = None

    def _own_lock(self) -> threading.Lock:
        """The lock; in a forked child a new one, and connections that belong to the parent are let go of unused."""
        if self._pid != os.getpid():
            self._pid = os.getpid()
            self._lock = threading.Lock()
            self._store = self._writer = None
        return self._lock
