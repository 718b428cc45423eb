"""Moves what is seen of an axis: nearer, along, and with curves that grow; no limits means all there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtui.plot.limits import Limits

if TYPE_CHECKING:
    from qtui.plot.scale import Scale

NEAREST = 1e-9
"""The least part of the whole that can be seen alone."""
AT_THE_END = 0.01
"""Limits that end this near to the end of the whole, as part of their length, follow it."""


def zoomed(seen: Limits, whole: Limits, scale: Scale, at: float, factor: float) -> Limits | None:
    """The limits after a zoom around a place: with a factor of 2 half as much is seen, the place where it was."""
    low, high = _fractions(seen, whole, scale)
    middle = min(max(_fraction(at, whole, scale), low), high)
    length = max((high - low) / factor, NEAREST)
    if length >= 1:
        return None
    share = (middle - low) / (high - low)
    return _within(middle - share * length, length, whole, scale)


def panned(seen: Limits, whole: Limits, scale: Scale, share: float) -> Limits | None:
    """The limits moved by a part of their length, as far as there is anything to see."""
    low, high = _fractions(seen, whole, scale)
    return _within(low + share * (high - low), high - low, whole, scale)


def revealed(seen: Limits, whole: Limits, scale: Scale, place: float) -> Limits:
    """The limits moved just as far as a place needs to be seen."""
    low, high = _fractions(seen, whole, scale)
    at = _fraction(place, whole, scale)
    beyond = min(0.0, at - low) + max(0.0, at - high)
    return (_within(low + beyond, high - low, whole, scale) or seen) if beyond else seen


def followed(seen: Limits, before: Limits, after: Limits) -> Limits:
    """The limits after the whole has grown: they move with its end when they were at it, and else they stay."""
    length = seen.high - seen.low
    if seen.high < before.high - AT_THE_END * length:
        return seen
    return Limits(after.high - length, after.high)


def _within(low: float, length: float, whole: Limits, scale: Scale) -> Limits | None:
    """Limits of this length, pushed into the whole."""
    if length >= 1:
        return None
    low = min(max(low, 0.0), 1 - length)
    return Limits(_value(low, whole, scale), _value(min(low + length, 1.0), whole, scale))


def _fractions(limits: Limits, whole: Limits, scale: Scale) -> tuple[float, float]:
    low, high = _fraction(limits.low, whole, scale), _fraction(limits.high, whole, scale)
    return low, max(high, low + NEAREST)


def _fraction(value: float, whole: Limits, scale: Scale) -> float:
    import numpy

    return float(scale.fraction(numpy.array([value]), *whole)[0])


def _value(fraction: float, whole: Limits, scale: Scale) -> float:
    import numpy

    return float(scale.value(numpy.array([fraction]), *whole)[0])
