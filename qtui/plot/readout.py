"""Reads curves at a place, and finds the places that there are to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qtui.plot.plot_area import PlotArea

if TYPE_CHECKING:
    from qtui.plot.band import Band
    from qtui.plot.series import Curve


@dataclass(frozen=True, slots=True)
class Readout:
    """What a curve says at its point nearest to a place: of several points there, the one that was logged last."""

    name: str
    role: str
    x: float
    step: int | None
    """None where the curve was not logged but worked out, as the mean of several."""
    timestamp: int | None
    value: float
    smoothed: float | None = None
    low: float | None = None
    high: float | None = None
    """What the band around the curve reaches over, where it has one."""
    count: int = 1
    """Of how many curves it was made."""


def readout_at(curve: Curve, x: float, band: Band | None = None) -> Readout | None:
    """The reading of a curve, which may be the mean inside a band; none where it has no points."""
    index = nearest_index(curve, x)
    return None if index is None else _readout(curve, index, band)


def latest_readout(curve: Curve, band: Band | None = None) -> Readout | None:
    """The reading of a curve's latest point as MLflow has it; of one that was not logged, that of its last."""
    import numpy

    if not len(curve):
        return None
    source = curve.source
    if source is None:
        return _readout(curve, len(curve) - 1, band)
    # A value that is no number comes before all others.
    values = numpy.where(numpy.isnan(source.values), -numpy.inf, source.values)
    last = source.steps == source.steps.max()
    last &= source.timestamps == source.timestamps[last].max()
    found = numpy.flatnonzero(last)
    return _readout(curve, int(found[numpy.argmax(values[found])]), band)


def _readout(curve: Curve, index: int, band: Band | None) -> Readout:
    """What a curve says at one of its points."""
    place, source = float(curve.x[index]), curve.source
    if source is None:
        ends = () if band is None else (float(band.low.y[index]), float(band.high.y[index]), int(band.counts[index]))
        return Readout(curve.name, curve.role, place, None, None, float(curve.y[index]), None, *ends)
    smoothed = None if curve.raw is None else float(curve.y[index])
    step, timestamp, value = source.steps[index], source.timestamps[index], source.values[index]
    return Readout(curve.name, curve.role, place, int(step), int(timestamp), float(value), smoothed)


def nearest_index(curve: Curve, x: float) -> int | None:
    """Which point of a curve is nearest to a place: of several there, the last; none where there are no points."""
    import numpy

    if not len(curve):
        return None
    if curve.ascending:
        after = int(numpy.searchsorted(curve.x, x, "right"))
        if after == len(curve) or (after and x - curve.x[after - 1] <= curve.x[after] - x):
            return after - 1
        return int(numpy.searchsorted(curve.x, curve.x[after], "right")) - 1
    apart = numpy.abs(curve.x - x)
    return None if numpy.isnan(apart).all() else len(apart) - 1 - int(numpy.nanargmin(apart[::-1]))


def move_cursor(curves: Sequence[Curve], area: PlotArea, x: float, by: int) -> float:
    """The place of a cursor after it moved by so many cells: that of a point, and another one if there is any."""
    column = area.column_of(x)
    if column is None:
        column = area.left if x < area.x.low else area.left + area.width - 1
    target = area.x_at(column + by)
    found = [float(curve.x[index]) for curve in curves if (index := nearest_index(curve, target)) is not None]
    place = min(found, key=lambda each: abs(each - target), default=x)
    if (place - x) * by > 0:
        return place
    return _next_x(curves, x, forward=by > 0)


def next_point(curve: Curve, x: float, by: int) -> float:
    """The place of the very next point of a curve, or of the one before; the place itself where there is none."""
    return _next_x([curve], x, forward=by > 0)


def snap_to_point(curves: Sequence[Curve], x: float) -> float:
    """The place of the point that is nearest to a place; the place itself where there is none."""
    found = [float(curve.x[index]) for curve in curves if (index := nearest_index(curve, x)) is not None]
    return min(found, key=lambda each: abs(each - x), default=x)


def _next_x(curves: Sequence[Curve], x: float, *, forward: bool) -> float:
    """The nearest place of a point on one side of a place; the place itself where there is none."""
    beyond = [curve.x[curve.x > x] if forward else curve.x[curve.x < x] for curve in curves]
    ends = [float(places.min() if forward else places.max()) for places in beyond if len(places)]
    return (min if forward else max)(ends, default=x)
