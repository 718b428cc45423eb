"""Replacement of fields and comparisons in filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from qtui.query.ast import STALE, And, Comparison, Expr, Field, FieldKind, Filter, IsNull, Not, Operator, Or

FieldMap = Callable[[Field], Field]
_STATUS = Field(FieldKind.ATTRIBUTE, "status")
_RUN_ID = Field(FieldKind.ATTRIBUTE, "run_id")
_LIST_OPERATORS = {
    Operator.EQ: Operator.IN,
    Operator.IN: Operator.IN,
    Operator.NE: Operator.NOT_IN,
    Operator.NOT_IN: Operator.NOT_IN,
}


def with_fields(run_filter: Filter, replacement: FieldMap) -> Filter:
    """Return the filter with every field replaced."""
    return replace(run_filter, expr=_replace_fields(run_filter.expr, replacement))


def asks_for_stale(run_filter: Filter | None) -> bool:
    """Return whether a filter compares the status with STALE."""
    return run_filter is not None and with_stale_runs(run_filter, ()) != run_filter


def with_stale_runs(run_filter: Filter, run_ids: Iterable[str]) -> Filter:
    """Return the filter with the status STALE, which no store has, replaced by these run IDs."""
    return replace(run_filter, expr=_replace_stale(run_filter.expr, tuple(run_ids)))


def _replace_stale(expr: Expr, run_ids: tuple[str, ...]) -> Expr:
    match expr:
        case Comparison(field, operator, value) if field == _STATUS and operator in _LIST_OPERATORS:
            statuses = value if isinstance(value, tuple) else (value,)
            if STALE not in statuses:
                return expr
            ids = Comparison(_RUN_ID, _LIST_OPERATORS[operator], run_ids)
            others = tuple(str(status) for status in statuses if status != STALE)
            if not others:
                return ids
            parts = (Comparison(field, operator, others), ids)
            return Or(parts) if operator is Operator.IN else And(parts)
        case And() | Or():
            return replace(expr, parts=tuple(_replace_stale(part, run_ids) for part in expr.parts))
        case Not():
            return replace(expr, part=_replace_stale(expr.part, run_ids))
        case _:
            return expr


def _replace_fields(expr: Expr, replacement: FieldMap) -> Expr:
    match expr:
        case Comparison() | IsNull():
            return replace(expr, field=replacement(expr.field))
        case And() | Or():
            return replace(expr, parts=tuple(_replace_fields(part, replacement) for part in expr.parts))
        case Not():
            return replace(expr, part=_replace_fields(expr.part, replacement))
        case _:
            return expr
