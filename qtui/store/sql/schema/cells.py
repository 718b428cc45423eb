"""Conversion of cells to the type of their column: sqlite stores any value in any column."""

from __future__ import annotations

import math
from typing import Any

from qtui.entities import ViewType
from qtui.query.sql import MAX_FLOAT

LIFECYCLE_STAGES = frozenset({ViewType.ACTIVE.value, ViewType.DELETED.value})
"""The lifecycle stages of MLflow."""
INVALID_UTF8 = "is not valid UTF-8; invalid bytes are shown as escapes"


class InvalidText(str):
    """A text that was not valid UTF-8; a lone surrogate stands for each invalid byte."""


def decode_leniently(cell: bytes) -> str:
    """Return the bytes of a text as a string, as `InvalidText` if they are not UTF-8."""
    try:
        return cell.decode()
    except UnicodeDecodeError:
        return InvalidText(cell.decode("utf-8", "surrogateescape"))


def as_text(cell: Any) -> str:
    """Return a cell as text, NULL as the empty text."""
    if isinstance(cell, bytes):
        return str(decode_leniently(cell))
    return "" if cell is None else str(cell)


def text_problem(cell: Any) -> str | None:
    """Return the predicate of a sentence about a bad text cell, None if the cell is a valid text."""
    if isinstance(cell, InvalidText):
        return INVALID_UTF8
    if isinstance(cell, bytes):
        return "holds bytes instead of text"
    return None


def as_int(cell: Any) -> int | None:
    """Return a cell as an integer, None if it is not one."""
    if isinstance(cell, int):
        return int(cell)
    try:
        return int(float(as_text(cell)))
    except (ValueError, OverflowError):
        # MLflow lets sqlite store a numpy.int64 as its eight bytes.
        return int.from_bytes(cell, "little", signed=True) if isinstance(cell, bytes) and len(cell) == 8 else None


def as_metric_value(cell: Any, is_nan: Any = False) -> float | None:
    """Return a cell as the value of a metric, None if it is not a number; the largest float means infinity."""
    if is_nan or cell is None:
        return math.nan
    try:
        value = float(as_text(cell)) if isinstance(cell, (str, bytes)) else float(cell)
    except (ValueError, OverflowError):
        return None
    return value if abs(value) < MAX_FLOAT or math.isnan(value) else math.copysign(math.inf, value)
