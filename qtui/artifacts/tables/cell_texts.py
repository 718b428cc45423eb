"""The texts of cells: numbers with their significant digits, times without an empty time of day, objects cut short."""

from __future__ import annotations

import datetime as dt
import math
import reprlib
from collections import deque
from collections.abc import Sequence
from typing import Any

from qtui.formatting import ABSENT, format_number

MIDNIGHT = " 00:00:00"
MISSING_TYPES = frozenset(("NoneType", "NaTType", "NAType"))
MAX_INTEGER_BITS = 4096
"""Above it, an integer is described: Python refuses to write very long ones."""


def is_missing(value: Any) -> bool:
    """Return whether a cell is empty: None, NaT or NA; NaN is a number."""
    return type(value).__name__ in MISSING_TYPES


def column_texts(values: Sequence[Any]) -> list[str]:
    """Return the texts of a column's cells; times that are all midnights are shown as dates."""
    texts = [cell_text(value) for value in values]
    times = [_is_time(value) for value in values]
    if any(times) and all(text.endswith(MIDNIGHT) for text, is_time in zip(texts, times, strict=True) if is_time):
        return [text.removesuffix(MIDNIGHT) for text in texts]
    return texts


def _is_time(value: Any) -> bool:
    # NaT is a datetime, too.
    return isinstance(value, dt.datetime) and not is_missing(value)


def cell_text(value: Any) -> str:
    """Return the text of a cell in bounded time."""
    if isinstance(value, str):
        return str(value)
    if is_missing(value):
        return ABSENT
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return _integer_text(value)
    if isinstance(value, float):
        return format_number(value)
    return _object_text(value, _SHORT)


def whole_text(value: Any) -> str:
    """Return the text of a value that is looked at alone: a number with all its digits, an object with more parts."""
    if isinstance(value, float) and math.isfinite(value):
        return repr(float(value))
    if isinstance(value, str | int | float) or is_missing(value):
        return cell_text(value)
    return _object_text(value, _LONG)


def _integer_text(value: int) -> str:
    bits = value.bit_length()
    return str(value) if bits <= MAX_INTEGER_BITS else f"<integer of {bits:,} bits>"


def _object_text(value: Any, short: _BoundedRepr) -> str:
    if isinstance(value, dt.date | dt.time | dt.timedelta) or type(value).__name__ in ("Period", "Interval", "Decimal"):
        return str(value)
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if kind and getattr(value, "ndim", 1) == 0:
        if kind == "f":
            return format_number(float(value))
        if kind in "biucmMU":
            return str(value)
    return short.repr(value)


class _BoundedRepr(reprlib.Repr):
    """The repr of a value, cut in depth and length, also of subclasses of the containers."""

    def repr1(self, x: Any, level: int) -> str:
        if isinstance(x, bool):
            return repr(x)
        for kind in (str, int, dict, list, tuple, set, frozenset, deque, slice):
            if isinstance(x, kind):
                text: str = getattr(self, f"repr_{kind.__name__}")(x, level)
                return text
        if len(shape := getattr(x, "shape", ())) > 0:
            return f"<{type(x).__name__} {' x '.join(map(str, shape))}>"
        return self._other(x)

    def repr_int(self, x: int, level: int) -> str:
        return _integer_text(x)

    def repr_slice(self, x: slice, level: int) -> str:
        parts = [self.repr1(part, level - 1) for part in (x.start, x.stop, x.step)] if level > 0 else ["..."]
        return f"slice({', '.join(parts)})"

    def _other(self, x: Any) -> str:
        if isinstance(x, bytes | bytearray | memoryview):
            x = bytes(x[: self.maxother])
        try:
            text = repr(x)
        except Exception:
            text = f"<{type(x).__name__}>"
        return text if len(text) <= self.maxother else f"{text[: self.maxother]}..."


def _bounded_repr(items: int, depth: int, characters: int) -> _BoundedRepr:
    short = _BoundedRepr()
    short.maxlevel = depth
    short.maxlist = short.maxtuple = short.maxdict = short.maxset = short.maxfrozenset = short.maxdeque = items
    short.maxstring = short.maxother = characters
    return short


_SHORT = _bounded_repr(6, 3, 60)
_LONG = _bounded_repr(20, 4, 1000)
