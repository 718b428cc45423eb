"""Queries for the value of a metric in every run: the latest, first, smallest or largest of its history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import sqlalchemy as sa

from qtui.query.ast import Aggregate, Field
from qtui.query.metric_direction import higher_is_better
from qtui.query.sql.tables import Tables
from qtui.query.sql.text_conditions import equals

Aggregator: TypeAlias = Callable[[Tables, str], sa.Select[Any]]
MAX_FLOAT = 1.7976931348623157e308
"""The number that MLflow stores for infinity, which some databases cannot store."""
COLUMNS = ("run_uuid", "value", "is_nan")


def select_metric(tables: Tables, field: Field) -> sa.Select[Any]:
    """Return a query with one row per run that has the metric: run ID, value, and whether it is NaN."""
    aggregate = field.aggregate
    if aggregate is Aggregate.BEST:
        aggregate = Aggregate.MAX if higher_is_better(field.key) else Aggregate.MIN
    return _AGGREGATES[aggregate](tables, field.key)


def _select_last(tables: Tables, key: str) -> sa.Select[Any]:
    c = tables.latest_metrics.c
    return sa.select(*(c[column] for column in COLUMNS)).where(equals(c.key, key, tables.kind))


def _select_first(tables: Tables, key: str) -> sa.Select[Any]:
    c = tables.metrics.c
    order = (c.timestamp, c.step, c.value, c.is_nan)
    row_number = sa.func.row_number().over(partition_by=c.run_uuid, order_by=order).label("row_number")
    points = sa.select(*(c[column] for column in COLUMNS), row_number).where(equals(c.key, key, tables.kind)).subquery()
    return sa.select(*(points.c[column] for column in COLUMNS)).where(points.c.row_number == 1)


def _select_extreme(function: Callable[[sa.ColumnElement[Any]], sa.ColumnElement[Any]]) -> Aggregator:
    def select(tables: Tables, key: str) -> sa.Select[Any]:
        c = tables.metrics.c
        columns = (c.run_uuid, function(c.value).label("value"), sa.false().label("is_nan"))
        numbers = sa.and_(equals(c.key, key, tables.kind), c.is_nan == sa.false())
        return sa.select(*columns).where(numbers).group_by(c.run_uuid)

    return select


_AGGREGATES: Mapping[Aggregate, Aggregator] = {
    Aggregate.LAST: _select_last,
    Aggregate.FIRST: _select_first,
    Aggregate.MIN: _select_extreme(sa.func.min),
    Aggregate.MAX: _select_extreme(sa.func.max),
}
