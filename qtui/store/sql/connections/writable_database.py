"""Where a database is written: one transaction at a time, done again when another one came in its way."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote_from_bytes

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import NullPool

from qtui.errors import QtuiError, StoreLocked, StoreUnreachable, StoreUnwritable
from qtui.query.sql import SQLITE_FUNCTIONS
from qtui.store.sql.connections.address import server_url, sqlite_path
from qtui.store.sql.connections.descriptors import DESCRIPTORS
from qtui.store.sql.connections.forking import GATE
from qtui.store.sql.connections.server import engine_of
from qtui.text import redact

T = TypeVar("T")

PATIENCE = 20.0
"""How many seconds to wait for another writer: as long as MLflow does."""
ATTEMPTS = 5
PAUSE = 0.05

COLLISIONS = frozenset({"40001", "40P01", "1213", "1205"})
"""How servers say that two transactions got into each other's way."""
BEGINNINGS: Mapping[str, tuple[str, ...]] = {
    "sqlite": ("BEGIN IMMEDIATE",),
    "postgresql": ("SET LOCAL lock_timeout = '20s'",),
    "mysql": (),
}
"""What begins a transaction that writes."""


class Target:
    """A database that is written in transactions."""

    def __init__(self, uri: str) -> None:
        self.path = sqlite_path(uri)
        if self.path is not None:
            self.path = self.path.absolute()
            self.kind, self.uri = "sqlite", f"sqlite:///{self.path}"
            self.engine = sa.create_engine("sqlite://", creator=partial(open_file, self.path), poolclass=NullPool)
        else:
            kind, url = server_url(uri)
            self.kind, self.uri = kind.name, uri
            self.engine = engine_of(url)

    @property
    def place(self) -> str:
        """Where it is, as the beginning of a sentence without secrets."""
        return str(self.path) if self.path else f"The database {redact(self.uri)}"

    def write(self, work: Callable[[sa.Connection], T]) -> T:
        """The result of some work, all of which is written or nothing; it may be begun more than once."""
        for attempt in range(ATTEMPTS):
            try:
                return self._write(work)
            except (DBAPIError, sqlite3.Error) as error:
                if attempt == ATTEMPTS - 1 or not is_collision(error):
                    raise self._translated(error) from error
                time.sleep(random.uniform(0, PAUSE * 2**attempt))
        raise AssertionError("The last attempt returns or raises.")

    def close(self) -> None:
        """Give back the connections."""
        self.engine.dispose()

    def _write(self, work: Callable[[sa.Connection], T]) -> T:
        with self._gate(), DESCRIPTORS.writing(), self._connect() as connection:
            for statement in BEGINNINGS[self.kind]:
                connection.exec_driver_sql(statement)
            result = work(connection)
            connection.commit()
            return result

    def _gate(self) -> AbstractContextManager[None]:
        return GATE.passed() if self.path is not None else nullcontext()

    def _connect(self) -> sa.Connection:
        try:
            return self.engine.connect()
        except (DBAPIError, RuntimeError) as error:
            if self.path is not None:
                raise
            raise StoreUnreachable(f"{self.place} cannot be reached: {self._reason(error)}.") from None

    def _translated(self, error: Exception) -> QtuiError:
        name = getattr(getattr(error, "orig", None) or error, "sqlite_errorname", "")
        reason = self._reason(error)
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return StoreLocked(f"{self.place} is locked by another program that writes to it; nothing was written.")
        if name.startswith("SQLITE_CANTOPEN"):
            return StoreUnwritable(f"{self.place} cannot be opened for writing: {reason}.")
        if getattr(error, "connection_invalidated", False):
            return StoreUnreachable(f"{self.place} broke off: {reason}.")
        return StoreUnwritable(f"{self.place} cannot be written: {reason}.")

    def _reason(self, error: Exception) -> str:
        """The first line of what the driver says, without the password."""
        cause = getattr(error, "orig", None) or error
        text = next(iter(str(cause).strip().splitlines()), type(cause).__name__).rstrip(".")
        password = self.engine.url.password
        return redact(text.replace(str(password), "***") if password else text)


def open_file(path: Path) -> sqlite3.Connection:
    """A connection that writes into a database file that is there."""
    address = f"file:{quote_from_bytes(os.fsencode(path))}?mode=rw"
    connection = sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA foreign_keys = ON")
    for name, (arity, function) in SQLITE_FUNCTIONS.items():
        connection.create_function(name, arity, function, deterministic=True)
    return connection


def is_collision(error: Exception) -> bool:
    """Whether the same work may succeed when it is done again, after another's is finished."""
    return isinstance(error, IntegrityError) or code_of(error) in COLLISIONS


def code_of(error: Exception) -> str:
    """How a server calls an error."""
    cause: Any = getattr(error, "orig", None)
    arguments = getattr(cause, "args", None) or ("",)
    return str(getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None) or arguments[0])
