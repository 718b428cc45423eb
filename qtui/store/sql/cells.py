"""What stands in a cell, as the type that it should be of: sqlite takes any value in any column."""

from __future__ import annotations

import math
from typing import Any

LARGEST = 1.7976931348623157e308
"""What MLflow writes for infinity, as not every database can hold one."""


def text(cell: Any) -> str:
    """A cell as text; nothing is the empty text, and bytes that are no UTF-8 stay recoverable."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "surrogateescape")
    return "" if cell is None else str(cell)


def whole(cell: Any) -> int | None:
    """A cell as a whole number, or None if it is none."""
    if isinstance(cell, int):
        return int(cell)
    try:
        return int(float(text(cell)))
    except (ValueError, OverflowError):
        return None


def measured(cell: Any, is_nan: Any = False) -> float | None:
    """The value of a metric that a cell stands for, or None if it stands for none."""
    if is_nan or cell is None:
        return math.nan
    try:
        value = float(text(cell)) if isinstance(cell, (str, bytes)) else float(cell)
    except (ValueError, OverflowError):
        return None
    return value if abs(value) < LARGEST or math.isnan(value) else math.copysign(math.inf, value)
