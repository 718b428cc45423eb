"""Reading an sqlite file without changing it or creating files beside it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TypeVar
from urllib.parse import quote_from_bytes

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from qtui.errors import StoreError, StoreLocked, StoreUnreadable
from qtui.query.sql import SQLITE_FUNCTIONS
from qtui.store.sql.connections.file_state import FileState, OpenMode, read_file_state
from qtui.store.sql.connections.process_locks import FORK_GATE
from qtui.store.sql.connections.recovery import RecoveryCopy
from qtui.store.sql.schema.cells import decode_leniently

T = TypeVar("T")

READ_LOCK_TIMEOUT_S = 2.0
"""Wait for a writer that holds an exclusive lock."""
MAX_READ_ATTEMPTS = 5
RECOVERY_ERRORS = frozenset(
    {
        "SQLITE_CANTOPEN",
        "SQLITE_READONLY_CANTINIT",
        "SQLITE_READONLY_CANTLOCK",
        "SQLITE_READONLY_RECOVERY",
        "SQLITE_READONLY_ROLLBACK",
    }
)
"""The errors of sqlite when it would have to write before it can read."""
INVALID_UTF8_ERROR = "Could not decode to UTF-8"


class ChangedDuringRead(Exception):
    """A file that was read without a lock was written meanwhile."""


class SqliteFile:
    """A database file; it is opened again for every read, because writers may replace its sidecar files."""

    kind = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engines: dict[tuple[Path, OpenMode, bool], sa.Engine] = {}
        self._recovery = RecoveryCopy()
        self._decodes_leniently = False
        self._lock = Lock()

    @property
    def uri(self) -> str:
        """The address in MLflow's form."""
        return f"sqlite:///{self.path}"

    @property
    def label(self) -> str:
        """The subject of an error message."""
        return str(self.path)

    def read(self, work: Callable[[sa.Connection], T]) -> T:
        """Return the result of `work`, called on a consistent snapshot of the file."""
        for _ in range(MAX_READ_ATTEMPTS):
            try:
                return self._read(read_file_state(self.path), work)
            except ChangedDuringRead:
                continue
            except (sqlite3.Error, DBAPIError) as error:
                if not self._begin_lenient_decoding(error):
                    raise self._translate(error) from error
        raise StoreLocked(f"{self.path} keeps changing while it is read. Try again later.")

    def change_token(self) -> FileState:
        """Return the state of the file and its sidecar files."""
        return read_file_state(self.path)

    def close(self) -> None:
        """Drop the engines and delete the recovery copy."""
        with self._lock:
            self._engines.clear()
        self._recovery.close()

    def _read(self, state: FileState, work: Callable[[sa.Connection], T]) -> T:
        try:
            return self._read_in_mode(self.path, state.open_mode, state, work)
        except (sqlite3.Error, DBAPIError) as error:
            if sqlite_error_name(error) not in RECOVERY_ERRORS or state.open_mode is not OpenMode.LIVE:
                raise
        return self._read_in_mode(self._recovery.copy(self.path, state), OpenMode.COPY, state, work)

    def _read_in_mode(self, path: Path, mode: OpenMode, state: FileState, work: Callable[[sa.Connection], T]) -> T:
        try:
            with FORK_GATE.delay_forks(), self._engine(path, mode).connect() as connection:
                connection.exec_driver_sql("BEGIN")
                return work(connection)
        finally:
            # Without a lock, neither a result nor an error is valid if the file was written meanwhile.
            if mode is not OpenMode.LIVE and read_file_state(self.path) != state:
                raise ChangedDuringRead

    def _engine(self, path: Path, mode: OpenMode) -> sa.Engine:
        key = (path, mode, self._decodes_leniently)
        with self._lock:
            if key not in self._engines:
                creator = partial(open_for_reading, path, mode, lenient=self._decodes_leniently)
                self._engines[key] = sa.create_engine("sqlite://", creator=creator, poolclass=NullPool)
            return self._engines[key]

    def _begin_lenient_decoding(self, error: Exception) -> bool:
        """Switch to slower decoding that accepts any bytes, after the first error about text that is not UTF-8."""
        if self._decodes_leniently or INVALID_UTF8_ERROR not in str(error):
            return False
        self._decodes_leniently = True
        return True

    def _translate(self, error: Exception) -> StoreError:
        name = sqlite_error_name(error).removeprefix("SQLITE_").partition("_")[0]
        if name in ("BUSY", "LOCKED"):
            return StoreLocked(f"{self.path} is locked by another program that writes to it. Try again later.")
        if name == "NOTADB":
            return StoreUnreadable(f"{self.path} is not an SQLite database.")
        reason = getattr(error, "orig", None) or error
        if name == "CORRUPT":
            return StoreUnreadable(f"{self.path} is damaged: {reason}.")
        return StoreUnreadable(f"{self.path} cannot be read: {reason}.")


def open_for_reading(path: Path, mode: OpenMode, *, lenient: bool) -> sqlite3.Connection:
    """Open a read-only connection."""
    connection = open_sqlite(path, mode, READ_LOCK_TIMEOUT_S)
    connection.execute("PRAGMA query_only = ON")
    if lenient:
        connection.text_factory = decode_leniently
    return connection


def open_sqlite(path: Path, options: str, timeout_s: float) -> sqlite3.Connection:
    """Open a connection that distrusts the schema of the file and knows qtui's SQL functions."""
    uri = f"file:{quote_from_bytes(os.fsencode(path))}?{options}"
    connection = sqlite3.connect(uri, uri=True, timeout=timeout_s, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA trusted_schema = OFF")
    for name, (arity, function) in SQLITE_FUNCTIONS.items():
        connection.create_function(name, arity, function, deterministic=True)
    return connection


def sqlite_error_name(error: Exception) -> str:
    """Return sqlite's name of an error, empty if it has none."""
    cause = getattr(error, "orig", None) or error
    return str(getattr(cause, "sqlite_errorname", ""))
