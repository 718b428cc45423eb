"""What stands in a cell, as the type that it should be of: sqlite takes any value in any column."""

from __future__ import annotations

import math
from typing import Any

from qtui.entities import View
from qtui.query.sql import LARGEST

STAGES = frozenset({View.ACTIVE.value, View.DELETED.value})
"""The lifecycle stages that MLflow knows."""
NOT_UTF8 = "is not UTF-8 text; its odd bytes are shown as escapes"


class BrokenText(str):
    """A text that was no UTF-8; a lone surrogate stands for each byte that is none."""


def lenient(cell: bytes) -> str:
    """The bytes of a text, whatever they are."""
    try:
        return cell.decode()
    except UnicodeDecodeError:
        return BrokenText(cell.decode("utf-8", "surrogateescape"))


def text(cell: Any) -> str:
    """A cell as text; nothing is the empty text."""
    if isinstance(cell, bytes):
        return str(lenient(cell))
    return "" if cell is None else str(cell)


def oddity(cell: Any) -> str | None:
    """What is wrong with a cell that should hold text, following its place in a sentence; None if nothing is."""
    if isinstance(cell, BrokenText):
        return NOT_UTF8
    if isinstance(cell, bytes):
        return "holds bytes instead of text"
    return None


def whole(cell: Any) -> int | None:
    """A cell as a whole number, or None if it is none."""
    if isinstance(cell, int):
        return int(cell)
    try:
        return int(float(text(cell)))
    except (ValueError, OverflowError):
        # MLflow lets sqlite store a numpy.int64 as its eight bytes.
        return int.from_bytes(cell, "little", signed=True) if isinstance(cell, bytes) and len(cell) == 8 else None


def measured(cell: Any, is_nan: Any = False) -> float | None:
    """The value of a metric that a cell stands for, or None if it stands for none."""
    if is_nan or cell is None:
        return math.nan
    try:
        value = float(text(cell)) if isinstance(cell, (str, bytes)) else float(cell)
    except (ValueError, OverflowError):
        return None
    return value if abs(value) < LARGEST or math.isnan(value) else math.copysign(math.inf, value)
