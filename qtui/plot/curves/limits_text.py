"""Parse and format axis limits, such as `x 0:500 y 1e-3:1 right :10`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from qtui.errors import UsageError
from qtui.plot.axes.axis import Unit
from qtui.plot.curves.chart_options import AUTOMATIC, ChartOptions, FixedLimits
from qtui.plot.scale import Scale
from qtui.query.times import parse_day, parse_duration, parse_instant

SYNTAX_HELP = "Type an axis and its limits, such as x 0:500 or y 1e-3:1; a missing limit follows the data."
GETTERS: Mapping[str, Callable[[ChartOptions], FixedLimits]] = {
    "x": lambda options: options.x_limits,
    "y": lambda options: options.y_limits,
    "right": lambda options: options.y_right_limits,
}
SETTERS: Mapping[str, Callable[[ChartOptions, FixedLimits], ChartOptions]] = {
    "x": lambda options, ends: replace(options, x_limits=ends),
    "y": lambda options, ends: replace(options, y_limits=ends),
    "right": lambda options, ends: replace(options, y_right_limits=ends),
}
_AXIS = re.compile(r"(?:^|\s)(x|y|right)(?=\s|$)", re.IGNORECASE)
_RANGE_SEPARATOR = re.compile(r"\.\.|…")


def parse_limits(text: str, options: ChartOptions, scales: Mapping[str, Scale], now: int) -> ChartOptions:
    """Return the options with these limits; an axis that is not named keeps its limits, one without limits
    follows the data."""
    before, *parts = _AXIS.split(text)
    if before.strip() or not parts:
        raise UsageError(SYNTAX_HELP)
    for name, ends in zip(parts[::2], parts[1::2], strict=True):
        axis = name.lower()
        unit = options.x_unit if axis == "x" else Unit.NUMBER
        both = _parse_ends(ends.strip(), unit, now)
        _check_scale(both, scales[axis])
        options = SETTERS[axis](options, both)
    return options


def format_limits(options: ChartOptions) -> str:
    """Return the fixed limits as text that `parse_limits` reads."""
    return " ".join(_formatted_axes(options))


def _formatted_axes(options: ChartOptions) -> Iterator[str]:
    for axis, get in GETTERS.items():
        ends = get(options)
        if ends != AUTOMATIC:
            unit = options.x_unit if axis == "x" else Unit.NUMBER
            between = ".." if unit is Unit.TIMESTAMP else ":"
            yield f"{axis} " + between.join("" if end is None else _FORMATTERS[unit](end) for end in ends)


def _parse_ends(text: str, unit: Unit, now: int) -> FixedLimits:
    """Parse two limits, each of which can be missing."""
    if not text:
        return AUTOMATIC
    parts = _RANGE_SEPARATOR.split(text) if _RANGE_SEPARATOR.search(text) or unit is Unit.TIMESTAMP else text.split(":")
    if len(parts) != 2:
        raise UsageError(
            "Type two dots between dates: x 2026-01-31..2026-02-02." if unit is Unit.TIMESTAMP else SYNTAX_HELP
        )
    low, high = (_PARSERS[unit](part.strip(), now) if part.strip() else None for part in parts)
    return FixedLimits(high, low) if low is not None and high is not None and low > high else FixedLimits(low, high)


def _check_scale(ends: FixedLimits, scale: Scale) -> None:
    """Raise `UsageError` for limits that are not on the scale."""
    if scale.positive_only and any(end is not None and end <= 0 for end in ends):
        raise UsageError("A logarithmic axis needs limits above zero.")


def _parse_number(text: str, _: int) -> float:
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UsageError(f"{text!r} is not a number.")
    return value


def _parse_duration(text: str, _: int) -> float:
    sign, length = (-1, text[1:]) if text.startswith("-") else (1, text)
    milliseconds = 0 if length == "0" else parse_duration(length)
    if milliseconds is None:
        raise UsageError(f"{text!r} is not a duration such as 90s or 1h30m.")
    return float(sign * milliseconds)


def _parse_time(text: str, now: int) -> float:
    day = parse_day(text, now)
    instant = day[0] if day else parse_instant(text, now)
    if instant is None:
        raise UsageError(f"{text!r} is not a date or time such as 2026-01-31 or 2026-01-31T18:30.")
    return float(instant)


_PARSERS: Mapping[Unit, Callable[[str, int], float]] = {
    Unit.NUMBER: _parse_number,
    Unit.COUNT: _parse_number,
    Unit.DURATION: _parse_duration,
    Unit.TIMESTAMP: _parse_time,
}


def _format_iso(milliseconds: float) -> str:
    from datetime import datetime

    try:
        return datetime.fromtimestamp(milliseconds / 1000).isoformat(timespec="milliseconds")
    except (ValueError, OverflowError, OSError):
        return ""


_FORMATTERS: Mapping[Unit, Callable[[float], str]] = {
    Unit.NUMBER: "{:.6g}".format,
    Unit.COUNT: "{:.10g}".format,
    Unit.DURATION: lambda value: f"{value / 1000:.10g}s",
    Unit.TIMESTAMP: _format_iso,
}
