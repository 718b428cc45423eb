"""Translate the part of a query that a server can evaluate itself; the result is a superset of the matching runs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from qtui.query.ast import Aggregate, And, Comparison, Expr, Field, FieldKind, Filter, Operator, OrderBy

TEXT_OPERATORS = frozenset({Operator.EQ, Operator.NE, Operator.LIKE, Operator.ILIKE})
NUMBER_OPERATORS = frozenset({Operator.EQ, Operator.LT, Operator.LE, Operator.GT, Operator.GE})
"""Without `!=`: a server with a database compares NaN as 0."""

TEXT_ATTRIBUTES = frozenset({"run_id", "run_name", "status", "user_id", "artifact_uri"})
TIME_ATTRIBUTES = frozenset({"start_time", "end_time"})
PREFIXES: Mapping[FieldKind, str] = {
    FieldKind.ATTRIBUTE: "attributes",
    FieldKind.PARAM: "params",
    FieldKind.METRIC: "metrics",
    FieldKind.TAG: "tags",
}


class ServerFilter(NamedTuple):
    """A filter in MLflow's grammar that every matching run passes."""

    text: str
    is_exact: bool
    """Whether it expresses the whole filter, so that no other run passes it."""


def push_filter(run_filter: Filter | None) -> ServerFilter:
    """Return the part of a filter that a server evaluates as we do."""
    if run_filter is None:
        return ServerFilter("", is_exact=True)
    parts = run_filter.expr.parts if isinstance(run_filter.expr, And) else (run_filter.expr,)
    comparisons = [push_comparison(part) for part in parts]
    pushed = [comparison for comparison in comparisons if comparison is not None]
    return ServerFilter(" AND ".join(pushed), is_exact=len(pushed) == len(parts))


def push_comparison(expr: Expr) -> str | None:
    """Return a comparison that every MLflow server since 2.0 evaluates as we do, or None."""
    if not isinstance(expr, Comparison) or not is_pushable(expr.field):
        return None
    field, operator, value = expr.field, expr.operator, expr.value
    if isinstance(value, str):
        is_pushed = (
            is_text(field) and operator in TEXT_OPERATORS and value.isprintable() and not set(value) & {*"'\"\\"}
        )
    else:
        is_pushed = (
            is_number(field) and operator in NUMBER_OPERATORS and not isinstance(value, tuple) and math.isfinite(value)
        )
    key = field.key if field.kind is FieldKind.ATTRIBUTE else f"`{field.key}`"
    return f"{PREFIXES[field.kind]}.{key} {operator} {value!r}" if is_pushed else None


def push_order(order_by: Sequence[OrderBy]) -> list[str] | None:
    """Return an order in MLflow's grammar, or None when a server may not sort in this order as we do.

    Servers and we break ties by start time, newest first, and by run ID. Only times are pushed: the order of texts
    depends on the collation of a server's database, and that of metrics on its version.
    """
    if not all(is_time(key.field) for key in order_by):
        return None
    return [f"attributes.{key.field.key} {'ASC' if key.ascending else 'DESC'}" for key in order_by]


def is_pushable(field: Field) -> bool:
    """Return whether a field is a latest value whose key can be quoted in MLflow's grammar."""
    return field.aggregate is Aggregate.LAST and not set(field.key) & {*"`\\"}


def is_text(field: Field) -> bool:
    """Return whether servers compare this field with text."""
    return field.kind in (FieldKind.PARAM, FieldKind.TAG) or (
        field.kind is FieldKind.ATTRIBUTE and field.key in TEXT_ATTRIBUTES
    )


def is_number(field: Field) -> bool:
    """Return whether servers compare this field with numbers."""
    return field.kind is FieldKind.METRIC or is_time(field)


def is_time(field: Field) -> bool:
    """Return whether a field is a time of the run."""
    return field.kind is FieldKind.ATTRIBUTE and field.key in TIME_ATTRIBUTES
