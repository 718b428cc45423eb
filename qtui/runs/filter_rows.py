"""Evaluate a filter over whole columns; `qtui.query.predicates` gives the same answers run by run."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from qtui.entities import DatasetInput, Run, RunInfo
from qtui.query.ast import COMPARE, And, Comparison, Expr, Field, FieldKind, Filter, IsNull, Not, Or, Word
from qtui.query.predicates import predicate, value_test
from qtui.runs.column_data import NO_CODE, CategoricalColumn, NumberColumn, ValueColumn
from qtui.runs.field_columns import field_column
from qtui.runs.runs_frame import RunsFrame

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Mask: TypeAlias = NDArray[numpy.bool_]

T = TypeVar("T")
Leaf: TypeAlias = Comparison | IsNull


def filter_mask(frame: RunsFrame, filter: Filter) -> Mask:
    """Return one boolean per row: True if the run matches."""
    return _mask(frame, filter.expr, filter.now)


def _mask(frame: RunsFrame, expr: Expr, now: int) -> Mask:
    return _MASKS[type(expr)](frame, expr, now)


def _and_mask(frame: RunsFrame, expr: And, now: int) -> Mask:
    return reduce(operator.and_, (_mask(frame, part, now) for part in expr.parts))


def _or_mask(frame: RunsFrame, expr: Or, now: int) -> Mask:
    return reduce(operator.or_, (_mask(frame, part, now) for part in expr.parts))


def _not_mask(frame: RunsFrame, expr: Not, now: int) -> Mask:
    return ~_mask(frame, expr.part, now)


def _leaf_mask(frame: RunsFrame, expr: Leaf, now: int) -> Mask:
    field = expr.field
    if field.kind is FieldKind.DATASET:
        return _dataset_mask(frame.inputs, Filter(expr, now))
    column = field_column(frame, field, now)
    if isinstance(expr, IsNull):
        return _presence_mask(frame, column) if expr.negated else ~_presence_mask(frame, column)
    if isinstance(column, NumberColumn):
        return _number_mask(column, expr)
    return _no_rows(frame) if column is None else _value_mask(column, value_test(expr))


def _no_rows(frame: RunsFrame) -> Mask:
    import numpy

    return numpy.zeros(len(frame), dtype=numpy.bool_)


def _presence_mask(frame: RunsFrame, column: ValueColumn | None) -> Mask:
    if column is None:
        return _no_rows(frame)
    return column.mask if isinstance(column, NumberColumn) else column.indices != NO_CODE


def _number_mask(column: NumberColumn, expr: Comparison) -> Mask:
    matches: Mask = COMPARE[expr.operator](column.floats, expr.value)
    return column.mask & matches


def _value_mask(column: CategoricalColumn[T], test: Callable[[T], bool], absent: bool = False) -> Mask:
    """Test every distinct value once; rows without a value get `absent`."""
    import numpy

    values = column.pool.values
    # One element more than values: `NO_CODE` indexes the last one.
    results = numpy.full(len(values) + 1, absent)
    for code in column.used_codes:
        results[code] = test(values[code])
    return results[column.indices]


def _dataset_mask(column: CategoricalColumn[tuple[DatasetInput, ...]], leaf: Filter) -> Mask:
    """Evaluate a predicate on datasets with a stub run that has only these datasets."""
    matches = predicate(leaf)
    return _value_mask(column, lambda inputs: matches(Run(STUB_INFO, inputs=inputs)), absent=matches(Run(STUB_INFO)))


def _word_mask(frame: RunsFrame, expr: Word, now: int) -> Mask:
    """Search a word in names, IDs, and the keys and values of params and tags."""
    word = expr.text.casefold()
    masks = [_substring_mask(frame.infos.text_column(key), word) for key in ("run_name", "run_id")]
    for kind in (FieldKind.PARAM, FieldKind.TAG):
        for key in frame.keys(kind):
            column = frame.column(Field(kind, key))
            if isinstance(column, CategoricalColumn):
                in_key = word in key.casefold()
                masks.append(_presence_mask(frame, column) if in_key else _substring_mask(column, word))
    return reduce(operator.or_, masks)


def _substring_mask(column: CategoricalColumn[str], word: str) -> Mask:
    import numpy

    # One element more than texts: `NO_CODE` indexes the last one.
    return numpy.frombuffer(column.pool.containing(word), dtype=numpy.bool_)[column.indices]


STUB_INFO = RunInfo("", "")
_MASKS: Mapping[type, Callable[[RunsFrame, Any, int], Mask]] = {
    Comparison: _leaf_mask,
    IsNull: _leaf_mask,
    Word: _word_mask,
    And: _and_mask,
    Or: _or_mask,
    Not: _not_mask,
}
