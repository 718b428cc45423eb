"""MLflow's tables with the columns of the newest version, whichever version created the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import BigInteger, Boolean, Float, Integer, Text, TypeEngine

from qtui.errors import StoreNotFound, StoreUnreadable
from qtui.query.sql import Tables
from qtui.store.sql.schema.revisions import is_empty

TEXT, BIG_INTEGER, DOUBLE, BOOLEAN = Text(), BigInteger(), Float(53), Boolean()
ColumnTypes = Mapping[str, TypeEngine[Any]]

METRIC_COLUMNS: ColumnTypes = {
    "run_uuid": TEXT,
    "key": TEXT,
    "value": DOUBLE,
    "timestamp": BIG_INTEGER,
    "step": BIG_INTEGER,
    "is_nan": BOOLEAN,
}
KEY_VALUE_COLUMNS: ColumnTypes = {"run_uuid": TEXT, "key": TEXT, "value": TEXT}
TABLE_COLUMNS: Mapping[str, ColumnTypes] = {
    "experiments": {
        "experiment_id": Integer(),
        "name": TEXT,
        "artifact_location": TEXT,
        "lifecycle_stage": TEXT,
        "creation_time": BIG_INTEGER,
        "last_update_time": BIG_INTEGER,
    },
    "experiment_tags": {"experiment_id": Integer(), "key": TEXT, "value": TEXT},
    "runs": {
        "run_uuid": TEXT,
        "experiment_id": Integer(),
        "name": TEXT,
        "status": TEXT,
        "lifecycle_stage": TEXT,
        "start_time": BIG_INTEGER,
        "end_time": BIG_INTEGER,
        "deleted_time": BIG_INTEGER,
        "artifact_uri": TEXT,
        "user_id": TEXT,
    },
    "params": KEY_VALUE_COLUMNS,
    "tags": KEY_VALUE_COLUMNS,
    "metrics": METRIC_COLUMNS,
    "latest_metrics": METRIC_COLUMNS,
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
    "logged_models": {
        "model_id": TEXT,
        "experiment_id": Integer(),
        "name": TEXT,
        "artifact_location": TEXT,
        "creation_timestamp_ms": BIG_INTEGER,
        "status": Integer(),
        "lifecycle_stage": TEXT,
        "model_type": TEXT,
    },
    "logged_model_params": {"model_id": TEXT, "param_key": TEXT, "param_value": TEXT},
    "logged_model_metrics": {
        "model_id": TEXT,
        "metric_name": TEXT,
        "metric_timestamp_ms": BIG_INTEGER,
        "metric_step": BIG_INTEGER,
        "metric_value": DOUBLE,
    },
    "logged_model_tags": {"model_id": TEXT, "tag_key": TEXT, "tag_value": TEXT},
}
"""The tables and columns that qtui reads."""

REQUIRED_COLUMNS: Mapping[str, frozenset[str]] = {
    "experiments": frozenset({"experiment_id", "name"}),
    "runs": frozenset({"run_uuid", "experiment_id"}),
    "params": frozenset(KEY_VALUE_COLUMNS),
    "tags": frozenset(KEY_VALUE_COLUMNS),
    "metrics": frozenset({"run_uuid", "key", "value", "timestamp"}),
}
"""The columns that every version of MLflow has."""

DEFAULT_VALUES: Mapping[str, sa.ColumnElement[Any]] = {
    "step": sa.literal_column("0", BIG_INTEGER),
    "is_nan": sa.false(),
}
"""The values of columns that the database lacks, where these are not NULL."""

CATALOG_QUERIES: Mapping[str, str] = {
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
"""The query for the table and column names in each kind of database."""


def load_tables(connection: sa.Connection, kind: str, label: str) -> Tables:
    """Return the tables of a database.

    Raises:
        StoreNotFound: The database has no tables.
        StoreUnreadable: The database lacks a table or a column that every version of MLflow has.
    """
    catalog = CATALOG_QUERIES[kind].format(names=tuple(TABLE_COLUMNS))
    present: defaultdict[str, set[str]] = defaultdict(set)
    for table, column in connection.exec_driver_sql(catalog):
        present[table].add(column)
    for table, columns in REQUIRED_COLUMNS.items():
        if not columns <= present[table]:
            if is_empty(connection):
                raise StoreNotFound(f"{label} has no tables yet. Create an experiment to create them.")
            raise StoreUnreadable(
                f"{label} is not an MLflow database: {describe_missing(table, columns - present[table])}."
            )
    return build_tables(kind, frozenset((table, frozenset(columns)) for table, columns in present.items()))


@lru_cache(maxsize=16)
def build_tables(kind: str, columns: frozenset[tuple[str, frozenset[str]]]) -> Tables:
    """Return the tables of a database that has these columns."""
    present = dict(columns)
    tables = {name: build_table(name, types, present.get(name, frozenset())) for name, types in TABLE_COLUMNS.items()}
    if "latest_metrics" not in present:
        tables["latest_metrics"] = select_latest_metrics(tables["metrics"]).subquery("latest_metrics")
    return Tables(kind=kind, **tables)


def describe_missing(table: str, columns: set[str] | frozenset[str]) -> str:
    """Return a clause that names the missing table or columns."""
    if columns == REQUIRED_COLUMNS[table]:
        return f"it has no table {table}"
    return f"its table {table} has no column {' or '.join(sorted(columns))}"


def build_table(name: str, columns: ColumnTypes, present: frozenset[str]) -> sa.FromClause:
    """Return a table with all columns; those that the database lacks hold NULL or their default."""
    table = sa.table(name, *(sa.column(column, kind) for column, kind in columns.items()))
    if present.issuperset(columns):
        return table
    cells = [
        table.c[column] if column in present else missing_cell(column, kind).label(column)
        for column, kind in columns.items()
    ]
    statement = sa.select(*cells).select_from(table) if present else sa.select(*cells).where(sa.false())
    return statement.subquery(name)


def missing_cell(column: str, kind: TypeEngine[Any]) -> sa.ColumnElement[Any]:
    """Return the value of a column that the database lacks."""
    return DEFAULT_VALUES.get(column, sa.cast(sa.null(), kind))


def select_latest_metrics(metrics: sa.FromClause) -> sa.Select[Any]:
    """Return a query for the latest value of every metric in its history; MLflow keeps a table of them since 1.3."""
    c = metrics.c
    newest = (c.step.desc(), c.timestamp.desc(), c.value.desc())
    rank = sa.func.row_number().over(partition_by=(c.run_uuid, c.key), order_by=newest).label("rank")
    ranked = sa.select(*(c[column] for column in METRIC_COLUMNS), rank).subquery("ranked")
    return sa.select(*(ranked.c[column] for column in METRIC_COLUMNS)).where(ranked.c.rank == 1)
