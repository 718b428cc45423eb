"""Reading from a database server, in read-only transactions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from qtui.errors import StoreUnreachable, StoreUnreadable
from qtui.store.sql.connections.address import parse_server_url
from qtui.text import redact

T = TypeVar("T")

CONNECT_TIMEOUT_S = 5
STATEMENT_TIMEOUT_S = 60

DRIVER_TIMEOUTS: Mapping[str, Mapping[str, Any]] = {
    "psycopg": {"connect_timeout": CONNECT_TIMEOUT_S},
    "psycopg2": {"connect_timeout": CONNECT_TIMEOUT_S},
    "pg8000": {"timeout": STATEMENT_TIMEOUT_S},
    "pymysql": {
        "connect_timeout": CONNECT_TIMEOUT_S,
        "read_timeout": STATEMENT_TIMEOUT_S,
        "write_timeout": STATEMENT_TIMEOUT_S,
    },
    "mysqldb": {"connect_timeout": CONNECT_TIMEOUT_S, "read_timeout": STATEMENT_TIMEOUT_S},
    "mysqlconnector": {"connection_timeout": CONNECT_TIMEOUT_S},
}
"""The timeout arguments of every driver."""
READ_ONLY_STATEMENTS: Mapping[str, tuple[str, ...]] = {
    "postgresql": (
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
        f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT_S}s'",
    ),
    "mysql": ("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",),
}
"""The statements that begin a read-only transaction on a consistent snapshot."""


class DatabaseServer:
    """A database on a server, with a small connection pool."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        kind, self._url = parse_server_url(uri)
        self.kind = kind.name
        self._closings = 0
        self._lock = Lock()
        self._engine = create_server_engine(self._url)

    @property
    def label(self) -> str:
        """The subject of an error message, without secrets."""
        return f"The database {redact(self.uri)}"

    def read(self, work: Callable[[sa.Connection], T]) -> T:
        """Return the result of `work`, called in a read-only transaction."""
        closings = self._closings
        connection = self._connect()
        try:
            for statement in READ_ONLY_STATEMENTS[self.kind]:
                connection.exec_driver_sql(statement)
            return work(connection)
        except DBAPIError as error:
            reason = driver_message(error, self._url)
            if error.connection_invalidated:
                raise StoreUnreachable(f"{self.label} closed the connection: {reason}.") from None
            raise StoreUnreadable(f"{self.label} cannot be read: {reason}.") from None
        finally:
            self._release(connection, closings)

    def change_token(self) -> None:
        """Return None: a server has to be read to detect changes."""

    def close(self) -> None:
        """Close the connections; those in use are closed when their work is done."""
        with self._lock:
            self._closings += 1
            self._engine.dispose()

    def _connect(self) -> sa.Connection:
        try:
            return self._engine.connect()
        except (DBAPIError, RuntimeError) as error:
            raise StoreUnreachable(f"{self.label} cannot be reached: {driver_message(error, self._url)}.") from None

    def _release(self, connection: sa.Connection, closings: int) -> None:
        """Return a connection to the pool, or close it if its pool was closed since."""
        with self._lock:
            if closings != self._closings and not connection.invalidated:
                connection.detach()
            connection.close()


def create_server_engine(url: sa.URL) -> sa.Engine:
    """Return an engine with timeouts and a small connection pool."""
    return sa.create_engine(
        url,
        connect_args=dict(DRIVER_TIMEOUTS[url.get_driver_name()]),
        pool_pre_ping=True,
        pool_size=4,
        max_overflow=8,
        hide_parameters=True,
    )


def driver_message(error: Exception, url: sa.URL) -> str:
    """Return the first line of a driver's error without the password and the final full stop."""
    cause = getattr(error, "orig", None) or error
    text = next(iter(str(cause).strip().splitlines()), type(cause).__name__).rstrip(".")
    return redact(text.replace(str(url.password), "***") if url.password else text)
