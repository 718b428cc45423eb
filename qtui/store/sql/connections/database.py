"""A database of MLflow's, read in short transactions, each on a consistent snapshot."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Hashable, Iterator
from typing import Any, Protocol, TypeVar, cast

import sqlalchemy as sa

from qtui.query.sql import Tables
from qtui.store.sql.connections.address import sqlite_path
from qtui.store.sql.connections.server import DatabaseServer
from qtui.store.sql.connections.sqlite_file import SqliteFile
from qtui.store.sql.schema.tables import load_tables
from qtui.value_classes import dataclass

T = TypeVar("T")
Row = tuple[Any, ...]


class DatabaseSource(Protocol):
    """A database that can be read without changing it."""

    @property
    def kind(self) -> str:
        """`sqlite`, `postgresql` or `mysql`."""

    @property
    def uri(self) -> str:
        """The address in MLflow's form."""

    @property
    def label(self) -> str:
        """The subject of an error message, without secrets."""

    def read(self, work: Callable[[sa.Connection], T]) -> T:
        """Return the result of `work`, called on a consistent snapshot; it may be called more than once."""

    def change_token(self) -> Hashable | None:
        """Return a value that is equal while nothing is written, None where only reading can tell."""

    def close(self) -> None:
        """Close connections and files."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A connection in a transaction: all statements see the same state of the database."""

    connection: sa.Connection
    tables: Tables

    @property
    def kind(self) -> str:
        """The kind of database."""
        return self.tables.kind

    @property
    def sqlite_connection(self) -> sqlite3.Connection | None:
        """The connection to an sqlite file; None for a server, or if texts are decoded leniently."""
        connection: Any = self.connection.connection.driver_connection
        return connection if self.kind == "sqlite" and connection.text_factory is str else None

    def rows(self, statement: sa.Executable) -> list[Row]:
        """Return all rows as plain tuples; SQLAlchemy's own rows take several times as long."""
        cursor: Any = self.connection.execute(statement).cursor
        return cast("list[Row]", cursor.fetchall())

    def stream(self, statement: sa.Executable) -> Iterator[Row]:
        """Yield the rows as they arrive."""
        cursor: Any = self.connection.execute(statement).cursor
        return iter(cursor)


class Database:
    """A readable database; its tables are looked up for every snapshot, because a migration may change them."""

    def __init__(self, uri: str) -> None:
        path = sqlite_path(uri)
        self.source: DatabaseSource = DatabaseServer(uri) if path is None else SqliteFile(path.absolute())
        self.folder = None if path is None else path.absolute().parent
        """The folder of the database, if it is a file."""

    def read(self, work: Callable[[Snapshot], T]) -> T:
        """Return the result of `work`, called on a snapshot of the database."""
        kind, label = self.source.kind, self.source.label
        return self.source.read(lambda connection: work(Snapshot(connection, load_tables(connection, kind, label))))
