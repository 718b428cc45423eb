"""Reads an sqlite file so that not a byte of it changes and no file appears beside it."""

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
from qtui.store.sql.connections.file_state import Condition, Way, condition_of
from qtui.store.sql.connections.forking import GATE
from qtui.store.sql.connections.recovery import Salvage
from qtui.store.sql.schema import cells

T = TypeVar("T")

PATIENCE = 2.0
"""How many seconds to wait for a writer that holds the whole file."""
ATTEMPTS = 5
"""How often to read a file that somebody begins to write just then."""
UNFINISHED = frozenset(
    {
        "SQLITE_CANTOPEN",
        "SQLITE_READONLY_CANTINIT",
        "SQLITE_READONLY_CANTLOCK",
        "SQLITE_READONLY_RECOVERY",
        "SQLITE_READONLY_ROLLBACK",
    }
)
"""What sqlite answers when it would have to write before it can read."""
NOT_TEXT = "Could not decode to UTF-8"


class Changed(Exception):
    """Somebody wrote a file that was read as one that nobody writes."""


class SqliteFile:
    """A database file; every reading opens it anew, as its writers come and go."""

    kind = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engines: dict[tuple[Path, Way, bool], sa.Engine] = {}
        self._salvage = Salvage()
        self._lenient = False
        self._lock = Lock()

    @property
    def uri(self) -> str:
        """The address in MLflow's form."""
        return f"sqlite:///{self.path}"

    @property
    def place(self) -> str:
        """Where it is, as the beginning of a sentence."""
        return str(self.path)

    def read(self, work: Callable[[sa.Connection], T]) -> T:
        """The result of some work on one unchanging state of the file."""
        for _ in range(ATTEMPTS):
            try:
                return self._read(condition_of(self.path), work)
            except Changed:
                continue
            except (sqlite3.Error, DBAPIError) as error:
                if not self._may_retry(error):
                    raise self._translated(error) from error
        raise StoreLocked(f"{self.path} keeps changing while it is read; try again in a moment.")

    def pulse(self) -> Condition:
        """The condition of the file and of those beside it."""
        return condition_of(self.path)

    def close(self) -> None:
        """Forget the engines and delete the copies."""
        with self._lock:
            self._engines.clear()
        self._salvage.close()

    def _read(self, condition: Condition, work: Callable[[sa.Connection], T]) -> T:
        try:
            return self._work(self.path, condition.way, condition, work)
        except (sqlite3.Error, DBAPIError) as error:
            if name_of(error) not in UNFINISHED or condition.way is not Way.LIVE:
                raise
        return self._work(self._salvage.copy_of(self.path, condition), Way.COPY, condition, work)

    def _work(self, path: Path, way: Way, condition: Condition, work: Callable[[sa.Connection], T]) -> T:
        try:
            with GATE.passed(), self._engine(path, way).connect() as connection:
                connection.exec_driver_sql("BEGIN")
                return work(connection)
        finally:
            # Neither a result nor an error means anything if somebody wrote meanwhile and we took no lock.
            if way is not Way.LIVE and condition_of(self.path) != condition:
                raise Changed

    def _engine(self, path: Path, way: Way) -> sa.Engine:
        key = (path, way, self._lenient)
        with self._lock:
            if key not in self._engines:
                opener = partial(open_file, path, way, lenient=self._lenient)
                self._engines[key] = sa.create_engine("sqlite://", creator=opener, poolclass=NullPool)
            return self._engines[key]

    def _may_retry(self, error: Exception) -> bool:
        """From the first text that is no UTF-8 on, texts are read in a way that is slower and takes anything."""
        if self._lenient or NOT_TEXT not in str(error):
            return False
        self._lenient = True
        return True

    def _translated(self, error: Exception) -> StoreError:
        name = name_of(error).removeprefix("SQLITE_").partition("_")[0]
        if name in ("BUSY", "LOCKED"):
            return StoreLocked(f"{self.path} is locked by a program that is writing to it; try again when it is done.")
        if name == "NOTADB":
            return StoreUnreadable(f"{self.path} is not an SQLite database.")
        reason = getattr(error, "orig", None) or error
        if name == "CORRUPT":
            return StoreUnreadable(f"{self.path} is damaged: {reason}.")
        return StoreUnreadable(f"{self.path} cannot be read: {reason}.")


def open_file(path: Path, way: Way, *, lenient: bool) -> sqlite3.Connection:
    """A connection that reads only, trusts no code that a foreign file brings along, and speaks qtui's functions."""
    address = f"file:{quote_from_bytes(os.fsencode(path))}?{way}"
    connection = sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA query_only = ON")
    if lenient:
        connection.text_factory = cells.lenient
    for name, (arity, function) in SQLITE_FUNCTIONS.items():
        connection.create_function(name, arity, function, deterministic=True)
    return connection


def name_of(error: Exception) -> str:
    """Sqlite's name of an error."""
    cause = getattr(error, "orig", None) or error
    return getattr(cause, "sqlite_errorname", "")
