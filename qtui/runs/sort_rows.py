"""Sort the rows of a frame: numbers as numbers, then NaN, absent values last in both directions."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias
from weakref import WeakKeyDictionary

from qtui.query import parse_number
from qtui.query.ast import OrderBy
from qtui.runs.column_data import CategoricalColumn, NumberColumn, TextColumn, ValueColumn
from qtui.runs.field_columns import field_column
from qtui.runs.runs_frame import RunsFrame

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Ranks: TypeAlias = tuple[NDArray[Any], NDArray[numpy.int8]]
    """The sort keys of the rows within their class, and the class, which is compared first and never reversed."""

VALUE, UNRANKED, ABSENT = range(3)
"""The classes: comparable values; NaN, and words in a column of numbers; absent values."""

NUMERIC_SHARE = 0.9
"""The share of distinct values that must be numbers for a text column to be sorted as numbers."""


RADIX_SORT_BYTES = 2
"""The size of numbers up to which numpy sorts them in linear time, keeping the order of equal ones."""


_RANKS_OF_CODES: WeakKeyDictionary[TextColumn, Ranks] = WeakKeyDictionary()
"""The ranks of the distinct texts of columns that were sorted: reading them takes 0.2 s for 100,000 texts."""


def sorted_rows(frame: RunsFrame, rows: array[int], order_by: Sequence[OrderBy], now: int) -> array[int]:
    """Return the rows sorted; ties keep their order."""
    columns = [(field_column(frame, order.field, now), order.ascending) for order in order_by]
    keys = [(column, ascending) for column, ascending in columns if column is not None]
    if not keys:
        return rows
    import numpy

    base = numpy.frombuffer(rows, dtype=numpy.int32)
    for column, ascending in reversed(keys):
        values, classes = _column_ranks(column, ascending)
        for ranks in (values, classes) if classes.any() else (values,):
            base = base[_stable_order(ranks[base])]
    return array("i", base.tobytes())


def _stable_order(values: NDArray[Any]) -> NDArray[numpy.intp]:
    """Return the indices that sort these values; equal ones keep their order.

    Measured with 100,000 floats: 4 ms, 5 ms with many equal ones; a stable `argsort` 23 ms.
    """
    import numpy

    if values.dtype.itemsize <= RADIX_SORT_BYTES:
        return numpy.argsort(values, kind="stable")
    order = numpy.argsort(values)
    ordered = values[order]
    differs = ordered[1:] != ordered[:-1]
    if differs.all():
        return order
    count = len(values)
    codes = order.astype(numpy.int64)
    codes[1:] += numpy.cumsum(differs) * count
    codes.sort()
    return codes % count


def is_numeric(column: ValueColumn | None) -> bool:
    """Return whether a column has numbers, or nearly all of its texts are numbers."""
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
    if column not in _RANKS_OF_CODES:
        _RANKS_OF_CODES[column] = _ranks_of_codes(column)
    ranks, classes = _RANKS_OF_CODES[column]
    return ranks[column.indices], classes[column.indices]


def _ranks_of_codes(column: TextColumn) -> Ranks:
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
    # Few distinct values have small ranks, which are sorted faster.
    dense = numpy.unique(numpy.array(ranks), return_inverse=True)[1]
    return dense.astype(numpy.min_scalar_type(-len(dense))), classes
