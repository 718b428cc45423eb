"""A database of MLflow's that is asked in short readings, each on one unchanging state of it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

import sqlalchemy as sa

from qtui.query.sql import Tables
from qtui.store.sql.connections.address import sqlite_path
from qtui.store.sql.connections.server import Server
from qtui.store.sql.connections.sqlite_file import SqliteFile
from qtui.store.sql.schema.tables import tables_of

T = TypeVar("T")
Row = tuple[Any, ...]


class Source(Protocol):
    """Where a database is, and how to read it without changing it."""

    @property
    def kind(self) -> str:
        """`sqlite`, `postgresql` or `mysql`."""

    @property
    def uri(self) -> str:
        """The address in MLflow's form."""

    @property
    def place(self) -> str:
        """Where it is, as the beginning of a sentence without secrets."""

    def read(self, work: Callable[[sa.Connection], T]) -> T:
        """The result of some work, which may be done more than once, on one unchanging state."""

    def pulse(self) -> Hashable | None:
        """Something that stays equal as long as nothing is written; None where only reading can tell."""

    def close(self) -> None:
        """Give back connections and files."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a database: all its answers are about the same state."""

    connection: sa.Connection
    tables: Tables

    @property
    def kind(self) -> str:
        """The kind of database."""
        return self.tables.kind

    def rows(self, statement: sa.Executable) -> list[Row]:
        """The rows of the answer as plain tuples, since SQLAlchemy's own take several times as long."""
        cursor: Any = self.connection.execute(statement).cursor
        return cast("list[Row]", cursor.fetchall())

    def each(self, statement: sa.Executable) -> Iterator[Row]:
        """The rows of the answer as they come."""
        cursor: Any = self.connection.execute(statement).cursor
        return iter(cursor)


class Database:
    """Reads from a source, whose tables it looks up with every reading, as a migration may change them."""

    def __init__(self, uri: str) -> None:
        path = sqlite_path(uri)
        self.source: Source = Server(uri) if path is None else SqliteFile(path.absolute())
        self.folder = None if path is None else path.absolute().parent
        """The folder that the database lies in, if it is a file."""

    def read(self, work: Callable[[Look], T]) -> T:
        """The result of some work on one unchanging state of the database."""
        kind, place = self.source.kind, self.source.place
        return self.source.read(lambda connection: work(Look(connection, tables_of(connection, kind, place))))
