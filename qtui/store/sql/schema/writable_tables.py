"""The tables of a database as they are to be filled: with the columns that they have, whatever version made them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from qtui.errors import MigrationNeeded, StoreUnwritable
from qtui.store.sql.schema.tables import SHAPES, TEXT
from qtui.store.writer import Limits

CONSTANTS: Mapping[str, Mapping[str, object]] = {
    "experiments": {"workspace": "default"},
    "runs": {"source_type": "UNKNOWN", "source_name": "", "source_version": "", "entry_point_name": ""},
}
"""What MLflow writes into columns that nobody reads any more."""

GIVEN = frozenset({"experiment_id"})
"""What a database gives by itself to a new experiment."""

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Form:
    """One table and the lengths of its columns."""

    table: sa.TableClause
    constants: Mapping[str, object]
    lengths: Mapping[str, int]

    def values(self, row: Row) -> dict[str, object]:
        """What is to be written of a row, as far as the table has columns for it."""
        return {key: value for key, value in (*self.constants.items(), *row.items()) if key in self.table.c}

    def insert(self, connection: sa.Connection, rows: Iterable[Row]) -> None:
        """Add rows."""
        filled = [self.values(row) for row in rows]
        if filled:
            connection.execute(self.table.insert(), filled)

    def update(self, connection: sa.Connection, where: sa.ColumnElement[bool], **changes: object) -> None:
        """Change rows, as far as the table has columns for it."""
        connection.execute(self.table.update().where(where).values(self.values_alone(changes)))

    def values_alone(self, row: Row) -> dict[str, object]:
        """What is to be written of a row that is there already."""
        return {key: value for key, value in row.items() if key in self.table.c}


Forms = Mapping[str, Form]
FILLED = ("experiments", "experiment_tags", "runs", "params", "tags", "metrics", "latest_metrics")
OPTIONAL = frozenset({"creation_time", "last_update_time", "deleted_time"})
"""Columns that a database may lack and still keep all that users log."""


def forms_of(connection: sa.Connection, place: str) -> Forms:
    """The tables that are filled; one that needs what we do not know is refused."""
    inspector = sa.inspect(connection)
    present = set(inspector.get_table_names())
    return {name: form_of(name, inspector.get_columns(name) if name in present else [], place) for name in FILLED}


def form_of(name: str, columns: Sequence[Any], place: str) -> Form:
    """One table."""
    constants = CONSTANTS.get(name, {})
    known = {**dict.fromkeys(constants, TEXT), **SHAPES[name]}
    for each in columns:
        needed = not each["nullable"] and each.get("default") is None
        if needed and each["name"] not in known and each["name"] not in GIVEN:
            raise StoreUnwritable(
                f"{place} was made by a newer MLflow: nobody here knows what to write into the column "
                f"{each['name']} of its table {name}."
            )
    lacking = set(SHAPES[name]) - OPTIONAL - {each["name"] for each in columns}
    if lacking:
        raise MigrationNeeded(
            f"{place} was made by an MLflow so old that its table {name} has no {' or '.join(sorted(lacking))}: "
            "it has to be migrated before it is written, with allow_migrate=True."
        )
    types = {each["name"]: each["type"] for each in columns if each["name"] in known}
    table = sa.table(name, *(sa.column(column, known[column]) for column in types))
    lengths = {column: kind.length for column, kind in types.items() if getattr(kind, "length", None)}
    return Form(table, {key: value for key, value in constants.items() if key in types}, lengths)


def limits_of(forms: Forms, limits: Limits) -> Limits:
    """How long names and values may be in a database that keeps to the lengths of its columns."""

    def least(table: str, column: str, longest: int) -> int:
        return min(longest, forms[table].lengths.get(column, longest))

    return replace(
        limits,
        key=min(least(table, "key", limits.key) for table in ("params", "tags", "metrics")),
        param=least("params", "value", limits.param),
        tag=least("tags", "value", limits.tag),
        run_name=least("runs", "name", limits.tag),
        experiment_name=least("experiments", "name", limits.experiment_name),
        experiment_tag=least("experiment_tags", "value", limits.experiment_tag),
        artifact_location=least("experiments", "artifact_location", limits.artifact_location),
    )
