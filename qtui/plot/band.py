"""Several runs as one: their mean, and a band around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from qtui.plot.roles import BAND_SUFFIX
from qtui.plot.series import Curve

if TYPE_CHECKING:
    from qtui.plot.array_types import Floats, Ints

MAX_MEAN_POINTS = 1000
"""Runs whose points lie at more places than these are averaged in so many parts of equal length."""


class BandSpread(StrEnum):
    """What a band reaches over."""

    DEVIATION = "std"
    RANGE = "range"


@dataclass(frozen=True, eq=False)
class Band:
    """What lies between two curves at the same places."""

    low: Curve
    high: Curve
    role: str
    counts: Ints
    """Of how many curves each place was made."""


def average_curves(
    curves: Sequence[Curve], name: str, role: str, spread: BandSpread = BandSpread.DEVIATION
) -> tuple[Curve, Band]:
    """The mean of the curves, and one standard deviation (of a sample) or all of them around it.

    At a place where a curve has no point, its value is the one on the line between its neighbours; before its first
    and after its last point it does not count.
    """
    import numpy

    places = _common_x(curves)
    table = numpy.array([_values_at(curve, places) for curve in curves]).reshape(len(curves), len(places))
    known = numpy.isfinite(table)
    count = known.sum(axis=0)
    table = numpy.where(known, table, numpy.nan)
    parts = table / numpy.maximum(count, 1)
    mean = numpy.where(count, numpy.nansum(parts, axis=0), numpy.nan)
    low, high = _SPREADS[spread](table, mean, count)
    right = bool(curves) and curves[0].right
    band = f"{role}{BAND_SUFFIX}"
    below, above = (Curve(name, band, places, end, right=right) for end in (low, high))
    return Curve(name, role, places, mean, right=right), Band(below, above, band, count)


def _common_x(curves: Sequence[Curve]) -> Floats:
    """The places of all points, or the middles of equal parts where there are too many."""
    import numpy

    every = numpy.unique(numpy.concatenate([curve.x[numpy.isfinite(curve.x)] for curve in curves] or [numpy.empty(0)]))
    return every if len(every) <= MAX_MEAN_POINTS else numpy.linspace(every[0], every[-1], MAX_MEAN_POINTS)


def _values_at(curve: Curve, places: Floats) -> Floats:
    """A curve's mean at each place, or near it where its points are denser than the places."""
    import numpy

    known = numpy.isfinite(curve.x) & numpy.isfinite(curve.y)
    x, y = curve.x[known], curve.y[known]
    if not len(x):
        return numpy.full(len(places), numpy.nan)
    edges = (places[1:] + places[:-1]) / 2
    part = numpy.searchsorted(edges, x, "right")
    count = numpy.bincount(part, minlength=len(places))
    total = numpy.bincount(part, weights=y / count[part], minlength=len(places))
    there = count > 0
    between = numpy.interp(places, places[there], total[there])
    return numpy.where((places >= places[there][0]) & (places <= places[there][-1]), between, numpy.nan)


def _deviation(table: Floats, mean: Floats, count: Floats) -> tuple[Floats, Floats]:
    import numpy

    # As parts of the greatest, for squares of huge numbers are more than a float holds.
    apart = numpy.abs(table / 2 - mean / 2)
    greatest = float(numpy.nanmax(apart, initial=0.0)) or 1.0
    squares = numpy.nansum((apart / greatest) ** 2, axis=0) / numpy.maximum(count - 1, 1)
    with numpy.errstate(over="ignore"):
        deviation = numpy.sqrt(squares) * greatest * 2
        return mean - deviation, mean + deviation


def _range(table: Floats, mean: Floats, count: Floats) -> tuple[Floats, Floats]:
    import numpy

    low = numpy.fmin.reduce(table, axis=0, initial=numpy.inf)
    high = numpy.fmax.reduce(table, axis=0, initial=-numpy.inf)
    return numpy.where(count, low, numpy.nan), numpy.where(count, high, numpy.nan)


_SPREADS: Mapping[BandSpread, Callable[[Floats, Floats, Floats], tuple[Floats, Floats]]] = {
    BandSpread.DEVIATION: _deviation,
    BandSpread.RANGE: _range,
}
