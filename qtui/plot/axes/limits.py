"""Limits of axes: those of the data, clipped to leave out outliers, widened where they are too close."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from qtui.plot.scale import LINEAR, MAX_FLOAT, Scale

if TYPE_CHECKING:
    from qtui.plot.array_types import Floats
    from qtui.plot.series import Curve

MIN_RELATIVE_LENGTH = 1e-12
"""The minimum length of an axis, as a share of its largest number: below it floats run out of digits."""
MIN_RELATIVE_LENGTH_LOG = 1e-9
"""The same for logarithmic scales."""
MIN_FLOAT = 5e-324
OUTLIER_SHARE = 0.05
"""The share of the values at each end that does not decide on the limits without outliers."""


class AxisLimits(NamedTuple):
    """The limits of an axis."""

    low: float
    high: float


def x_limits(curves: Iterable[Curve], scale: Scale) -> AxisLimits | None:
    """Return the limits of the x values that can be drawn."""
    return union_limits(_curve_x_limits(curve, scale) for curve in curves)


def _curve_x_limits(curve: Curve, scale: Scale) -> AxisLimits | None:
    if (
        curve.is_ascending
        and len(curve)
        and curve.x[0] > (0 if scale.positive_only else -math.inf)
        and curve.x[-1] < math.inf
    ):
        return AxisLimits(float(curve.x[0]), float(curve.x[-1]))
    return drawable_limits(curve.x, scale)


def values_in_window(curve: Curve, window: AxisLimits) -> Floats:
    """Return the y values of the points in the window."""
    import numpy

    if curve.is_ascending:
        start = int(numpy.searchsorted(curve.x, window.low, "left"))
        return curve.y[start : int(numpy.searchsorted(curve.x, window.high, "right"))]
    return curve.y[(curve.x >= window.low) & (curve.x <= window.high)]


def drawable_limits(values: Floats, scale: Scale) -> AxisLimits | None:
    """Return the limits of the values that can be drawn on the scale."""
    import numpy

    if not len(values):
        return None
    low, high = float(values.min()), float(values.max())
    if not math.isfinite(low) or not math.isfinite(high) or (scale.positive_only and low <= 0):
        drawable = numpy.isfinite(values)
        if scale.positive_only:
            drawable &= values > 0
        values = values[drawable]
        if not len(values):
            return None
        low, high = float(values.min()), float(values.max())
    return AxisLimits(low, high)


def union_limits(limits: Iterable[AxisLimits | None]) -> AxisLimits | None:
    """Return the limits that contain all of these."""
    present = [part for part in limits if part is not None]
    return AxisLimits(min(part.low for part in present), max(part.high for part in present)) if present else None


def clip_limits(columns: Sequence[Floats], scale: Scale) -> AxisLimits | None:
    """Return limits without outliers: values far from those between the outlier quantiles."""
    import numpy

    full = union_limits(drawable_limits(column, scale) for column in columns)
    if full is None:
        return None
    values = numpy.concatenate([column[numpy.isfinite(column)] for column in columns])
    if scale.positive_only:
        values = values[values > 0]
    clipped = int(OUTLIER_SHARE * (len(values) - 1))
    ends = [clipped, len(values) - 1 - clipped]
    parted = numpy.partition(values, ends)
    inner = AxisLimits(float(parted[ends[0]]), float(parted[ends[1]]))
    around = AxisLimits(*scale.value(numpy.array([-0.5, 1.5]), *inner).tolist()) if inner.low < inner.high else inner
    return AxisLimits(max(full.low, around.low), min(full.high, around.high))


def widen_limits(limits: AxisLimits, scale: Scale) -> AxisLimits:
    """Return the limits, widened if they are too close to distinguish values."""
    low, high = limits
    size = max(abs(low), abs(high))
    part = MIN_RELATIVE_LENGTH if scale == LINEAR else MIN_RELATIVE_LENGTH_LOG
    if high / 2 - low / 2 > size * part / 2 and size > scale.resolution:
        return limits
    if scale.positive_only and low == high:
        return AxisLimits(max(low / 2, MIN_FLOAT), min(high, MAX_FLOAT / 2) * 2)
    room = max(size / 10 if low == high else size * part * 4, scale.resolution) if size else max(1.0, scale.resolution)
    return AxisLimits(
        max(low - room, MIN_FLOAT if scale.positive_only else -MAX_FLOAT), min(high, MAX_FLOAT - room) + room
    )
