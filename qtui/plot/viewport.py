"""Moves what is seen of an axis: nearer, along, and with curves that grow; no limits means all there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtui.plot.limits import AxisLimits

if TYPE_CHECKING:
    from qtui.plot.scale import Scale

MIN_VISIBLE_SHARE = 1e-9
"""The least part of the whole that can be seen alone."""
END_TOLERANCE = 0.01
"""Limits that end this near to the end of the whole, as part of their length, follow it."""


def zoom(seen: AxisLimits, whole: AxisLimits, scale: Scale, at: float, factor: float) -> AxisLimits | None:
    """The limits after a zoom around a place: with a factor of 2 half as much is seen, the place where it was."""
    low, high = _fractions(seen, whole, scale)
    middle = min(max(_fraction(at, whole, scale), low), high)
    length = max((high - low) / factor, MIN_VISIBLE_SHARE)
    if length >= 1:
        return None
    share = (middle - low) / (high - low)
    return _shift_inside(middle - share * length, length, whole, scale)


def pan(seen: AxisLimits, whole: AxisLimits, scale: Scale, share: float) -> AxisLimits | None:
    """The limits moved by a part of their length, as far as there is anything to see."""
    low, high = _fractions(seen, whole, scale)
    return _shift_inside(low + share * (high - low), high - low, whole, scale)


def scroll_into_view(seen: AxisLimits, whole: AxisLimits, scale: Scale, place: float) -> AxisLimits:
    """The limits moved just as far as a place needs to be seen."""
    low, high = _fractions(seen, whole, scale)
    at = _fraction(place, whole, scale)
    beyond = min(0.0, at - low) + max(0.0, at - high)
    return (_shift_inside(low + beyond, high - low, whole, scale) or seen) if beyond else seen


def follow_end(seen: AxisLimits, before: AxisLimits, after: AxisLimits) -> AxisLimits:
    """The limits after the whole has grown: they move with its end when they were at it, and else they stay."""
    length = seen.high - seen.low
    if seen.high < before.high - END_TOLERANCE * length:
        return seen
    return AxisLimits(after.high - length, after.high)


def _shift_inside(low: float, length: float, whole: AxisLimits, scale: Scale) -> AxisLimits | None:
    """Limits of this length, pushed into the whole."""
    if length >= 1:
        return None
    low = min(max(low, 0.0), 1 - length)
    return AxisLimits(_value(low, whole, scale), _value(min(low + length, 1.0), whole, scale))


def _fractions(limits: AxisLimits, whole: AxisLimits, scale: Scale) -> tuple[float, float]:
    low, high = _fraction(limits.low, whole, scale), _fraction(limits.high, whole, scale)
    return low, max(high, low + MIN_VISIBLE_SHARE)


def _fraction(value: float, whole: AxisLimits, scale: Scale) -> float:
    import numpy

    return float(scale.fraction(numpy.array([value]), *whole)[0])


def _value(fraction: float, whole: AxisLimits, scale: Scale) -> float:
    import numpy

    return float(scale.value(numpy.array([fraction]), *whole)[0])
