"""The ends of axes as a person types them: `x 0:500 y 1e-3:1 right :10`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from qtui.errors import UsageError
from qtui.plot.axis import Unit, unit_of
from qtui.plot.look import FREE, Ends, Look
from qtui.plot.scale import Scale
from qtui.query.moments import day_of, duration_of, instant_of

HOW = "Write an axis and from where to where, such as x 0:500 or y 1e-3:1; an end that is left out follows the data."
GET: Mapping[str, Callable[[Look], Ends]] = {
    "x": lambda look: look.x,
    "y": lambda look: look.y,
    "right": lambda look: look.y_right,
}
SET: Mapping[str, Callable[[Look, Ends], Look]] = {
    "x": lambda look, ends: replace(look, x=ends),
    "y": lambda look, ends: replace(look, y=ends),
    "right": lambda look, ends: replace(look, y_right=ends),
}
_AXIS = re.compile(r"(?:^|\s)(x|y|right)(?=\s|$)", re.IGNORECASE)
_BETWEEN = re.compile(r"\.\.|…")


def typed(text: str, look: Look, scales: Mapping[str, Scale], now: int) -> Look:
    """The look with the axes as they are typed; an axis that is not named stays, one without ends follows the data."""
    before, *found = _AXIS.split(text)
    if before.strip() or not found:
        raise UsageError(HOW)
    for name, ends in zip(found[::2], found[1::2], strict=True):
        axis = name.lower()
        unit = unit_of(look.along) if axis == "x" else Unit.NUMBER
        both = _ends(ends.strip(), unit, now)
        _check(both, scales[axis])
        look = SET[axis](look, both)
    return look


def written_ends(look: Look) -> str:
    """The axes that do not follow the data, as they would be typed."""
    return " ".join(_written(look))


def _written(look: Look) -> Iterator[str]:
    for axis, get in GET.items():
        ends = get(look)
        if ends != FREE:
            unit = unit_of(look.along) if axis == "x" else Unit.NUMBER
            between = ".." if unit is Unit.MOMENT else ":"
            yield f"{axis} " + between.join("" if end is None else _WRITERS[unit](end) for end in ends)


def _ends(text: str, unit: Unit, now: int) -> Ends:
    """Both ends, of which each may be left out."""
    if not text:
        return FREE
    parts = _BETWEEN.split(text) if _BETWEEN.search(text) or unit is Unit.MOMENT else text.split(":")
    if len(parts) != 2:
        raise UsageError("Write two dots between dates: x 2026-01-31..2026-02-02." if unit is Unit.MOMENT else HOW)
    low, high = (_READERS[unit](part.strip(), now) if part.strip() else None for part in parts)
    return Ends(high, low) if low is not None and high is not None and low > high else Ends(low, high)


def _check(ends: Ends, scale: Scale) -> None:
    """Complain of ends that the scale has no place for."""
    if scale.positive and any(end is not None and end <= 0 for end in ends):
        raise UsageError("A logarithmic axis has no place for zero and what is below.")


def _number(text: str, _: int) -> float:
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UsageError(f"{text!r} is no number.")
    return value


def _span(text: str, _: int) -> float:
    sign, length = (-1, text[1:]) if text.startswith("-") else (1, text)
    found = 0 if length == "0" else duration_of(length)
    if found is None:
        raise UsageError(f"{text!r} is no length of time, such as 90s or 1h30m.")
    return float(sign * found)


def _moment(text: str, now: int) -> float:
    day = day_of(text, now)
    found = day[0] if day else instant_of(text, now)
    if found is None:
        raise UsageError(f"{text!r} is no moment, such as 2026-01-31 or 2026-01-31T18:30.")
    return float(found)


_READERS: Mapping[Unit, Callable[[str, int], float]] = {
    Unit.NUMBER: _number,
    Unit.COUNT: _number,
    Unit.SPAN: _span,
    Unit.MOMENT: _moment,
}


def _iso(milliseconds: float) -> str:
    from datetime import datetime

    try:
        return datetime.fromtimestamp(milliseconds / 1000).isoformat(timespec="milliseconds")
    except (ValueError, OverflowError, OSError):
        return ""


_WRITERS: Mapping[Unit, Callable[[float], str]] = {
    Unit.NUMBER: "{:.6g}".format,
    Unit.COUNT: "{:.10g}".format,
    Unit.SPAN: lambda value: f"{value / 1000:.10g}s",
    Unit.MOMENT: _iso,
}
