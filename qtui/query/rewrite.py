"""Filters with other fields, or other comparisons, in the place of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from qtui.query.ast import STALE, And, Comparison, Expr, Field, Filter, IsNull, Kind, Not, Operator, Or

Change = Callable[[Field], Field]
_STATUS = Field(Kind.ATTRIBUTE, "status")
_RUN_ID = Field(Kind.ATTRIBUTE, "run_id")
_MEMBERSHIP = {
    Operator.EQ: Operator.IN,
    Operator.IN: Operator.IN,
    Operator.NE: Operator.NOT_IN,
    Operator.NOT_IN: Operator.NOT_IN,
}


def with_fields(query: Filter, change: Change) -> Filter:
    """The filter that asks of each field's replacement what was asked of the field."""
    return replace(query, expr=_changed(query.expr, change))


def asks_for_stale(query: Filter | None) -> bool:
    """Return whether a filter compares the status with `stale`."""
    return query is not None and with_stale_runs(query, ()) != query


def with_stale_runs(query: Filter, run_ids: Iterable[str]) -> Filter:
    """Return the filter with these run ids in the place of the status `stale`, which no store knows."""
    return replace(query, expr=_with_ids(query.expr, tuple(run_ids)))


def _with_ids(expr: Expr, run_ids: tuple[str, ...]) -> Expr:
    match expr:
        case Comparison(field, operator, value) if field == _STATUS and operator in _MEMBERSHIP:
            statuses = value if isinstance(value, tuple) else (value,)
            if STALE not in statuses:
                return expr
            ids = Comparison(_RUN_ID, _MEMBERSHIP[operator], run_ids)
            others = tuple(str(status) for status in statuses if status != STALE)
            if not others:
                return ids
            parts = (Comparison(field, operator, others), ids)
            return Or(parts) if operator is Operator.IN else And(parts)
        case And() | Or():
            return replace(expr, parts=tuple(_with_ids(part, run_ids) for part in expr.parts))
        case Not():
            return replace(expr, part=_with_ids(expr.part, run_ids))
        case _:
            return expr


def _changed(expr: Expr, change: Change) -> Expr:
    match expr:
        case Comparison() | IsNull():
            return replace(expr, field=change(expr.field))
        case And() | Or():
            return replace(expr, parts=tuple(_changed(part, change) for part in expr.parts))
        case Not():
            return replace(expr, part=_changed(expr.part, change))
        case _:
            return expr
