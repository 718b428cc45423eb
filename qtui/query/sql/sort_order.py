"""Translation of sort orders to SQL: values, then NaN, then missing values; ties by start time, then by ID."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from qtui.query.ast import Field, FieldKind, OrderBy
from qtui.query.sql.metric_values import select_metric
from qtui.query.sql.tables import Tables, attribute
from qtui.query.sql.text_conditions import Column, by_code_point, equals
from qtui.value_classes import dataclass

TIME_ATTRIBUTES = frozenset({"start_time", "end_time", "duration"})


@dataclass(frozen=True, slots=True)
class SqlOrder:
    """The table of runs joined with the sorted values, and the sort keys."""

    source: sa.FromClause
    keys: tuple[Column, ...]


def translate_order(order_by: Sequence[OrderBy], tables: Tables, now: int) -> SqlOrder:
    """Return the SQL of a sort order; the duration of a running run ends at `now` (Unix ms)."""
    source: sa.FromClause = tables.runs
    keys: list[Column] = []
    for number, key in enumerate(order_by):
        if key.field.kind is FieldKind.ATTRIBUTE:
            value, is_nan = attribute(tables, key.field.key, now), None
            is_text = key.field.key not in TIME_ATTRIBUTES
        else:
            logged = _select_logged(key.field, tables).subquery(f"key_{number}")
            source = source.outerjoin(logged, logged.c.run_uuid == tables.runs.c.run_uuid)
            is_text = key.field.kind is not FieldKind.METRIC
            value, is_nan = logged.c.value, None if is_text else logged.c.is_nan
        keys.append(_null_rank(value, is_nan))
        keys.append(_with_direction(by_code_point(value, tables.kind) if is_text else value, key.ascending))
    start, run_id = tables.runs.c.start_time, tables.runs.c.run_uuid
    return SqlOrder(source, (*keys, _null_rank(start, None), start.desc(), by_code_point(run_id, tables.kind)))


def _select_logged(field: Field, tables: Tables) -> sa.Select[Any]:
    if field.kind is FieldKind.METRIC:
        return select_metric(tables, field)
    c = (tables.params if field.kind is FieldKind.PARAM else tables.tags).c
    return sa.select(c.run_uuid, c.value).where(equals(c.key, field.key, tables.kind))


def _null_rank(value: Column, is_nan: Column | None) -> Column:
    """Return 0 for values, 1 for NaN and 2 for NULL; not every database supports NULLS LAST."""
    nan_second = [] if is_nan is None else [(is_nan == sa.true(), 1)]
    return sa.case((value.is_(None), 2), *nan_second, else_=0)


def _with_direction(value: Column, ascending: bool) -> Column:
    return value.asc() if ascending else value.desc()
