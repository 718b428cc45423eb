"""Tree -> predicate: a filter compiled into closures, so that a hundred thousand runs are quick to ask."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from qtui.entities import Run
from qtui.query.ast import And, Comparison, Expr, Filter, IsNull, Kind, Not, Operator, Or, Word
from qtui.query.patterns import matcher
from qtui.query.values import getter

Predicate = Callable[[Run], bool]
Test = Callable[[Any], bool]

_COMPARE: Mapping[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQ: operator.eq,
    Operator.NE: operator.ne,
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
    Operator.GT: operator.gt,
    Operator.GE: operator.ge,
}


def predicate(query: Filter) -> Predicate:
    """A function that says whether a run matches."""
    return _compiled(query.expr, query.now)


def number(text: str) -> float | None:
    """The number that a param or tag holds, None when it holds something else, NaN included."""
    try:
        value = float(text)
    except ValueError:
        return None
    return None if math.isnan(value) or "_" in text else value


def _compiled(expr: Expr, now: int) -> Predicate:
    return _COMPILERS[type(expr)](expr, now)


def _comparison(expr: Comparison, now: int) -> Predicate:
    get, test = getter(expr.field, now), value_test(expr)
    if expr.field.kind is Kind.DATASET:
        return lambda run: any(map(test, get(run)))
    return lambda run: (value := get(run)) is not None and test(value)


def value_test(expr: Comparison) -> Test:
    """A function that says whether one value of the field, which is there, compares so."""
    wanted = expr.value
    if isinstance(wanted, tuple):
        among, expected = frozenset(wanted), expr.operator is Operator.IN
        return lambda value: (value in among) is expected
    if (compare := _COMPARE.get(expr.operator)) is None:
        matches, expected = matcher(expr.operator, str(wanted)), expr.operator is not Operator.NOT_MATCH
        return lambda value: (matches(value) is not None) is expected
    if expr.field.kind in (Kind.PARAM, Kind.TAG) and not isinstance(wanted, str):
        return lambda value: (held := number(value)) is not None and compare(held, wanted)
    return lambda value: compare(value, wanted)


def _is_null(expr: IsNull, now: int) -> Predicate:
    get, negated = getter(expr.field, now), expr.negated
    if expr.field.kind is Kind.DATASET:
        return lambda run: bool(get(run)) is negated
    return lambda run: (get(run) is not None) is negated


def _word(expr: Word, now: int) -> Predicate:
    word = expr.text.casefold()

    def matches(run: Run) -> bool:
        params, tags = run.params, run.tags
        texts = (run.info.name, run.info.run_id, *params, *params.values(), *tags, *tags.values())
        # One search in one text is several times quicker than many; the NUL keeps neighbours apart.
        return word in "\0".join(texts).casefold()

    return matches


def _and(expr: And, now: int) -> Predicate:
    return _until(False, [_compiled(part, now) for part in expr.parts])


def _or(expr: Or, now: int) -> Predicate:
    return _until(True, [_compiled(part, now) for part in expr.parts])


def _until(decisive: bool, parts: list[Predicate]) -> Predicate:
    """Ask one part after the other until one decides; a loop takes half the time of all() and any()."""

    def matches(run: Run) -> bool:
        for part in parts:
            if part(run) == decisive:
                return decisive
        return not decisive

    return matches


def _not(expr: Not, now: int) -> Predicate:
    part = _compiled(expr.part, now)
    return lambda run: not part(run)


_COMPILERS: Mapping[type, Callable[[Any, int], Predicate]] = {
    Comparison: _comparison,
    IsNull: _is_null,
    Word: _word,
    And: _and,
    Or: _or,
    Not: _not,
}
