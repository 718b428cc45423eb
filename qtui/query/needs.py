"""The values of runs that a filter and a sort order need."""

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
    Filter,
    IsNull,
    Kind,
    Not,
    Or,
    OrderBy,
    Word,
)
from qtui.query.wanted import NOTHING, Wanted

Keys = frozenset[str] | None


def needed(query: Filter | None, order_by: Iterable[OrderBy] = ()) -> Wanted:
    """Return the values that a filter and a sort order need."""
    wants = [_of_field(each.field) for each in order_by]
    if query is not None:
        wants.append(_of(query.expr))
    return reduce(union, wants, NOTHING)


def logged_fields(query: Filter | None, order_by: Iterable[OrderBy] = ()) -> tuple[Field, ...]:
    """Return the distinct metrics, params and tags in a filter and a sort order, without aggregates."""
    fields = (*(() if query is None else _fields(query.expr)), *(key.field for key in order_by))
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


def union(one: Wanted, other: Wanted) -> Wanted:
    """Return the values that either selects."""
    return Wanted(
        params=_keys(one.params, other.params),
        metrics=_keys(one.metrics, other.metrics),
        tags=_keys(one.tags, other.tags),
        inputs=one.inputs or other.inputs,
        summaries=_keys(one.summaries, other.summaries),
    )


def _keys(one: Keys, other: Keys) -> Keys:
    return None if one is None or other is None else one | other


def _of(expr: Expr) -> Wanted:
    return _PARTS[type(expr)](expr)


def _of_parts(expr: And | Or) -> Wanted:
    return reduce(union, map(_of, expr.parts), NOTHING)


def _of_field(field: Field) -> Wanted:
    if field.kind is Kind.METRIC and field.aggregate is not Aggregate.LAST:
        return Wanted(summaries=frozenset({field.key}))
    return _KINDS[field.kind](frozenset({field.key}))


_KINDS: Mapping[Kind, Callable[[frozenset[str]], Wanted]] = {
    Kind.ATTRIBUTE: lambda keys: NOTHING,
    Kind.PARAM: lambda keys: Wanted(params=keys),
    Kind.METRIC: lambda keys: Wanted(metrics=keys),
    Kind.TAG: lambda keys: Wanted(tags=keys),
    Kind.DATASET: lambda keys: Wanted(inputs=True),
}
_PARTS: Mapping[type, Callable[[Any], Wanted]] = {
    Comparison: lambda expr: _of_field(expr.field),
    IsNull: lambda expr: _of_field(expr.field),
    Word: lambda expr: Wanted(params=None, tags=None),
    Not: lambda expr: _of(expr.part),
    And: _of_parts,
    Or: _of_parts,
}
