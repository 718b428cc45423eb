"""A database that may be written: its schema is looked at first, and what MLflow would migrate is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from qtui.errors import MigrationNeeded, StoreNotFound
from qtui.store.sql.connections.database import Look
from qtui.store.sql.connections.writable_database import Target
from qtui.store.sql.schema.create_database import make_file, make_tables, migrate
from qtui.store.sql.schema.revisions import Age, age_of, is_empty, revision_of
from qtui.store.sql.schema.tables import tables_of
from qtui.store.sql.schema.writable_tables import Forms, forms_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """One transaction: what is read and what is written in it."""

    look: Look
    forms: Forms

    @property
    def connection(self) -> sa.Connection:
        """The connection that the transaction is on."""
        return self.look.connection

    @property
    def kind(self) -> str:
        """The kind of database."""
        return self.look.kind


class Session:
    """Writes into a database in the schema that it has."""

    def __init__(self, uri: str, *, allow_migrate: bool, keep_schema: bool) -> None:
        self.target = Target(uri)
        self._allow_migrate = allow_migrate
        self._keep_schema = keep_schema
        self._known: tuple[str, Forms] | None = None

    @property
    def folder(self) -> Path | None:
        """The folder that the database lies in, if it is a file."""
        return self.target.path.parent if self.target.path else None

    def write(self, work: Callable[[Page], T]) -> T:
        """The result of some work, all of which is written or nothing."""
        if self.target.path is not None and not self.target.path.exists():
            raise StoreNotFound(f"There is no database at {self.target.path} yet: its first experiment makes it.")
        try:
            return self.target.write(lambda connection: work(self._page(connection)))
        except MigrationNeeded:
            if not self._allow_migrate:
                raise
        migrate(self.target.uri, self.target.path, self.target.place)
        self._allow_migrate = False
        return self.target.write(lambda connection: work(self._page(connection)))

    def make(self, artifact_root: str) -> None:
        """MLflow's tables, where there is no database or an empty one."""
        if self.target.path is not None:
            if not self.target.path.exists():
                make_file(self.target.path, artifact_root)
        elif self.target.write(is_empty):
            make_tables(self.target.uri, artifact_root)

    def _page(self, connection: sa.Connection) -> Page:
        place = self.target.place
        look = Look(connection, tables_of(connection, self.target.kind, place))
        revision = revision_of(connection)
        if self._known is None or self._known[0] != revision:
            if age_of(revision) is Age.OLDER and not self._keep_schema:
                raise MigrationNeeded(
                    f"{place} was made by an older MLflow than the one that is installed here. Write with "
                    "allow_migrate=True to have it migrated, after which older programs cannot open it any more, "
                    "or with keep_schema=True to leave it as it is."
                )
            self._known = revision, forms_of(connection, place)
        return Page(look, self._known[1])
