"""A database that is written one transaction at a time, with retries after conflicts."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import NullPool

from qtui.errors import QtuiError, StoreLocked, StoreUnreachable, StoreUnwritable
from qtui.store.sql.connections.address import parse_server_url, sqlite_path
from qtui.store.sql.connections.process_locks import DESCRIPTORS, FORK_GATE
from qtui.store.sql.connections.server import create_server_engine, driver_message
from qtui.store.sql.connections.sqlite_file import open_sqlite, sqlite_error_name
from qtui.store.writer import LOCK_TIMEOUT_S, lock_timeout_s
from qtui.text import redact

T = TypeVar("T")

MAX_WRITE_ATTEMPTS = 5
RETRY_DELAY_S = 0.05
"""The upper limit of the first random delay; it doubles with every attempt."""

CONFLICT_CODES = frozenset({"40001", "40P01", "1213"})
"""The error codes of servers for serialization failures and deadlocks."""
LOCK_TIMEOUT_CODES = frozenset({"55P03", "1205"})
"""The error codes of servers after the timeout of a lock."""
BEGIN_STATEMENTS: Mapping[str, tuple[str, ...]] = {
    # A commit waits for readers with the full timeout.
    "sqlite": (
        "PRAGMA busy_timeout = {milliseconds}",
        "BEGIN IMMEDIATE",
        f"PRAGMA busy_timeout = {round(LOCK_TIMEOUT_S * 1000)}",
    ),
    "postgresql": ("SET LOCAL lock_timeout = '{milliseconds}ms'",),
    "mysql": ("SET innodb_lock_wait_timeout = {seconds}",),
}
"""The statements that begin a write transaction with a timeout for its locks."""


class WritableDatabase:
    """A database that is written in transactions."""

    def __init__(self, uri: str) -> None:
        self.path = sqlite_path(uri)
        if self.path is not None:
            self.path = self.path.absolute()
            self.kind, self.uri = "sqlite", f"sqlite:///{self.path}"
            creator = partial(open_for_writing, self.path)
            self.engine = sa.create_engine("sqlite://", creator=creator, poolclass=NullPool)
        else:
            kind, url = parse_server_url(uri)
            self.kind, self.uri = kind.name, uri
            self.engine = create_server_engine(url)

    @property
    def label(self) -> str:
        """The subject of an error message, without secrets."""
        return str(self.path) if self.path else f"The database {redact(self.uri)}"

    def write(self, work: Callable[[sa.Connection], T]) -> T:
        """Return the result of `work`, called in one transaction; it may be called again after a conflict."""
        for attempt in range(MAX_WRITE_ATTEMPTS):
            try:
                return self._write(work)
            except (DBAPIError, sqlite3.Error) as error:
                if attempt == MAX_WRITE_ATTEMPTS - 1 or not is_conflict(error):
                    raise self._translate(error) from error
                time.sleep(random.uniform(0, RETRY_DELAY_S * 2**attempt))
        raise AssertionError("The last attempt returns or raises.")

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    def _write(self, work: Callable[[sa.Connection], T]) -> T:
        with self._delay_forks(), DESCRIPTORS.writing(), self._connect() as connection:
            timeout_s = lock_timeout_s()
            for statement in BEGIN_STATEMENTS[self.kind]:
                connection.exec_driver_sql(
                    statement.format(milliseconds=round(timeout_s * 1000), seconds=max(1, round(timeout_s)))
                )
            result = work(connection)
            connection.commit()
            return result

    def _delay_forks(self) -> AbstractContextManager[None]:
        return FORK_GATE.delay_forks() if self.path is not None else nullcontext()

    def _connect(self) -> sa.Connection:
        try:
            return self.engine.connect()
        except (DBAPIError, RuntimeError) as error:
            if self.path is not None:
                raise
            reason = driver_message(error, self.engine.url)
            raise StoreUnreachable(f"{self.label} cannot be reached: {reason}.") from None

    def _translate(self, error: Exception) -> QtuiError:
        name = sqlite_error_name(error)
        reason = driver_message(error, self.engine.url)
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or server_error_code(error) in LOCK_TIMEOUT_CODES:
            return StoreLocked(f"{self.label} is locked by another program that writes to it. Nothing was written.")
        if name.startswith("SQLITE_CANTOPEN"):
            return StoreUnwritable(f"{self.label} cannot be opened for writing: {reason}.")
        if getattr(error, "connection_invalidated", False):
            return StoreUnreachable(f"{self.label} closed the connection: {reason}.")
        return StoreUnwritable(f"{self.label} cannot be written: {reason}.")


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Open a read-write connection to an existing file."""
    connection = open_sqlite(path, "mode=rw", LOCK_TIMEOUT_S)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def is_conflict(error: Exception) -> bool:
    """Return whether the same work may succeed when it is retried after another transaction."""
    return isinstance(error, IntegrityError) or server_error_code(error) in CONFLICT_CODES


def server_error_code(error: Exception) -> str:
    """Return a server's code of an error, empty if it has none."""
    cause: Any = getattr(error, "orig", None)
    arguments = getattr(cause, "args", None) or ("",)
    return str(getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None) or arguments[0])
