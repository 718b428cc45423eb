"""Sorting a frame: numbers as numbers, NaN after them, absent values last in both directions."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from qtui.query import number
from qtui.query.ast import OrderBy
from qtui.runs.column_data import CodedColumn, NumberColumn, TextColumn, ValueColumn
from qtui.runs.field_columns import field_column
from qtui.runs.runs_frame import RunsFrame

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Ranks: TypeAlias = tuple[NDArray[numpy.float64], NDArray[numpy.int8]]
    """What the rows are sorted by within their class, and the class, which comes first in both directions."""

VALUE, LESSER, ABSENT = range(3)
"""The classes: what compares; NaN among numbers and words among numbers; nothing."""

NUMERIC_SHARE = 0.9
"""The share of a column's distinct values that must be numbers for it to count as numbers."""


def sorted_rows(frame: RunsFrame, order_by: Sequence[OrderBy], now: int) -> array[int]:
    """The rows in order; ties, and all when there is no order, go by start, newest first, then by run id."""
    natural = frame.infos.natural
    keys = [
        (column, each.ascending) for each in order_by if (column := field_column(frame, each.field, now)) is not None
    ]
    if not keys:
        return natural
    import numpy

    base = numpy.frombuffer(natural, dtype=numpy.int32)
    ranks = [rank[base] for column, ascending in reversed(keys) for rank in _column_ranks(column, ascending)]
    return array("i", base[numpy.lexsort(ranks)].tobytes())


def is_numeric(column: ValueColumn | None) -> bool:
    """Whether a column holds numbers, or texts that nearly all are numbers."""
    if isinstance(column, CodedColumn):
        parsed = [number(column.pool.values[code]) is not None for code in column.used]
        return bool(parsed) and sum(parsed) >= NUMERIC_SHARE * len(parsed)
    return column is not None


def _column_ranks(column: ValueColumn, ascending: bool) -> Ranks:
    import numpy

    ranks, classes = _number_ranks(column) if isinstance(column, NumberColumn) else _text_ranks(column)
    return numpy.where(classes == ABSENT, 0, ranks if ascending else -ranks), classes


def _number_ranks(column: NumberColumn) -> Ranks:
    import numpy

    broken = numpy.isnan(column.floats)
    classes = numpy.where(column.mask, numpy.where(broken, LESSER, VALUE), ABSENT).astype(numpy.int8)
    return numpy.where(broken, 0, column.floats), classes


def _text_ranks(column: TextColumn) -> Ranks:
    """Texts by their letters, whatever their case; or by their numbers if they are, with words behind them."""
    import numpy

    values = column.pool.values
    numeric = is_numeric(column)
    # The code of an absent value is -1, which reads the last place of both tables.
    ranks = [0.0] * (len(values) + 1)
    classes = numpy.full(len(values) + 1, ABSENT, dtype=numpy.int8)
    words = []
    for code in column.used:
        value = number(values[code]) if numeric else None
        classes[code] = LESSER if numeric and value is None else VALUE
        if value is None:
            words.append((values[code].casefold(), code))
        else:
            ranks[code] = value
    rank, last = 0, ""
    for word, code in sorted(words):
        rank, last = rank + (word != last), word
        ranks[code] = rank
    return numpy.array(ranks)[column.indices], classes[column.indices]
