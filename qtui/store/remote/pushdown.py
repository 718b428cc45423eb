"""The part of a filter that a server can sort out itself; what it lets through is asked again here."""

from __future__ import annotations

import math
from collections.abc import Mapping

from qtui.query.ast import Aggregate, And, Comparison, Expr, Field, Filter, Kind, Operator

TEXT = frozenset({Operator.EQ, Operator.NE, Operator.LIKE, Operator.ILIKE})
ORDER = frozenset({Operator.EQ, Operator.LT, Operator.LE, Operator.GT, Operator.GE})
"""Not what is unequal to a number: a server over a database takes NaN for 0 there."""

TEXT_ATTRIBUTES = frozenset({"run_id", "run_name", "status", "user_id", "artifact_uri"})
TIME_ATTRIBUTES = frozenset({"start_time", "end_time"})
PREFIXES: Mapping[Kind, str] = {
    Kind.ATTRIBUTE: "attributes",
    Kind.PARAM: "params",
    Kind.METRIC: "metrics",
    Kind.TAG: "tags",
}


def pushed(query: Filter | None) -> str:
    """A filter in MLflow's grammar that every matching run passes; others may pass it, too."""
    if query is None:
        return ""
    parts = query.expr.parts if isinstance(query.expr, And) else (query.expr,)
    return " AND ".join(filter(None, map(comparison, parts)))


def comparison(expr: Expr) -> str:
    """A comparison that every MLflow server of the last years understands as we do; nothing for any other."""
    if not isinstance(expr, Comparison) or not is_plain(expr.field):
        return ""
    field, value = expr.field, expr.value
    if isinstance(value, str):
        known = is_text(field) and expr.operator in TEXT and value.isprintable() and not set(value) & set("'\"\\")
    else:
        known = is_number(field) and expr.operator in ORDER and not isinstance(value, tuple) and math.isfinite(value)
    key = field.key if field.kind is Kind.ATTRIBUTE else f"`{field.key}`"
    return f"{PREFIXES[field.kind]}.{key} {expr.operator} {value!r}" if known else ""


def is_plain(field: Field) -> bool:
    """Whether this is a latest value, under a key that can be quoted."""
    return field.aggregate is Aggregate.LAST and not set(field.key) & set("`\\")


def is_text(field: Field) -> bool:
    """Whether servers compare this field with text."""
    return field.kind in (Kind.PARAM, Kind.TAG) or (field.kind is Kind.ATTRIBUTE and field.key in TEXT_ATTRIBUTES)


def is_number(field: Field) -> bool:
    """Whether servers compare this field with numbers."""
    return field.kind is Kind.METRIC or (field.kind is Kind.ATTRIBUTE and field.key in TIME_ATTRIBUTES)
