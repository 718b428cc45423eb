"""Read curves at an x value, and move a cursor between their points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qtui.plot.axes.plot_area import PlotArea
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from qtui.plot.curves.band import Band
    from qtui.plot.series import Curve


@dataclass(frozen=True, slots=True)
class Readout:
    """The point of a curve nearest to an x value; of several there, the one that was logged last."""

    name: str
    role: str
    x: float
    step: int | None
    """None for a mean."""
    timestamp: int | None
    value: float
    smoothed: float | None = None
    low: float | None = None
    high: float | None = None
    """The edges of the band around the curve, if it has one."""
    count: int = 1
    """The number of curves in a mean."""


def readout_at(curve: Curve, x: float, band: Band | None = None) -> Readout | None:
    """Return the readout of a curve, with its band if it is a mean; None without points."""
    index = nearest_index(curve, x)
    return None if index is None else _readout(curve, index, band)


def latest_readout(curve: Curve, band: Band | None = None) -> Readout | None:
    """Return the readout of the latest point as MLflow defines it; for a mean, of its last point."""
    import numpy

    if not len(curve):
        return None
    source = curve.source
    if source is None:
        return _readout(curve, len(curve) - 1, band)
    # NaN counts as less than any number.
    values = numpy.where(numpy.isnan(source.values), -numpy.inf, source.values)
    last = source.steps == source.steps.max()
    last &= source.timestamps == source.timestamps[last].max()
    candidates = numpy.flatnonzero(last)
    return _readout(curve, int(candidates[numpy.argmax(values[candidates])]), band)


def _readout(curve: Curve, index: int, band: Band | None) -> Readout:
    """Return the readout of one point of a curve."""
    nearest_x, source = float(curve.x[index]), curve.source
    if source is None:
        ends = () if band is None else (float(band.low.y[index]), float(band.high.y[index]), int(band.counts[index]))
        return Readout(curve.name, curve.role, nearest_x, None, None, float(curve.y[index]), None, *ends)
    smoothed = None if curve.raw is None else float(curve.y[index])
    step, timestamp, value = source.steps[index], source.timestamps[index], source.values[index]
    return Readout(curve.name, curve.role, nearest_x, int(step), int(timestamp), float(value), smoothed)


def nearest_index(curve: Curve, x: float) -> int | None:
    """Return the index of the point nearest to `x`, the last of several; None without points."""
    import numpy

    if not len(curve):
        return None
    if curve.is_ascending:
        after = int(numpy.searchsorted(curve.x, x, "right"))
        if after == len(curve) or (after and x - curve.x[after - 1] <= curve.x[after] - x):
            return after - 1
        return int(numpy.searchsorted(curve.x, curve.x[after], "right")) - 1
    apart = numpy.abs(curve.x - x)
    return None if numpy.isnan(apart).all() else len(apart) - 1 - int(numpy.nanargmin(apart[::-1]))


def move_cursor(curves: Sequence[Curve], area: PlotArea, x: float, cells_right: int) -> float:
    """Return the x value of the cursor after moving this many cells: that of a point, and a different one
    if possible."""
    column = area.column_of(x)
    if column is None:
        column = area.left if x < area.x.low else area.left + area.width - 1
    target = area.x_at(column + cells_right)
    candidates = [float(curve.x[index]) for curve in curves if (index := nearest_index(curve, target)) is not None]
    nearest_x = min(candidates, key=lambda x_value: abs(x_value - target), default=x)
    if (nearest_x - x) * cells_right > 0:
        return nearest_x
    return _next_x(curves, x, forward=cells_right > 0)


def next_point(curve: Curve, x: float, direction: int) -> float:
    """Return the x value of the next point of a curve in a direction (1 or -1), or `x` if there is none."""
    return _next_x([curve], x, forward=direction > 0)


def snap_to_point(curves: Sequence[Curve], x: float) -> float:
    """Return the x value of the nearest point, or `x` if there is none."""
    candidates = [float(curve.x[index]) for curve in curves if (index := nearest_index(curve, x)) is not None]
    return min(candidates, key=lambda x_value: abs(x_value - x), default=x)


def _next_x(curves: Sequence[Curve], x: float, *, forward: bool) -> float:
    """Return the x value of the nearest point on one side of `x`, or `x` if there is none."""
    beyond = [curve.x[curve.x > x] if forward else curve.x[curve.x < x] for curve in curves]
    ends = [float(x_values.min() if forward else x_values.max()) for x_values in beyond if len(x_values)]
    return (min if forward else max)(ends, default=x)
