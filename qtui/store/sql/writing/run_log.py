"""Inserts and updates of the params, metrics and tags of a run, by MLflow's rules."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

from qtui.entities import RUN_NAME_TAG, RunInfo
from qtui.query.sql import equals
from qtui.store.sql.schema.writable_tables import WritableTable
from qtui.store.sql.writing.transactions import Transaction
from qtui.store.validation import param_conflict
from qtui.store.writer import Batch, Metric

MAX_KEYS_PER_STATEMENT = 500

MetricRow = dict[str, Any]
MetricOrder = tuple[int, int, float]


def log_batch(transaction: Transaction, info: RunInfo, batch: Batch) -> None:
    """Write a batch to a run."""
    log_params(transaction, info, batch.params)
    log_metrics(transaction, info, batch.metrics)
    log_tags(transaction, info, batch.tags)


def log_params(transaction: Transaction, info: RunInfo, params: Mapping[str, str]) -> None:
    """Insert the params that the run does not have yet.

    Raises:
        ParamConflict: The run has a param with another value.
    """
    table = transaction.tables["params"]
    existing = {row.key: row.value for row in select_keys(transaction, table, info, params)}
    for key, value in params.items():
        if existing.get(key, value) != value:
            raise param_conflict(info.run_id, key, existing[key], value)
    rows = ({"run_uuid": info.run_id, "key": key, "value": params[key]} for key in params if key not in existing)
    table.insert(transaction.connection, rows)


def log_tags(transaction: Transaction, info: RunInfo, tags: Mapping[str, str]) -> None:
    """Set tags; the tag of the run name also renames the run."""
    upsert(transaction, transaction.tables["tags"], info, {key: {"value": value} for key, value in tags.items()})
    if RUN_NAME_TAG in tags:
        runs = transaction.tables["runs"]
        of_run = equals(runs.table.c.run_uuid, info.run_id, transaction.kind)
        runs.update(transaction.connection, of_run, name=tags[RUN_NAME_TAG])


def log_metrics(transaction: Transaction, info: RunInfo, metrics: Sequence[Metric]) -> None:
    """Append points, and update the latest point of every metric: the greatest by step, then time, then value."""
    if not metrics:
        return
    table, latest_table = transaction.tables["metrics"], transaction.tables["latest_metrics"]
    rows = [metric_row(info, metric) for metric in metrics]
    insert = INSERT_NEW_POINTS[transaction.kind](table.table)
    transaction.connection.execute(insert, [table.update_values(row) for row in rows])
    latest: dict[str, MetricRow] = {}
    for row in rows:
        current = latest.setdefault(row["key"], row)
        if metric_order(row) > metric_order(current):
            latest[row["key"]] = row
    for existing in select_keys(transaction, latest_table, info, latest):
        if metric_order(latest[existing.key]) <= (existing.step, existing.timestamp, existing.value):
            del latest[existing.key]
    upsert(transaction, latest_table, info, latest)


def metric_row(info: RunInfo, metric: Metric) -> MetricRow:
    """Return the row of a point; NaN is stored as a flag beside zero, infinities as the largest floats."""
    step, timestamp, value = metric.point
    is_nan = math.isnan(value)
    if is_nan:
        value = 0.0
    elif math.isinf(value):
        value = math.copysign(sys.float_info.max, value)
    return {
        "run_uuid": info.run_id,
        "key": metric.key,
        "value": value,
        "timestamp": timestamp,
        "step": step,
        "is_nan": is_nan,
    }


def metric_order(row: MetricRow) -> MetricOrder:
    """Return the sort key by which the latest point is the greatest."""
    return row["step"], row["timestamp"], row["value"]


def upsert(transaction: Transaction, table: WritableTable, info: RunInfo, rows: Mapping[str, MetricRow]) -> None:
    """Insert or update one row per key; `rows` maps keys to the other cells."""
    existing = {row.key for row in select_keys(transaction, table, info, rows)}
    inserts = [{"run_uuid": info.run_id, "key": key, **row} for key, row in rows.items() if key not in existing]
    table.insert(transaction.connection, inserts)
    updates = [
        {"match_run": info.run_id, "match_key": key, **value_cells(table, row)}
        for key, row in rows.items()
        if key in existing
    ]
    if updates:
        c = table.table.c
        statement = table.table.update()
        statement = statement.where(c.run_uuid == sa.bindparam("match_run"), c.key == sa.bindparam("match_key"))
        cells: dict[str, Any] = {column: sa.bindparam(column) for column in updates[0] if column in c}
        transaction.connection.execute(statement.values(cells), updates)


def value_cells(table: WritableTable, row: MetricRow) -> MetricRow:
    """Return the cells of a row without its run ID and key."""
    return {key: value for key, value in table.update_values(row).items() if key not in ("run_uuid", "key")}


def select_keys(
    transaction: Transaction, table: WritableTable, info: RunInfo, keys: Collection[str]
) -> Iterator[sa.Row[Any]]:
    """Yield the existing rows of a run with these keys."""
    c = table.table.c
    remaining = iter(keys)
    while chunk := list(islice(remaining, MAX_KEYS_PER_STATEMENT)):
        statement = sa.select(table.table).where(equals(c.run_uuid, info.run_id, transaction.kind), c.key.in_(chunk))
        # A database that ignores case returns rows with other keys.
        yield from (row for row in transaction.connection.execute(statement).all() if row.key in keys)


INSERT_NEW_POINTS: Mapping[str, Callable[[sa.TableClause], sa.Insert]] = {
    "sqlite": lambda table: sqlite.insert(table).on_conflict_do_nothing(),
    "postgresql": lambda table: postgresql.insert(table).on_conflict_do_nothing(),
    "mysql": lambda table: mysql.insert(table).on_duplicate_key_update(run_uuid=table.c.run_uuid),
}
"""The statement of each kind of database that inserts points and, like MLflow, skips existing ones."""
