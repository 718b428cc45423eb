"""A metric's value in every run: its latest, or the first, the least or the greatest of its history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import sqlalchemy as sa

from qtui.query.ast import Aggregate, Field
from qtui.query.direction import higher_is_better
from qtui.query.sql.tables import Tables
from qtui.query.sql.texts import same

Aggregator: TypeAlias = Callable[[Tables, str], sa.Select[Any]]
LARGEST = 1.7976931348623157e308
"""What MLflow writes for infinity, as not every database can hold one."""
COLUMNS = ("run_uuid", "value", "is_nan")


def metric(tables: Tables, field: Field) -> sa.Select[Any]:
    """One row for every run that has a value: its id, the value, and whether it is NaN."""
    aggregate = field.aggregate
    if aggregate is Aggregate.BEST:
        aggregate = Aggregate.MAX if higher_is_better(field.key) else Aggregate.MIN
    return _AGGREGATES[aggregate](tables, field.key)


def _last(tables: Tables, key: str) -> sa.Select[Any]:
    c = tables.latest_metrics.c
    return sa.select(*(c[each] for each in COLUMNS)).where(same(c.key, key, tables.kind))


def _first(tables: Tables, key: str) -> sa.Select[Any]:
    c = tables.metrics.c
    in_order = (c.timestamp, c.step, c.value, c.is_nan)
    place = sa.func.row_number().over(partition_by=c.run_uuid, order_by=in_order).label("place")
    points = sa.select(*(c[each] for each in COLUMNS), place).where(same(c.key, key, tables.kind)).subquery()
    return sa.select(*(points.c[each] for each in COLUMNS)).where(points.c.place == 1)


def _extreme(function: Callable[[sa.ColumnElement[Any]], sa.ColumnElement[Any]]) -> Aggregator:
    def extreme(tables: Tables, key: str) -> sa.Select[Any]:
        c = tables.metrics.c
        columns = (c.run_uuid, function(c.value).label("value"), sa.false().label("is_nan"))
        numbers = sa.and_(same(c.key, key, tables.kind), c.is_nan == sa.false())
        return sa.select(*columns).where(numbers).group_by(c.run_uuid)

    return extreme


_AGGREGATES: Mapping[Aggregate, Aggregator] = {
    Aggregate.LAST: _last,
    Aggregate.FIRST: _first,
    Aggregate.MIN: _extreme(sa.func.min),
    Aggregate.MAX: _extreme(sa.func.max),
}
