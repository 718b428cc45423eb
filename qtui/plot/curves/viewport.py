"""Zoom, pan and follow axis limits; None stands for the full range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtui.plot.axes.limits import AxisLimits

if TYPE_CHECKING:
    from qtui.plot.scale import Scale

MIN_VISIBLE_SHARE = 1e-9
"""The smallest share of the full range that can be visible."""
END_TOLERANCE = 0.01
"""Limits whose end is this close to the end of the data, as a share of their length, follow it."""


def zoom(visible: AxisLimits, full: AxisLimits, scale: Scale, centre: float, factor: float) -> AxisLimits | None:
    """Return the limits zoomed around `centre`, which keeps its position; a factor of 2 halves the range."""
    low, high = _fractions(visible, full, scale)
    middle = min(max(_fraction(centre, full, scale), low), high)
    length = max((high - low) / factor, MIN_VISIBLE_SHARE)
    if length >= 1:
        return None
    share = (middle - low) / (high - low)
    return _shift_inside(middle - share * length, length, full, scale)


def pan(visible: AxisLimits, full: AxisLimits, scale: Scale, share: float) -> AxisLimits | None:
    """Return the limits moved by a share of their length, within the full range."""
    low, high = _fractions(visible, full, scale)
    return _shift_inside(low + share * (high - low), high - low, full, scale)


def scroll_into_view(visible: AxisLimits, full: AxisLimits, scale: Scale, x: float) -> AxisLimits:
    """Return the limits moved just far enough to show `x`."""
    low, high = _fractions(visible, full, scale)
    centre = _fraction(x, full, scale)
    beyond = min(0.0, centre - low) + max(0.0, centre - high)
    return (_shift_inside(low + beyond, high - low, full, scale) or visible) if beyond else visible


def follow_end(visible: AxisLimits, before: AxisLimits, after: AxisLimits) -> AxisLimits:
    """Return the limits after the data have grown: moved with the end if they were at it, else unchanged."""
    length = visible.high - visible.low
    if visible.high < before.high - END_TOLERANCE * length:
        return visible
    return AxisLimits(after.high - length, after.high)


def _shift_inside(low: float, length: float, full: AxisLimits, scale: Scale) -> AxisLimits | None:
    """Return limits of this length, moved into the full range."""
    if length >= 1:
        return None
    low = min(max(low, 0.0), 1 - length)
    return AxisLimits(_value(low, full, scale), _value(min(low + length, 1.0), full, scale))


def _fractions(limits: AxisLimits, full: AxisLimits, scale: Scale) -> tuple[float, float]:
    low, high = _fraction(limits.low, full, scale), _fraction(limits.high, full, scale)
    return low, max(high, low + MIN_VISIBLE_SHARE)


def _fraction(value: float, full: AxisLimits, scale: Scale) -> float:
    import numpy

    return float(scale.fraction(numpy.array([value]), *full)[0])


def _value(fraction: float, full: AxisLimits, scale: Scale) -> float:
    import numpy

    return float(scale.value(numpy.array([fraction]), *full)[0])
