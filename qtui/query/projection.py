"""Selections of the values that are read with runs, and those that a filter and a sort order require."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from typing import Any

from qtui.query.ast import (
    LOGGED_KINDS,
    Aggregate,
    And,
    Comparison,
    Expr,
    Field,
    FieldKind,
    Filter,
    IsNull,
    Not,
    Or,
    OrderBy,
    Word,
)
from qtui.value_classes import dataclass

Keys = frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Projection:
    """The keys of the values to read with runs; None means all keys of a kind."""

    params: Keys = frozenset()
    metrics: Keys = frozenset()
    tags: Keys = frozenset()
    inputs: bool = False
    summaries: Keys = frozenset()
    """Metrics whose whole history is summarized."""

    def union(self, other: Projection) -> Projection:
        """Return the values that either projection selects."""
        return Projection(
            params=_union_keys(self.params, other.params),
            metrics=_union_keys(self.metrics, other.metrics),
            tags=_union_keys(self.tags, other.tags),
            inputs=self.inputs or other.inputs,
            summaries=_union_keys(self.summaries, other.summaries),
        )


NO_VALUES = Projection()
ALL_VALUES = Projection(params=None, metrics=None, tags=None, inputs=True)


def required_values(run_filter: Filter | None, order_by: Iterable[OrderBy] = ()) -> Projection:
    """Return the values that a filter and a sort order require."""
    projections = [_field_values(key.field) for key in order_by]
    if run_filter is not None:
        projections.append(_expr_values(run_filter.expr))
    return reduce(Projection.union, projections, NO_VALUES)


def logged_fields(run_filter: Filter | None, order_by: Iterable[OrderBy] = ()) -> tuple[Field, ...]:
    """Return the distinct metrics, params and tags in a filter and a sort order, without aggregates."""
    fields = (*(() if run_filter is None else _fields(run_filter.expr)), *(key.field for key in order_by))
    return tuple(dict.fromkeys(Field(field.kind, field.key) for field in fields if field.kind in LOGGED_KINDS))


def _fields(expr: Expr) -> Iterator[Field]:
    match expr:
        case Comparison() | IsNull():
            yield expr.field
        case And() | Or():
            for part in expr.parts:
                yield from _fields(part)
        case Not():
            yield from _fields(expr.part)
        case Word():
            pass


def _union_keys(one: Keys, other: Keys) -> Keys:
    return None if one is None or other is None else one | other


def _expr_values(expr: Expr) -> Projection:
    return _BY_EXPR[type(expr)](expr)


def _parts_values(expr: And | Or) -> Projection:
    return reduce(Projection.union, map(_expr_values, expr.parts), NO_VALUES)


def _field_values(field: Field) -> Projection:
    if field.kind is FieldKind.METRIC and field.aggregate is not Aggregate.LAST:
        return Projection(summaries=frozenset({field.key}))
    return _BY_KIND[field.kind](frozenset({field.key}))


_BY_KIND: Mapping[FieldKind, Callable[[frozenset[str]], Projection]] = {
    FieldKind.ATTRIBUTE: lambda keys: NO_VALUES,
    FieldKind.PARAM: lambda keys: Projection(params=keys),
    FieldKind.METRIC: lambda keys: Projection(metrics=keys),
    FieldKind.TAG: lambda keys: Projection(tags=keys),
    FieldKind.DATASET: lambda keys: Projection(inputs=True),
}
_BY_EXPR: Mapping[type, Callable[[Any], Projection]] = {
    Comparison: lambda expr: _field_values(expr.field),
    IsNull: lambda expr: _field_values(expr.field),
    Word: lambda expr: Projection(params=None, tags=None),
    Not: lambda expr: _expr_values(expr.part),
    And: _parts_values,
    Or: _parts_values,
}
