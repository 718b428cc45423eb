"""Where an axis begins and ends."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from qtui.plot.scale import GREATEST, LINEAR, Scale

if TYPE_CHECKING:
    from qtui.plot.arrays import Floats
    from qtui.plot.series import Curve

FINEST = 1e-12
"""A stretch shorter than this part of its numbers is widened: beyond it floats run out of digits."""
FINEST_BENT = 1e-9
"""The same where logarithms are taken."""
LEAST = 5e-324


class Limits(NamedTuple):
    """The ends of an axis."""

    low: float
    high: float


def of_places(curves: Iterable[Curve], scale: Scale) -> Limits | None:
    """From the first place that can be drawn to the last."""
    ends = [limits for curve in curves if (limits := _places(curve, scale)) is not None]
    return Limits(min(each.low for each in ends), max(each.high for each in ends)) if ends else None


def _places(curve: Curve, scale: Scale) -> Limits | None:
    """Where a curve begins and ends."""
    if curve.ascending and len(curve) and curve.x[0] > (0 if scale.positive else -math.inf) and curve.x[-1] < math.inf:
        return Limits(float(curve.x[0]), float(curve.x[-1]))
    return extent(curve.x, scale)


def seen(curve: Curve, window: Limits) -> Floats:
    """The values whose places are in the window."""
    import numpy

    if curve.ascending:
        start = int(numpy.searchsorted(curve.x, window.low, "left"))
        return curve.y[start : int(numpy.searchsorted(curve.x, window.high, "right"))]
    return curve.y[(curve.x >= window.low) & (curve.x <= window.high)]


def extent(values: Floats, scale: Scale) -> Limits | None:
    """From the least value that can be drawn to the greatest."""
    import numpy

    if not len(values):
        return None
    low, high = float(values.min()), float(values.max())
    if not math.isfinite(low) or not math.isfinite(high) or (scale.positive and low <= 0):
        drawable = numpy.isfinite(values)
        if scale.positive:
            drawable &= values > 0
        values = values[drawable]
        if not len(values):
            return None
        low, high = float(values.min()), float(values.max())
    return Limits(low, high)


def join(limits: Iterable[Limits | None]) -> Limits | None:
    """The limits around all of these."""
    known = [each for each in limits if each is not None]
    return Limits(min(each.low for each in known), max(each.high for each in known)) if known else None


def clipped(columns: Sequence[Floats], scale: Scale, share: float = 0.05) -> Limits | None:
    """Limits that leave out the few values that lie far from the rest; `share` is how many that may be at each end."""
    import numpy

    whole = join(extent(column, scale) for column in columns)
    if whole is None:
        return None
    values = numpy.concatenate([column[numpy.isfinite(column)] for column in columns])
    if scale.positive:
        values = values[values > 0]
    ends = [int(share * (len(values) - 1)), len(values) - 1 - int(share * (len(values) - 1))]
    parted = numpy.partition(values, ends)
    inner = Limits(float(parted[ends[0]]), float(parted[ends[1]]))
    around = Limits(*scale.value(numpy.array([-0.5, 1.5]), *inner).tolist()) if inner.low < inner.high else inner
    return Limits(max(whole.low, around.low), min(whole.high, around.high))


def widened(limits: Limits, scale: Scale) -> Limits:
    """The same limits, or wider ones where they are too near to each other to tell places apart."""
    low, high = limits
    size = max(abs(low), abs(high))
    part = FINEST if scale == LINEAR else FINEST_BENT
    if high / 2 - low / 2 > size * part / 2 and size > scale.finest:
        return limits
    if scale.positive and low == high:
        return Limits(max(low / 2, LEAST), min(high, GREATEST / 2) * 2)
    room = max(size / 10 if low == high else size * part * 4, scale.finest) if size else max(1.0, scale.finest)
    return Limits(max(low - room, LEAST if scale.positive else -GREATEST), min(high, GREATEST - room) + room)
