"""Whether the values of a column differ between runs, and by how much."""

from __future__ import annotations

import math

from qtui.query import parse_number
from qtui.runs.column_data import NO_CODE, CategoricalColumn, NumberColumn, ValueColumn


def column_differs(column: ValueColumn) -> bool:
    """Return whether two rows have different values; NaN equals NaN, and an absent value differs from any other."""
    if not len(column):
        return False
    if isinstance(column, CategoricalColumn):
        return bool((column.indices != column.indices[0]).any())
    import numpy

    if not column.mask.all():
        return bool(column.mask.any())
    first = column.values[0]
    return not bool(numpy.isnan(column.floats).all()) if math.isnan(first) else bool((column.floats != first).any())


def column_variation(column: ValueColumn) -> float:
    """Return by how much the values differ, from 0 (equal) to 1.

    It is 1 if only a part of the runs has a value, or only a part has a finite number; for numbers the range divided by
    the largest magnitude, at most 1; for other texts the share of runs with a value of their own.
    """
    if not column_differs(column):
        return 0.0
    numbers = column_numbers(column)
    if numbers is None:
        return _text_variation(column) if isinstance(column, CategoricalColumn) else 1.0
    low, high = min(numbers), max(numbers)
    largest = max(abs(low), abs(high))
    if not all(map(math.isfinite, numbers)) or not largest:
        return 1.0
    return min(1.0, high / largest - low / largest)


def column_numbers(column: ValueColumn) -> list[float] | None:
    """Return the value of every row as a number; None if a row has none, or a text that is no number."""
    if isinstance(column, NumberColumn):
        return column.values.tolist() if all(column.present) else None
    parsed = {code: parse_number(column.pool.values[code]) for code in column.used_codes}
    numbers = [parsed.get(code) for code in column.codes]
    return None if None in numbers else [number for number in numbers if number is not None]


def _text_variation(column: CategoricalColumn[str]) -> float:
    if NO_CODE in column.codes:
        return 1.0
    return (len(column.used_codes) - 1) / (len(column) - 1)
