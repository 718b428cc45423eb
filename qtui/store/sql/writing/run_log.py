"""Puts a batch of values into a run's rows, by MLflow's rules."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

from qtui.entities import RUN_NAME_TAG, RunInfo
from qtui.errors import ParamConflict
from qtui.query.sql import same
from qtui.store.sql.schema.writable_tables import Form, Forms
from qtui.store.validation import quote
from qtui.store.writer import Batch, Metric

AT_A_TIME = 500
"""How many keys are named in one statement."""

MetricRow = dict[str, Any]
Order = tuple[int, int, float]


def log(connection: sa.Connection, forms: Forms, kind: str, info: RunInfo, batch: Batch) -> None:
    """Put a batch into the rows of a run."""
    log_params(connection, forms["params"], kind, info, batch.params)
    log_metrics(connection, forms, kind, info, batch.metrics)
    log_tags(connection, forms, kind, info, batch.tags)


def log_params(connection: sa.Connection, form: Form, kind: str, info: RunInfo, params: Mapping[str, str]) -> None:
    """Add the params that the run does not have yet."""
    former = {row.key: row.value for row in rows_of(connection, form, kind, info, params)}
    for key, value in params.items():
        if former.get(key, value) != value:
            raise ParamConflict(
                f"The param {quote(key)} of the run {info.run_id} is already {quote(former[key])} "
                f"and cannot be changed to {quote(value)}."
            )
    new = {key: value for key, value in params.items() if key not in former}
    form.insert(connection, ({"run_uuid": info.run_id, "key": key, "value": value} for key, value in new.items()))


def log_tags(connection: sa.Connection, forms: Forms, kind: str, info: RunInfo, tags: Mapping[str, str]) -> None:
    """Set tags, of which MLflow's names the run as well."""
    put(connection, forms["tags"], kind, info, {key: {"value": value} for key, value in tags.items()})
    if RUN_NAME_TAG in tags:
        runs = forms["runs"]
        runs.update(connection, same(runs.table.c.run_uuid, info.run_id, kind), name=tags[RUN_NAME_TAG])


def log_metrics(connection: sa.Connection, forms: Forms, kind: str, info: RunInfo, metrics: Sequence[Metric]) -> None:
    """Append points, and keep the greatest of every metric apart, by step, then time, then value."""
    if not metrics:
        return
    form = forms["metrics"]
    rows = [row_of(info, metric) for metric in metrics]
    connection.execute(ADDING[kind](form.table), [form.values_alone(row) for row in rows])
    latest: dict[str, MetricRow] = {}
    for row in rows:
        best = latest.setdefault(row["key"], row)
        if place_of(row) > place_of(best):
            latest[row["key"]] = row
    for former in rows_of(connection, forms["latest_metrics"], kind, info, latest):
        if place_of(latest[former.key]) <= (former.step, former.timestamp, former.value):
            del latest[former.key]
    put(connection, forms["latest_metrics"], kind, info, latest)


def row_of(info: RunInfo, metric: Metric) -> MetricRow:
    """A point as databases hold it: NaN beside a zero, the infinities as the greatest numbers."""
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


def place_of(row: MetricRow) -> Order:
    """What decides which point is the latest."""
    return row["step"], row["timestamp"], row["value"]


def put(connection: sa.Connection, form: Form, kind: str, info: RunInfo, rows: Mapping[str, MetricRow]) -> None:
    """Write one row for every key, where there is one or where there is none."""
    there = {row.key for row in rows_of(connection, form, kind, info, rows)}
    new = [{"run_uuid": info.run_id, "key": key, **row} for key, row in rows.items() if key not in there]
    form.insert(connection, new)
    changed = [{"of_run": info.run_id, "of_key": key, **own(form, row)} for key, row in rows.items() if key in there]
    if changed:
        c = form.table.c
        statement = form.table.update().where(c.run_uuid == sa.bindparam("of_run"), c.key == sa.bindparam("of_key"))
        fields: dict[str, Any] = {each: sa.bindparam(each) for each in changed[0] if each in c}
        connection.execute(statement.values(fields), changed)


def own(form: Form, row: MetricRow) -> MetricRow:
    """The fields of a row that do not say whose it is."""
    return {key: value for key, value in form.values_alone(row).items() if key not in ("run_uuid", "key")}


def rows_of(
    connection: sa.Connection, form: Form, kind: str, info: RunInfo, keys: Collection[str]
) -> Iterator[sa.Row[Any]]:
    """The rows that a run has for these keys."""
    names = iter(keys)
    while some := list(islice(names, AT_A_TIME)):
        c = form.table.c
        found = sa.select(form.table).where(same(c.run_uuid, info.run_id, kind), c.key.in_(some))
        # A database that ignores case finds more than was asked for.
        yield from (row for row in connection.execute(found).all() if row.key in keys)


def _adding_in_sqlite(table: sa.TableClause) -> sa.Insert:
    return sqlite.insert(table).on_conflict_do_nothing()


def _adding_in_postgresql(table: sa.TableClause) -> sa.Insert:
    return postgresql.insert(table).on_conflict_do_nothing()


def _adding_in_mysql(table: sa.TableClause) -> sa.Insert:
    return mysql.insert(table).on_duplicate_key_update(run_uuid=table.c.run_uuid)


ADDING: Mapping[str, Callable[[sa.TableClause], sa.Insert]] = {
    "sqlite": _adding_in_sqlite,
    "postgresql": _adding_in_postgresql,
    "mysql": _adding_in_mysql,
}
"""How each kind of database adds points and passes over those that it has already, as MLflow does."""
