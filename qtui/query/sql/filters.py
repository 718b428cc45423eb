"""Tree -> condition: what the predicate would say of a run, said by the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

import sqlalchemy as sa

from qtui.query.ast import And, Comparison, Expr, Filter, IsNull, Kind, Not, Operator, Or, Word
from qtui.query.sql.dialects import ANYTHING, COMPARE, DIALECTS, Clause
from qtui.query.sql.metrics import LARGEST, metric
from qtui.query.sql.tables import Tables, attribute
from qtui.query.sql.texts import Column, same
from qtui.query.values import CONTEXT_TAG

LARGEST_WHOLE = 2**63 - 1

Translator: TypeAlias = Callable[[Any, Tables, int], Clause]


def translate(query: Filter, tables: Tables) -> Clause:
    """The condition on the table of runs that a filter means; it is true or false, never null."""
    return _translated(query.expr, tables, query.now)


def _translated(expr: Expr, tables: Tables, now: int) -> Clause:
    return _TRANSLATORS[type(expr)](expr, tables, now)


def _comparison(expr: Comparison, tables: Tables, now: int) -> Clause:
    if not _is_sayable(expr.value):
        return ANYTHING
    return _COMPARISONS[expr.field.kind](expr, tables, now)


def _attribute(expr: Comparison, tables: Tables, now: int) -> Clause:
    where, exact = _held(attribute(tables, expr.field.key, now), expr, tables)
    return Clause(sa.func.coalesce(where, sa.false()), exact)


def _logged(expr: Comparison, tables: Tables, now: int) -> Clause:
    c = _texts(tables, expr.field.kind).c
    where, exact = _held(c.value, expr, tables)
    return Clause(_in_runs(tables, sa.select(c.run_uuid).where(same(c.key, expr.field.key, tables.kind), where)), exact)


def _metric(expr: Comparison, tables: Tables, now: int) -> Clause:
    c = metric(tables, expr.field).subquery().c
    compared = COMPARE[expr.operator](c.value, expr.value)
    if expr.operator is Operator.NE:
        where = sa.or_(c.is_nan == sa.true(), compared)
    else:
        where = sa.and_(c.is_nan == sa.false(), compared)
    return Clause(_in_runs(tables, sa.select(c.run_uuid).where(where)))


def _dataset(expr: Comparison, tables: Tables, now: int) -> Clause:
    used, column = _datasets(tables, expr.field.key)
    where, exact = _held(column, expr, tables)
    return Clause(_in_runs(tables, used.where(where)), exact)


def _held(column: Column, expr: Comparison, tables: Tables) -> Clause:
    """Whether what a column holds compares so; null if it holds nothing."""
    dialect, operator, value = DIALECTS[tables.kind], expr.operator, expr.value
    if isinstance(value, tuple):
        found = dialect.one_of(column, value)
        return found if operator is Operator.IN else _negated(found)
    if isinstance(value, str):
        if operator is Operator.EQ:
            return dialect.equal(column, value)
        if operator is Operator.NE:
            return _negated(dialect.equal(column, value))
        return dialect.matches(column, operator, value)
    if expr.field.kind is Kind.ATTRIBUTE:
        return Clause(COMPARE[operator](column, value))
    return dialect.numeric(column, operator, value)


def _is_null(expr: IsNull, tables: Tables, now: int) -> Clause:
    present = _PRESENT[expr.field.kind](expr, tables, now)
    return Clause(present if expr.negated else sa.not_(present))


def _attribute_is_there(expr: IsNull, tables: Tables, now: int) -> sa.ColumnElement[bool]:
    return attribute(tables, expr.field.key, now).is_not(None)


def _logged_is_there(expr: IsNull, tables: Tables, now: int) -> sa.ColumnElement[bool]:
    c = _texts(tables, expr.field.kind).c
    return _in_runs(tables, sa.select(c.run_uuid).where(same(c.key, expr.field.key, tables.kind)))


def _metric_is_there(expr: IsNull, tables: Tables, now: int) -> sa.ColumnElement[bool]:
    return _in_runs(tables, sa.select(metric(tables, expr.field).subquery().c.run_uuid))


def _dataset_is_there(expr: IsNull, tables: Tables, now: int) -> sa.ColumnElement[bool]:
    return _in_runs(tables, _datasets(tables, expr.field.key)[0])


def _word(expr: Word, tables: Tables, now: int) -> Clause:
    word = expr.text.casefold()
    contains = partial(DIALECTS[tables.kind].contains, word=word)
    parts = [contains(attribute(tables, key, now)) for key in ("run_id", "run_name")]
    for c in (tables.params.c, tables.tags.c):
        either = _any(contains(c.key), contains(c.value))
        parts.append(Clause(_in_runs(tables, sa.select(c.run_uuid).where(either.where)), either.exact))
    where, exact = _any(*parts)
    return Clause(sa.func.coalesce(where, sa.false()), exact)


def _and(expr: And, tables: Tables, now: int) -> Clause:
    parts = [_translated(part, tables, now) for part in expr.parts]
    return Clause(sa.and_(sa.true(), *(part.where for part in parts)), all(part.exact for part in parts))


def _or(expr: Or, tables: Tables, now: int) -> Clause:
    return _any(*(_translated(part, tables, now) for part in expr.parts))


def _not(expr: Not, tables: Tables, now: int) -> Clause:
    return _negated(_translated(expr.part, tables, now))


def _any(*parts: Clause) -> Clause:
    return Clause(sa.or_(sa.false(), *(part.where for part in parts)), all(part.exact for part in parts))


def _negated(clause: Clause) -> Clause:
    """What an inexact condition lets through may match or not, so nothing is known of the opposite."""
    return Clause(sa.not_(clause.where)) if clause.exact else ANYTHING


def _in_runs(tables: Tables, run_ids: sa.Select[Any]) -> sa.ColumnElement[bool]:
    return tables.runs.c.run_uuid.in_(run_ids)


def _texts(tables: Tables, kind: Kind) -> sa.FromClause:
    return tables.params if kind is Kind.PARAM else tables.tags


def _datasets(tables: Tables, key: str) -> tuple[sa.Select[Any], Column]:
    """The runs that read a dataset, and the column that holds its name, its digest or the context of its use."""
    inputs, datasets, tags = tables.inputs, tables.datasets, tables.input_tags
    used = sa.join(inputs, datasets, inputs.c.source_id == datasets.c.dataset_uuid)
    column = tags.c.value if key == "context" else datasets.c[key]
    if key == "context":
        is_context = same(tags.c.name, CONTEXT_TAG, tables.kind)
        used = used.join(tags, sa.and_(tags.c.input_uuid == inputs.c.input_uuid, is_context))
    return sa.select(inputs.c.destination_id).select_from(used).where(inputs.c.destination_type == "RUN"), column


def _is_sayable(value: object) -> bool:
    """Whether a number means in the database what it means in Python."""
    if isinstance(value, int):
        return abs(value) <= LARGEST_WHOLE
    return not isinstance(value, float) or abs(value) < LARGEST


_COMPARISONS: Mapping[Kind, Translator] = {
    Kind.ATTRIBUTE: _attribute,
    Kind.PARAM: _logged,
    Kind.TAG: _logged,
    Kind.METRIC: _metric,
    Kind.DATASET: _dataset,
}
_PRESENT: Mapping[Kind, Callable[[IsNull, Tables, int], sa.ColumnElement[bool]]] = {
    Kind.ATTRIBUTE: _attribute_is_there,
    Kind.PARAM: _logged_is_there,
    Kind.TAG: _logged_is_there,
    Kind.METRIC: _metric_is_there,
    Kind.DATASET: _dataset_is_there,
}
_TRANSLATORS: Mapping[type, Translator] = {
    Comparison: _comparison,
    IsNull: _is_null,
    Word: _word,
    And: _and,
    Or: _or,
    Not: _not,
}
