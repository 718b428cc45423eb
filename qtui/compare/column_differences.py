"""Whether the values of a column differ between runs, and by how much."""

from __future__ import annotations

import math
from array import array

from qtui.query import parse_number
from qtui.runs.column_data import NO_CODE, CategoricalColumn, NumberColumn, ValueColumn


def column_differs(column: ValueColumn) -> bool:
    """Return whether two rows have different values; NaN equals NaN, and an absent value differs from any other."""
    if not len(column):
        return False
    if isinstance(column, CategoricalColumn):
        return not _has_equal_items(column.codes)
    if 0 in column.present:
        return 1 in column.present
    return not _has_equal_items(column.values) and _has_unequal_numbers(column)


def _has_equal_items(items: array[int] | array[float]) -> bool:
    """Return whether all items have the same bytes, which is faster to find out than to compare numbers."""
    return items.tobytes() == items[:1].tobytes() * len(items)


def _has_unequal_numbers(column: NumberColumn) -> bool:
    """Return whether numbers with different bytes are unequal: not 0 and -0, and not several forms of NaN."""
    first = column.values[0]
    if math.isnan(first):
        return not all(map(math.isnan, column.values))
    return bool(first) or any(column.values)


def column_variation(column: ValueColumn) -> float:
    """Return by how much the values differ, from 0 (equal) to 1.

    It is 1 if only a part of the runs has a value, or only a part has a finite number; for numbers the range divided by
    the largest magnitude, at most 1; for other texts the share of runs with a value of their own.
    """
    if not column_differs(column):
        return 0.0
    if isinstance(column, CategoricalColumn):
        return _text_variation(column)
    if 0 in column.present:
        return 1.0
    return _range_variation(float(column.floats.min()), float(column.floats.max()))


def _text_variation(column: CategoricalColumn[str]) -> float:
    if NO_CODE in column.codes:
        return 1.0
    codes = column.used_codes
    numbers = [number for code in codes if (number := parse_number(column.pool.values[code])) is not None]
    if len(numbers) == len(codes):
        return _range_variation(min(numbers), max(numbers))
    return (len(codes) - 1) / (len(column) - 1)


def _range_variation(low: float, high: float) -> float:
    """Return the range of numbers divided by the largest magnitude; the numbers are not equal."""
    largest = max(abs(low), abs(high))
    if not math.isfinite(low) or not math.isfinite(high) or not largest:
        return 1.0
    return min(1.0, high / largest - low / largest)


def column_numbers(column: NumberColumn) -> list[float]:
    """Return the numbers of the rows that have one."""
    return list(column.floats[column.mask].tolist())
