"""Opening a store for reading and for writing, each when it is first needed."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from qtui.store import Store, open_store, open_writer

if TYPE_CHECKING:
    from qtui.store.writer import Writer

OnBadValue = Literal["raise", "warn"]
"""Reaction to an invalid value: raise an error, or log a warning and continue."""


class StoreAccess:
    """The reader and the writer of one store, shared by all its users; a forked child opens its own.

    Parameters
    ----------
    uri
        The URI of the store.
    allow_migrate, keep_schema
        Whether a database of an older MLflow is migrated, or written in the schema it has; by default it is refused.
    on_bad_value
        Whether an invalid value raises an error or only logs a warning.
    cache
        Folder of the cache for values read from file stores.
    store
        An open store to read, and to write if it is a writer too, instead of opening `uri`; forked children share it.
    """

    def __init__(
        self,
        uri: str,
        *,
        allow_migrate: bool = False,
        keep_schema: bool = False,
        on_bad_value: OnBadValue = "raise",
        cache: Path | None = None,
        store: Store | None = None,
    ) -> None:
        self.uri = uri
        self.keep_schema = keep_schema
        self.on_bad_value = on_bad_value
        self._allow_migrate = allow_migrate
        self._cache = cache
        self._initial_store = self._store = store
        self._writer: Writer | None = None
        self._lock = threading.Lock()
        self._pid = os.getpid()

    @classmethod
    def of(cls, store: str | StoreAccess) -> StoreAccess:
        """Return the access itself, or a new one for a URI."""
        return cls(store) if isinstance(store, str) else store

    @property
    def store(self) -> Store:
        """Return the reader; raise StoreNotFound if the store does not exist."""
        with self._own_lock():
            self._store = self._store or open_store(self.uri, cache=self._cache)
            return self._store

    @property
    def writer(self) -> Writer:
        """Return the writer; it creates the store at the first write."""
        from qtui.store.writer import Writer

        with self._own_lock():
            if self._writer is None:
                self._writer = (
                    self._store
                    if isinstance(self._store, Writer)
                    else open_writer(self.uri, allow_migrate=self._allow_migrate, keep_schema=self.keep_schema)
                )
            return self._writer

    def close(self) -> None:
        """Close connections and files; they are reopened when they are needed again."""
        with self._own_lock():
            for end in (self._store, self._writer):
                if end is not None:
                    end.close()
            self._store, self._writer = self._initial_store, None

    def _own_lock(self) -> threading.Lock:
        """Return the lock; in a forked child first drop the parent's connections unused, and its lock."""
        if self._pid != os.getpid():
            self._pid = os.getpid()
            self._lock = threading.Lock()
            self._store, self._writer = self._initial_store, None
        return self._lock
