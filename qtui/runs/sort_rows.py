"""Sort the rows of a frame: numbers as numbers, then NaN, absent values last in both directions."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from qtui.query import parse_number
from qtui.query.ast import OrderBy
from qtui.runs.column_data import CategoricalColumn, NumberColumn, TextColumn, ValueColumn
from qtui.runs.field_columns import field_column
from qtui.runs.runs_frame import RunsFrame

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Ranks: TypeAlias = tuple[NDArray[numpy.float64], NDArray[numpy.int8]]
    """The sort keys of the rows within their class, and the class, which is compared first and never reversed."""

VALUE, UNRANKED, ABSENT = range(3)
"""The classes: comparable values; NaN, and words in a column of numbers; absent values."""

NUMERIC_SHARE = 0.9
"""The share of distinct values that must be numbers for a text column to be sorted as numbers."""


def sorted_rows(frame: RunsFrame, rows: array[int], order_by: Sequence[OrderBy], now: int) -> array[int]:
    """Return the rows sorted; ties keep their order."""
    columns = [(field_column(frame, order.field, now), order.ascending) for order in order_by]
    keys = [(column, ascending) for column, ascending in columns if column is not None]
    if not keys:
        return rows
    import numpy

    base = numpy.frombuffer(rows, dtype=numpy.int32)
    count = len(base)
    codes = numpy.zeros(count, dtype=numpy.int64)
    for column, ascending in keys:
        values, classes = _column_ranks(column, ascending)
        for ranks in (classes, values) if classes.any() else (values,):
            codes = (
                _dense_ranks(codes * count + _dense_ranks(ranks[base])) if codes.any() else _dense_ranks(ranks[base])
            )
    # The position breaks ties. Measured with 100,000 floats: 4 ms, a stable `argsort` 11 ms.
    codes *= count
    codes += numpy.arange(count)
    codes.sort()
    return array("i", base[codes % count].tobytes())


def _dense_ranks(values: NDArray[Any]) -> NDArray[numpy.int64]:
    """Return the rank of each value among the distinct values, from 0."""
    import numpy

    order = numpy.argsort(values)
    ordered = values[order]
    ranks = numpy.zeros(len(values), dtype=numpy.int64)
    ranks[order[1:]] = numpy.cumsum(ordered[1:] != ordered[:-1])
    return ranks


def is_numeric(column: ValueColumn | None) -> bool:
    """True if a column has numbers, or texts of which nearly all are numbers."""
    if isinstance(column, CategoricalColumn):
        parsed = [parse_number(column.pool.values[code]) is not None for code in column.used_codes]
        return bool(parsed) and sum(parsed) >= NUMERIC_SHARE * len(parsed)
    return column is not None


def _column_ranks(column: ValueColumn, ascending: bool) -> Ranks:
    import numpy

    ranks, classes = _number_ranks(column) if isinstance(column, NumberColumn) else _text_ranks(column)
    return numpy.where(classes == ABSENT, 0, ranks if ascending else -ranks), classes


def _number_ranks(column: NumberColumn) -> Ranks:
    import numpy

    is_nan = numpy.isnan(column.floats)
    classes = numpy.where(column.mask, numpy.where(is_nan, UNRANKED, VALUE), ABSENT).astype(numpy.int8)
    return numpy.where(is_nan, 0, column.floats), classes


def _text_ranks(column: TextColumn) -> Ranks:
    """Rank texts without regard to case; a numeric column by its numbers, with words after them."""
    import numpy

    values = column.pool.values
    numeric = is_numeric(column)
    # One element more than values in both tables: `NO_CODE` indexes the last one.
    ranks = [0.0] * (len(values) + 1)
    classes = numpy.full(len(values) + 1, ABSENT, dtype=numpy.int8)
    words = []
    for code in column.used_codes:
        value = parse_number(values[code]) if numeric else None
        classes[code] = UNRANKED if numeric and value is None else VALUE
        if value is None:
            words.append((values[code].casefold(), code))
        else:
            ranks[code] = value
    rank, previous = 0, ""
    for word, code in sorted(words):
        rank, previous = rank + (word != previous), word
        ranks[code] = rank
    return numpy.array(ranks)[column.indices], classes[column.indices]
