"""The part of a filter that the server can sort out itself; what it lets through is asked again here."""

from __future__ import annotations

import math

from qtui.query import render
from qtui.query.ast import Aggregate, And, Comparison, Expr, Filter, Kind, Operator

EQUALITY = frozenset({Operator.EQ, Operator.NE})
ORDER = EQUALITY | {Operator.LT, Operator.LE, Operator.GT, Operator.GE}
TEXT = EQUALITY | {Operator.LIKE, Operator.ILIKE}
TEXT_ATTRIBUTES = frozenset({"run_id", "run_name", "status", "user_id", "artifact_uri"})
TIME_ATTRIBUTES = frozenset({"start_time", "end_time"})


def pushed(query: Filter | None) -> str:
    """A filter in MLflow's grammar that every matching run passes; perhaps others do, too."""
    if query is None:
        return ""
    parts = query.expr.parts if isinstance(query.expr, And) else (query.expr,)
    return " AND ".join(render(Filter(part, query.now)) for part in parts if is_mlflows(part))


def is_mlflows(expr: Expr) -> bool:
    """Whether every MLflow server of the last years understands this, and means the same by it."""
    if not isinstance(expr, Comparison) or expr.field.aggregate is not Aggregate.LAST:
        return False
    field, value = expr.field, expr.value
    if "`" in field.key or "\\" in field.key:
        return False
    if isinstance(value, str):
        plain = "\\" not in value and not ("'" in value and '"' in value)
        textual = field.kind in (Kind.PARAM, Kind.TAG) or field.key in TEXT_ATTRIBUTES
        return plain and textual and expr.operator in TEXT
    if isinstance(value, tuple) or not math.isfinite(value):
        return False
    numeric = field.kind is Kind.METRIC or (field.kind is Kind.ATTRIBUTE and field.key in TIME_ATTRIBUTES)
    return numeric and expr.operator in ORDER
