"""The tables that are written, with the columns that the database has, whichever version of MLflow created it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from qtui.errors import MigrationNeeded, StoreUnwritable
from qtui.store.sql.schema.tables import TABLE_COLUMNS, TEXT
from qtui.store.writer import Limits
from qtui.value_classes import dataclass

OBSOLETE_COLUMNS: Mapping[str, Mapping[str, object]] = {
    "experiments": {"workspace": "default"},
    "runs": {"source_type": "UNKNOWN", "source_name": "", "source_version": "", "entry_point_name": ""},
}
"""The constants that MLflow writes into columns that nothing reads."""

GENERATED_COLUMNS = frozenset({"experiment_id"})
"""The columns for which the database generates values."""

CellsByColumn = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class WritableTable:
    """A table with its existing columns and their maximum lengths."""

    table: sa.TableClause
    constants: Mapping[str, object]
    lengths: Mapping[str, int]

    def insert_values(self, row: CellsByColumn) -> dict[str, object]:
        """Return the cells of a new row for the existing columns, including constants."""
        return {key: value for key, value in (*self.constants.items(), *row.items()) if key in self.table.c}

    def update_values(self, row: CellsByColumn) -> dict[str, object]:
        """Return the cells of a row for the existing columns."""
        return {key: value for key, value in row.items() if key in self.table.c}

    def insert(self, connection: sa.Connection, rows: Iterable[CellsByColumn]) -> None:
        values = [self.insert_values(row) for row in rows]
        if values:
            connection.execute(self.table.insert(), values)

    def update(self, connection: sa.Connection, where: sa.ColumnElement[bool], **changes: object) -> None:
        """Update rows; changes to columns that the table lacks are ignored."""
        connection.execute(self.table.update().where(where).values(self.update_values(changes)))


WritableTables = Mapping[str, WritableTable]
WRITTEN_TABLES = ("experiments", "experiment_tags", "runs", "params", "tags", "metrics", "latest_metrics")
OPTIONAL_COLUMNS = frozenset({"creation_time", "last_update_time", "deleted_time"})
"""Columns without which a database still stores everything that users log."""


def load_writable_tables(connection: sa.Connection, label: str) -> WritableTables:
    """Return the tables that are written.

    Raises:
        StoreUnwritable: A column that this version does not know requires a value.
        MigrationNeeded: A table lacks columns that are written.
    """
    inspector = sa.inspect(connection)
    present = set(inspector.get_table_names())
    return {
        name: build_writable_table(name, inspector.get_columns(name) if name in present else [], label)
        for name in WRITTEN_TABLES
    }


def build_writable_table(name: str, columns: Sequence[Any], label: str) -> WritableTable:
    """Return one table with these columns, as SQLAlchemy's inspector describes them."""
    constants = OBSOLETE_COLUMNS.get(name, {})
    supported = {**dict.fromkeys(constants, TEXT), **TABLE_COLUMNS[name]}
    for column in columns:
        is_required = not column["nullable"] and column.get("default") is None
        if is_required and column["name"] not in supported and column["name"] not in GENERATED_COLUMNS:
            raise StoreUnwritable(
                f"{label} has an unsupported MLflow schema: column {name}.{column['name']} is required and unknown to "
                "this version of qtui. Upgrade qtui to write to it."
            )
    missing = set(TABLE_COLUMNS[name]) - OPTIONAL_COLUMNS - {column["name"] for column in columns}
    if missing:
        raise MigrationNeeded(
            f"{label} was created by an old MLflow: table {name} has no {' or '.join(sorted(missing))}. "
            "Migrate the database with allow_migrate=True to write to it."
        )
    types = {column["name"]: column["type"] for column in columns if column["name"] in supported}
    table = sa.table(name, *(sa.column(column, supported[column]) for column in types))
    lengths = {column: kind.length for column, kind in types.items() if getattr(kind, "length", None)}
    return WritableTable(table, {key: value for key, value in constants.items() if key in types}, lengths)


def column_limits(tables: WritableTables, limits: Limits) -> Limits:
    """Return the limits lowered to the lengths of the columns."""

    def shorter(table: str, column: str, limit: int) -> int:
        return min(limit, tables[table].lengths.get(column, limit))

    return replace(
        limits,
        key=min(shorter(table, "key", limits.key) for table in ("params", "tags", "metrics")),
        param=shorter("params", "value", limits.param),
        tag=shorter("tags", "value", limits.tag),
        run_name=shorter("runs", "name", limits.tag),
        experiment_name=shorter("experiments", "name", limits.experiment_name),
        experiment_tag=shorter("experiment_tags", "value", limits.experiment_tag),
        artifact_location=shorter("experiments", "artifact_location", limits.artifact_location),
    )
