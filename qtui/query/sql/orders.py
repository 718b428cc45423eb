"""An order as SQL: values first, then NaN, then what is absent, whichever way; ties by start time, then by id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from qtui.query.ast import Field, Kind, OrderBy
from qtui.query.sql.metrics import metric
from qtui.query.sql.tables import Tables, attribute
from qtui.query.sql.texts import Column, by_code_point, same

TIMES = frozenset({"start_time", "end_time", "duration"})


@dataclass(frozen=True, slots=True)
class Order:
    """The table of runs, joined with what it is sorted by, and the keys of the sort."""

    source: sa.FromClause
    keys: tuple[Column, ...]


def in_order(order_by: Sequence[OrderBy], tables: Tables, now: int) -> Order:
    """The order that these keys mean; `now` (ms) is what a running run's duration is counted to."""
    source: sa.FromClause = tables.runs
    keys: list[Column] = []
    for number, each in enumerate(order_by):
        if each.field.kind is Kind.ATTRIBUTE:
            value, is_nan = attribute(tables, each.field.key, now), None
            is_text = each.field.key not in TIMES
        else:
            logged = _logged(each.field, tables).subquery(f"key_{number}")
            source = source.outerjoin(logged, logged.c.run_uuid == tables.runs.c.run_uuid)
            is_text = each.field.kind is not Kind.METRIC
            value, is_nan = logged.c.value, None if is_text else logged.c.is_nan
        keys.append(_rank(value, is_nan))
        keys.append(_directed(by_code_point(value, tables.kind) if is_text else value, each.ascending))
    start, run_id = tables.runs.c.start_time, tables.runs.c.run_uuid
    return Order(source, (*keys, _rank(start, None), start.desc(), by_code_point(run_id, tables.kind)))


def _logged(field: Field, tables: Tables) -> sa.Select[Any]:
    if field.kind is Kind.METRIC:
        return metric(tables, field)
    c = (tables.params if field.kind is Kind.PARAM else tables.tags).c
    return sa.select(c.run_uuid, c.value).where(same(c.key, field.key, tables.kind))


def _rank(value: Column, is_nan: Column | None) -> Column:
    """Where a value stands before values are compared; not every database can say NULLS LAST."""
    nan_second = [] if is_nan is None else [(is_nan == sa.true(), 1)]
    return sa.case((value.is_(None), 2), *nan_second, else_=0)


def _directed(value: Column, ascending: bool) -> Column:
    return value.asc() if ascending else value.desc()
