"""Which runs of a frame match a filter, by whole columns; one run at a time gives the same answer, slowly."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from qtui.entities import DatasetInput, Run, RunInfo
from qtui.query.ast import And, Comparison, Expr, Field, Filter, IsNull, Kind, Not, Operator, Or, Word
from qtui.query.match import predicate, value_test
from qtui.runs.column_data import NO_CODE, CodedColumn, NumberColumn, ValueColumn
from qtui.runs.field_columns import field_column
from qtui.runs.runs_frame import RunsFrame

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Mask: TypeAlias = NDArray[numpy.bool_]

T = TypeVar("T")
Leaf: TypeAlias = Comparison | IsNull

_COMPARE: Mapping[Operator, Callable[[Any, Any], Any]] = {
    Operator.EQ: operator.eq,
    Operator.NE: operator.ne,
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
    Operator.GT: operator.gt,
    Operator.GE: operator.ge,
}


def filter_mask(frame: RunsFrame, wanted: Filter) -> Mask:
    """One truth a row: whether the run matches."""
    return _mask(frame, wanted.expr, wanted.now)


def _mask(frame: RunsFrame, expr: Expr, now: int) -> Mask:
    return _MASKS[type(expr)](frame, expr, now)


def _and(frame: RunsFrame, expr: And, now: int) -> Mask:
    return reduce(operator.and_, (_mask(frame, part, now) for part in expr.parts))


def _or(frame: RunsFrame, expr: Or, now: int) -> Mask:
    return reduce(operator.or_, (_mask(frame, part, now) for part in expr.parts))


def _not(frame: RunsFrame, expr: Not, now: int) -> Mask:
    return ~_mask(frame, expr.part, now)


def _leaf(frame: RunsFrame, expr: Leaf, now: int) -> Mask:
    field = expr.field
    if field.kind is Kind.DATASET:
        return _by_run(frame.inputs, Filter(expr, now))
    column = field_column(frame, field, now)
    if isinstance(expr, IsNull):
        return _present(frame, column) if expr.negated else ~_present(frame, column)
    if isinstance(column, NumberColumn):
        return _by_number(column, expr)
    return _no_rows(frame) if column is None else _by_value(column, value_test(expr))


def _no_rows(frame: RunsFrame) -> Mask:
    import numpy

    return numpy.zeros(len(frame), dtype=numpy.bool_)


def _present(frame: RunsFrame, column: ValueColumn | None) -> Mask:
    if column is None:
        return _no_rows(frame)
    return column.mask if isinstance(column, NumberColumn) else column.indices != NO_CODE


def _by_number(column: NumberColumn, expr: Comparison) -> Mask:
    """Numbers are compared all at once."""
    holds: Mask = _COMPARE[expr.operator](column.floats, expr.value)
    return column.mask & holds


def _by_value(column: CodedColumn[T], matches: Callable[[T], bool], absent: bool = False) -> Mask:
    """Each distinct value is asked once, and the answer spread over the rows."""
    import numpy

    values = column.pool.values
    # The code of an absent value is -1, which reads the last place.
    answers = numpy.full(len(values) + 1, absent)
    for code in column.used:
        answers[code] = matches(values[code])
    return answers[column.indices]


def _by_run(column: CodedColumn[tuple[DatasetInput, ...]], leaf: Filter) -> Mask:
    """What a run may have several of is asked of a run that has nothing else."""
    matches = predicate(leaf)
    return _by_value(column, lambda inputs: matches(Run(BLANK, inputs=inputs)), absent=matches(Run(BLANK)))


def _word(frame: RunsFrame, expr: Word, now: int) -> Mask:
    """A word may stand in a name, an id, or the key or value of a param or tag."""
    word = expr.text.casefold()
    found = [_containing(frame.infos.texts(key), word) for key in ("run_name", "run_id")]
    for kind in (Kind.PARAM, Kind.TAG):
        for key in frame.keys(kind):
            column = frame.column(Field(kind, key))
            if isinstance(column, CodedColumn):
                found.append(_present(frame, column) if word in key.casefold() else _containing(column, word))
    return reduce(operator.or_, found)


def _containing(column: CodedColumn[str], word: str) -> Mask:
    return _by_value(column, lambda text: word in text.casefold())


BLANK = RunInfo("", "")
_MASKS: Mapping[type, Callable[[RunsFrame, Any, int], Mask]] = {
    Comparison: _leaf,
    IsNull: _leaf,
    Word: _word,
    And: _and,
    Or: _or,
    Not: _not,
}
