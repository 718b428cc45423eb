"""Translation of filters to conditions on the table of runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

import sqlalchemy as sa

from qtui.query.ast import COMPARE, And, Comparison, Expr, FieldKind, Filter, IsNull, Not, Operator, Or, Word
from qtui.query.field_values import CONTEXT_TAG
from qtui.query.sql.dialects import DIALECTS, MATCH_ALL, SqlCondition
from qtui.query.sql.metric_values import MAX_FLOAT, select_metric
from qtui.query.sql.tables import Tables, attribute
from qtui.query.sql.text_conditions import Column, equals

MAX_INTEGER = 2**63 - 1

Translator: TypeAlias = Callable[[Any, Tables, int], SqlCondition]


def translate_filter(run_filter: Filter, tables: Tables) -> SqlCondition:
    """Return the condition of a filter on the table of runs; it is never NULL."""
    return _translate(run_filter.expr, tables, run_filter.now)


def _translate(expr: Expr, tables: Tables, now: int) -> SqlCondition:
    return _TRANSLATORS[type(expr)](expr, tables, now)


def _comparison(expr: Comparison, tables: Tables, now: int) -> SqlCondition:
    if not _is_representable(expr.value):
        return MATCH_ALL
    return _COMPARISONS[expr.field.kind](expr, tables, now)


def _attribute(expr: Comparison, tables: Tables, now: int) -> SqlCondition:
    where, exact = _compare_text(attribute(tables, expr.field.key, now), expr, tables)
    return SqlCondition(sa.func.coalesce(where, sa.false()), exact)


def _logged(expr: Comparison, tables: Tables, now: int) -> SqlCondition:
    c = _texts(tables, expr.field.kind).c
    where, exact = _compare_text(c.value, expr, tables)
    return SqlCondition(
        _in_runs(tables, sa.select(c.run_uuid).where(equals(c.key, expr.field.key, tables.kind), where)), exact
    )


def _metric(expr: Comparison, tables: Tables, now: int) -> SqlCondition:
    c = select_metric(tables, expr.field).subquery().c
    comparison = COMPARE[expr.operator](c.value, expr.value)
    if expr.operator is Operator.NE:
        where = sa.or_(c.is_nan == sa.true(), comparison)
    else:
        where = sa.and_(c.is_nan == sa.false(), comparison)
    return SqlCondition(_in_runs(tables, sa.select(c.run_uuid).where(where)))


def _dataset(expr: Comparison, tables: Tables, now: int) -> SqlCondition:
    run_ids, column = _datasets(tables, expr.field.key)
    where, exact = _compare_text(column, expr, tables)
    return SqlCondition(_in_runs(tables, run_ids.where(where)), exact)


def _compare_text(column: Column, expr: Comparison, tables: Tables) -> SqlCondition:
    """Return the comparison of a column; it is NULL if the column is."""
    dialect, operator, value = DIALECTS[tables.kind], expr.operator, expr.value
    if isinstance(value, tuple):
        condition = dialect.one_of(column, value)
        return condition if operator is Operator.IN else _negate(condition)
    if isinstance(value, str):
        if operator is Operator.EQ:
            return dialect.equal(column, value)
        if operator is Operator.NE:
            return _negate(dialect.equal(column, value))
        return dialect.matches(column, operator, value)
    if expr.field.kind is FieldKind.ATTRIBUTE:
        return SqlCondition(COMPARE[operator](column, value))
    return dialect.numeric(column, operator, value)


def _is_null(expr: IsNull, tables: Tables, now: int) -> SqlCondition:
    exists = _EXISTS[expr.field.kind](expr, tables, now)
    return SqlCondition(exists if expr.negated else sa.not_(exists))


def _attribute_exists(expr: IsNull, tables: Tables, now: int) -> sa.ColumnElement[bool]:
    return attribute(tables, expr.field.key, now).is_not(None)


def _logged_exists(expr: IsNull, tables: Tables, now: int) -> sa.ColumnElement[bool]:
    c = _texts(tables, expr.field.kind).c
    return _in_runs(tables, sa.select(c.run_uuid).where(equals(c.key, expr.field.key, tables.kind)))


def _metric_exists(expr: IsNull, tables: Tables, now: int) -> sa.ColumnElement[bool]:
    return _in_runs(tables, sa.select(select_metric(tables, expr.field).subquery().c.run_uuid))


def _dataset_exists(expr: IsNull, tables: Tables, now: int) -> sa.ColumnElement[bool]:
    return _in_runs(tables, _datasets(tables, expr.field.key)[0])


def _word(expr: Word, tables: Tables, now: int) -> SqlCondition:
    word = expr.text.casefold()
    contains = partial(DIALECTS[tables.kind].contains, word=word)
    parts = [contains(attribute(tables, key, now)) for key in ("run_id", "run_name")]
    for c in (tables.params.c, tables.tags.c):
        either = _any(contains(c.key), contains(c.value))
        parts.append(SqlCondition(_in_runs(tables, sa.select(c.run_uuid).where(either.where)), either.is_exact))
    where, exact = _any(*parts)
    return SqlCondition(sa.func.coalesce(where, sa.false()), exact)


def _and(expr: And, tables: Tables, now: int) -> SqlCondition:
    parts = [_translate(part, tables, now) for part in expr.parts]
    return SqlCondition(sa.and_(sa.true(), *(part.where for part in parts)), all(part.is_exact for part in parts))


def _or(expr: Or, tables: Tables, now: int) -> SqlCondition:
    return _any(*(_translate(part, tables, now) for part in expr.parts))


def _not(expr: Not, tables: Tables, now: int) -> SqlCondition:
    return _negate(_translate(expr.part, tables, now))


def _any(*parts: SqlCondition) -> SqlCondition:
    return SqlCondition(sa.or_(sa.false(), *(part.where for part in parts)), all(part.is_exact for part in parts))


def _negate(clause: SqlCondition) -> SqlCondition:
    """Return the negation; that of an inexact condition is unknown and matches all rows."""
    return SqlCondition(sa.not_(clause.where)) if clause.is_exact else MATCH_ALL


def _in_runs(tables: Tables, run_ids: sa.Select[Any]) -> sa.ColumnElement[bool]:
    return tables.runs.c.run_uuid.in_(run_ids)


def _texts(tables: Tables, kind: FieldKind) -> sa.FromClause:
    return tables.params if kind is FieldKind.PARAM else tables.tags


def _datasets(tables: Tables, key: str) -> tuple[sa.Select[Any], Column]:
    """Return a query for the IDs of runs with dataset inputs, and the column of the name, digest or context."""
    inputs, datasets, tags = tables.inputs, tables.datasets, tables.input_tags
    joined = sa.join(inputs, datasets, inputs.c.source_id == datasets.c.dataset_uuid)
    column = tags.c.value if key == "context" else datasets.c[key]
    if key == "context":
        is_context = equals(tags.c.name, CONTEXT_TAG, tables.kind)
        joined = joined.join(tags, sa.and_(tags.c.input_uuid == inputs.c.input_uuid, is_context))
    return sa.select(inputs.c.destination_id).select_from(joined).where(inputs.c.destination_type == "RUN"), column


def _is_representable(value: object) -> bool:
    """Return whether a number has the same meaning in the database as in Python."""
    if isinstance(value, int):
        return abs(value) <= MAX_INTEGER
    return not isinstance(value, float) or abs(value) < MAX_FLOAT


_COMPARISONS: Mapping[FieldKind, Translator] = {
    FieldKind.ATTRIBUTE: _attribute,
    FieldKind.PARAM: _logged,
    FieldKind.TAG: _logged,
    FieldKind.METRIC: _metric,
    FieldKind.DATASET: _dataset,
}
_EXISTS: Mapping[FieldKind, Callable[[IsNull, Tables, int], sa.ColumnElement[bool]]] = {
    FieldKind.ATTRIBUTE: _attribute_exists,
    FieldKind.PARAM: _logged_exists,
    FieldKind.TAG: _logged_exists,
    FieldKind.METRIC: _metric_exists,
    FieldKind.DATASET: _dataset_exists,
}
_TRANSLATORS: Mapping[type, Translator] = {
    Comparison: _comparison,
    IsNull: _is_null,
    Word: _word,
    And: _and,
    Or: _or,
    Not: _not,
}
