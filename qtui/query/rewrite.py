"""A filter with other fields in the place of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from qtui.query.ast import And, Comparison, Expr, Field, Filter, IsNull, Not, Or

Change = Callable[[Field], Field]


def with_fields(query: Filter, change: Change) -> Filter:
    """The filter that asks of each field's replacement what was asked of the field."""
    return replace(query, expr=_changed(query.expr, change))


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
