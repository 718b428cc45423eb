"""Write transactions, which keep the schema of the database and refuse one that MLflow would migrate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from qtui.errors import MigrationNeeded, StoreNotFound
from qtui.store.sql.connections.database import Snapshot
from qtui.store.sql.connections.writable_database import WritableDatabase
from qtui.store.sql.schema.create_database import create_sqlite_file, create_tables, migrate
from qtui.store.sql.schema.revisions import SchemaAge, is_empty, read_revision, schema_age
from qtui.store.sql.schema.tables import load_tables
from qtui.store.sql.schema.writable_tables import WritableTables, load_writable_tables
from qtui.value_classes import dataclass

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Transaction:
    """One write transaction: a snapshot to read from, and the tables to write to."""

    snapshot: Snapshot
    tables: WritableTables

    @property
    def connection(self) -> sa.Connection:
        """The connection of the transaction."""
        return self.snapshot.connection

    @property
    def kind(self) -> str:
        """The kind of database."""
        return self.snapshot.kind


class TransactionRunner:
    """Runner of write transactions in the schema that the database has."""

    def __init__(self, uri: str, *, allow_migrate: bool, keep_schema: bool) -> None:
        self.database = WritableDatabase(uri)
        self._allow_migrate = allow_migrate
        self._keep_schema = keep_schema
        self._tables_by_revision: tuple[str, WritableTables] | None = None

    @property
    def folder(self) -> Path | None:
        """The folder of the database, if it is a file."""
        return self.database.path.parent if self.database.path else None

    def run(self, work: Callable[[Transaction], T]) -> T:
        """Return the result of `work`, called in one transaction; migrate the database before if that is allowed.

        Raises:
            StoreNotFound: The database does not exist.
            MigrationNeeded: An older MLflow created the database.
        """
        if self.database.path is not None and not self.database.path.exists():
            raise StoreNotFound(f"There is no database at {self.database.path}. Create an experiment to create it.")
        try:
            return self.database.write(lambda connection: work(self._begin(connection)))
        except MigrationNeeded:
            if not self._allow_migrate:
                raise
        migrate(self.database.uri, self.database.path, self.database.label)
        self._allow_migrate = False
        return self.database.write(lambda connection: work(self._begin(connection)))

    def create_database(self, artifact_root: str) -> None:
        """Create the database, or MLflow's tables in an empty one, unless they exist."""
        if self.database.path is not None and not self.database.path.exists():
            create_sqlite_file(self.database.path, artifact_root)
        elif self.database.write(is_empty):
            create_tables(self.database.uri, artifact_root)

    def _begin(self, connection: sa.Connection) -> Transaction:
        label = self.database.label
        snapshot = Snapshot(connection, load_tables(connection, self.database.kind, label))
        revision = read_revision(connection)
        if self._tables_by_revision is None or self._tables_by_revision[0] != revision:
            if schema_age(revision) is SchemaAge.OLDER and not self._keep_schema:
                raise MigrationNeeded(
                    f"{label} was created by an older MLflow than the installed one. Write with allow_migrate=True to "
                    "migrate it (older programs can then no longer open it), or with keep_schema=True to keep its "
                    "schema."
                )
            self._tables_by_revision = revision, load_writable_tables(connection, label)
        return Transaction(snapshot, self._tables_by_revision[1])
