"""Values of cells for export, in types that JSON and CSV support."""

from __future__ import annotations

from typing import Any

from qtui.artifacts.tables.cell_texts import MAX_INTEGER_BITS, is_missing, whole_text
from qtui.runs.text_formats import json_number

MAX_NESTED_VALUES = 10_000
"""Values nested in one cell; a cell with more is written as text."""
MAX_NESTED_LEVELS = 20


class _TooLarge(Exception):
    """A value has too many parts."""


def json_value(value: Any) -> Any:
    """Return a value for strict JSON: missing values as None, NaN and infinities as text, unknown objects as text."""
    try:
        return _nested_value(value, 0, [MAX_NESTED_VALUES])
    except _TooLarge:
        return whole_text(value)


def csv_value(value: Any) -> Any:
    """Return a value for CSV: None, a number or a text."""
    value = json_value(value)
    return str(value) if isinstance(value, bool | list | dict) else value


def _nested_value(value: Any, level: int, left: list[int]) -> Any:
    left[0] -= 1
    if left[0] < 0 or level > MAX_NESTED_LEVELS:
        raise _TooLarge
    if isinstance(value, list | tuple):
        return [_nested_value(item, level + 1, left) for item in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: _nested_value(item, level + 1, left) for key, item in value.items()}
    if getattr(getattr(value, "dtype", None), "kind", "") in "biuf" and getattr(value, "ndim", 1) == 0:
        value = value.item()
    if is_missing(value):
        return None
    if isinstance(value, float):
        return json_number(float(value))
    if isinstance(value, bool) or (isinstance(value, int) and value.bit_length() <= MAX_INTEGER_BITS):
        return value
    return whole_text(value)
