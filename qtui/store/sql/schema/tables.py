"""What a database has of MLflow's tables, in the shape of the newest ones, whatever version wrote it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import BigInteger, Boolean, Float, Integer, Text, TypeEngine

from qtui.errors import StoreUnreadable
from qtui.query.sql import Tables

TEXT, WHOLE, REAL, YES_NO = Text(), BigInteger(), Float(53), Boolean()
Columns = Mapping[str, TypeEngine[Any]]

METRIC: Columns = {
    "run_uuid": TEXT,
    "key": TEXT,
    "value": REAL,
    "timestamp": WHOLE,
    "step": WHOLE,
    "is_nan": YES_NO,
}
VALUE: Columns = {"run_uuid": TEXT, "key": TEXT, "value": TEXT}
SHAPES: Mapping[str, Columns] = {
    "experiments": {
        "experiment_id": Integer(),
        "name": TEXT,
        "artifact_location": TEXT,
        "lifecycle_stage": TEXT,
        "creation_time": WHOLE,
        "last_update_time": WHOLE,
    },
    "experiment_tags": {"experiment_id": Integer(), "key": TEXT, "value": TEXT},
    "runs": {
        "run_uuid": TEXT,
        "experiment_id": Integer(),
        "name": TEXT,
        "status": TEXT,
        "lifecycle_stage": TEXT,
        "start_time": WHOLE,
        "end_time": WHOLE,
        "deleted_time": WHOLE,
        "artifact_uri": TEXT,
        "user_id": TEXT,
    },
    "params": VALUE,
    "tags": VALUE,
    "metrics": METRIC,
    "latest_metrics": METRIC,
    "inputs": {
        "input_uuid": TEXT,
        "source_type": TEXT,
        "source_id": TEXT,
        "destination_type": TEXT,
        "destination_id": TEXT,
    },
    "input_tags": {"input_uuid": TEXT, "name": TEXT, "value": TEXT},
    "datasets": {
        "dataset_uuid": TEXT,
        "name": TEXT,
        "digest": TEXT,
        "dataset_source_type": TEXT,
        "dataset_source": TEXT,
        "dataset_schema": TEXT,
        "dataset_profile": TEXT,
    },
}
"""The tables and columns that are read."""

NEEDED: Mapping[str, frozenset[str]] = {
    "experiments": frozenset({"experiment_id", "name"}),
    "runs": frozenset({"run_uuid", "experiment_id"}),
    "params": frozenset(VALUE),
    "tags": frozenset(VALUE),
    "metrics": frozenset({"run_uuid", "key", "value", "timestamp"}),
}
"""What every database of MLflow has had from the first version on."""

ABSENT: Mapping[str, sa.ColumnElement[Any]] = {"step": sa.literal_column("0", WHOLE), "is_nan": sa.false()}
"""What a value was before there was a column for it, if not nothing."""

CATALOG: Mapping[str, str] = {
    "sqlite": """
        SELECT lower(m.name), lower(c.name) FROM sqlite_master m JOIN pragma_table_info(m.name) c
        WHERE m.type = 'table' AND m.rootpage > 0 AND lower(m.name) IN {names}
    """,
    "postgresql": """
        SELECT c.relname, a.attname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND pg_catalog.pg_table_is_visible(c.oid)
        AND a.attnum > 0 AND NOT a.attisdropped AND c.relname IN {names}
    """,
    "mysql": """
        SELECT lower(table_name), lower(column_name) FROM information_schema.columns
        WHERE table_schema = DATABASE() AND lower(table_name) IN {names}
    """,
}
"""How each kind of database tells its columns."""


def tables_of(connection: sa.Connection, kind: str, place: str) -> Tables:
    """The tables of this database; one without MLflow's is an error that says so."""
    catalog = CATALOG[kind].format(names=tuple(SHAPES))
    present: defaultdict[str, set[str]] = defaultdict(set)
    for table, column in connection.exec_driver_sql(catalog):
        present[table].add(column)
    for table, columns in NEEDED.items():
        if not columns <= present[table]:
            raise StoreUnreadable(f"{place} is no database of MLflow's: {lack(table, columns - present[table])}.")
    return tables_with(kind, frozenset((table, frozenset(columns)) for table, columns in present.items()))


@lru_cache(maxsize=16)
def tables_with(kind: str, columns: frozenset[tuple[str, frozenset[str]]]) -> Tables:
    """The tables of a database that has these."""
    present = dict(columns)
    shaped = {name: shape(name, wanted, present.get(name, frozenset())) for name, wanted in SHAPES.items()}
    if "latest_metrics" not in present:
        shaped["latest_metrics"] = latest_of(shaped["metrics"]).subquery("latest_metrics")
    return Tables(kind=kind, **shaped)


def lack(table: str, columns: set[str] | frozenset[str]) -> str:
    """What a table lacks, in words."""
    if columns == NEEDED[table]:
        return f"it has no table {table}"
    return f"its table {table} has no column {' or '.join(sorted(columns))}"


def shape(name: str, columns: Columns, present: frozenset[str]) -> sa.FromClause:
    """A table with all columns, of which those that are not there hold nothing."""
    table = sa.table(name, *(sa.column(column, kind) for column, kind in columns.items()))
    if present.issuperset(columns):
        return table
    parts = [table.c[each] if each in present else absent(each, kind).label(each) for each, kind in columns.items()]
    chosen = sa.select(*parts).select_from(table) if present else sa.select(*parts).where(sa.false())
    return chosen.subquery(name)


def absent(column: str, kind: TypeEngine[Any]) -> sa.ColumnElement[Any]:
    """What stands in a column that is not there."""
    return ABSENT.get(column, sa.cast(sa.null(), kind))


def latest_of(metrics: sa.FromClause) -> sa.Select[Any]:
    """The latest value of every metric by its history; MLflow keeps a table of them since 1.3."""
    c = metrics.c
    newest = (c.step.desc(), c.timestamp.desc(), c.value.desc())
    rank = sa.func.row_number().over(partition_by=(c.run_uuid, c.key), order_by=newest).label("rank")
    ranked = sa.select(*(c[each] for each in METRIC), rank).subquery("ranked")
    return sa.select(*(ranked.c[each] for each in METRIC)).where(ranked.c.rank == 1)
