"""Reads a database that a server holds, in transactions that the server itself keeps from writing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from qtui.errors import StoreUnreachable, StoreUnreadable
from qtui.store.sql.connections.address import server_url
from qtui.text import redact

T = TypeVar("T")

CONNECT_SECONDS = 5
ANSWER_SECONDS = 60
"""How long one statement may take."""

TIMEOUTS: Mapping[str, Mapping[str, Any]] = {
    "psycopg": {"connect_timeout": CONNECT_SECONDS},
    "psycopg2": {"connect_timeout": CONNECT_SECONDS},
    "pg8000": {"timeout": ANSWER_SECONDS},
    "pymysql": {"connect_timeout": CONNECT_SECONDS, "read_timeout": ANSWER_SECONDS, "write_timeout": ANSWER_SECONDS},
    "mysqldb": {"connect_timeout": CONNECT_SECONDS, "read_timeout": ANSWER_SECONDS},
    "mysqlconnector": {"connection_timeout": CONNECT_SECONDS},
}
"""What each driver calls the time that a server has."""
READ_ONLY: Mapping[str, tuple[str, ...]] = {
    "postgresql": (
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
        f"SET LOCAL statement_timeout = '{ANSWER_SECONDS}s'",
    ),
    "mysql": ("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",),
}
"""What makes a transaction see one state, and lets it change none."""


class Server:
    """A database on a server, with a few connections that are kept for the next question."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        kind, self._url = server_url(uri)
        self.kind = kind.name
        self._closings = 0
        self._lock = Lock()
        self._engine = engine_of(self._url)

    @property
    def place(self) -> str:
        """Where it is, as the beginning of a sentence without secrets."""
        return f"The database {redact(self.uri)}"

    def read(self, work: Callable[[sa.Connection], T]) -> T:
        """The result of some work on one unchanging state of the database."""
        closings = self._closings
        connection = self._connect()
        try:
            for statement in READ_ONLY[self.kind]:
                connection.exec_driver_sql(statement)
            return work(connection)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise StoreUnreachable(f"{self.place} broke off: {self._reason(error)}") from None
            raise StoreUnreadable(f"{self.place} cannot be read: {self._reason(error)}") from None
        finally:
            self._give_back(connection, closings)

    def pulse(self) -> None:
        """A server tells only by being read."""

    def close(self) -> None:
        """Give back the connections; those at work are closed when they are done."""
        with self._lock:
            self._closings += 1
            self._engine.dispose()

    def _connect(self) -> sa.Connection:
        try:
            return self._engine.connect()
        except (DBAPIError, RuntimeError) as error:
            raise StoreUnreachable(f"{self.place} cannot be reached: {self._reason(error)}") from None

    def _give_back(self, connection: sa.Connection, closings: int) -> None:
        """A connection from before the store was closed has no pool any more to go back to."""
        with self._lock:
            if closings != self._closings and not connection.invalidated:
                connection.detach()
            connection.close()

    def _reason(self, error: Exception) -> str:
        """The first line of what the driver says, without the password."""
        cause = getattr(error, "orig", None) or error
        text = next(iter(str(cause).strip().splitlines()), type(cause).__name__)
        return redact(text.replace(str(self._url.password), "***") if self._url.password else text)


def engine_of(url: sa.URL) -> sa.Engine:
    """What connects to a server, with deadlines, and keeps a few connections."""
    return sa.create_engine(
        url,
        connect_args=dict(TIMEOUTS[url.get_driver_name()]),
        pool_pre_ping=True,
        pool_size=4,
        max_overflow=8,
        hide_parameters=True,
    )
