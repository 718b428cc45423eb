"""The mean of several curves, and the band around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from qtui.plot.pieces import BAND_SUFFIX
from qtui.plot.series import Curve
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from qtui.plot.array_types import Floats, Ints

MAX_MEAN_POINTS = 1000
"""The maximum number of points of a mean; denser curves are averaged in equal intervals."""


BOOTSTRAP_DRAWS = 400
"""Samples of curves for a bootstrap interval."""
CONFIDENCE = 0.95


class BandSpread(StrEnum):
    """The extent of a band."""

    DEVIATION = "std"
    """One sample standard deviation around the mean."""
    QUARTILES = "quartiles"
    """The quartiles around the median."""
    INTERVAL = "interval"
    """The bootstrap interval that has the mean with 95 % confidence."""
    RANGE = "range"
    """The minimum and the maximum."""


@dataclass(frozen=True, eq=False)
class Band:
    """The area between two curves with the same x values."""

    low: Curve
    high: Curve
    role: str
    counts: Ints
    """The number of curves at each x value."""


def average_curves(
    curves: Sequence[Curve], name: str, role: str, spread: BandSpread = BandSpread.DEVIATION
) -> tuple[Curve, Band]:
    """Return the mean of the curves, or with quartiles their median, and the band around it.

    Between two points a curve counts with its interpolated value; before its first and after its last point
    it does not count."""
    import numpy

    x_values = _common_x(curves)
    table = numpy.array([_values_at(curve, x_values) for curve in curves]).reshape(len(curves), len(x_values))
    finite = numpy.isfinite(table)
    count = finite.sum(axis=0)
    table = numpy.where(finite, table, numpy.nan)
    parts = table / numpy.maximum(count, 1)
    mean = numpy.where(count, numpy.nansum(parts, axis=0), numpy.nan)
    if spread is BandSpread.QUARTILES:
        mean = _quantiles(table, 0.5)
    low, high = _SPREADS[spread](table, mean, count)
    right = bool(curves) and curves[0].is_right
    band = f"{role}{BAND_SUFFIX}"
    below, above = (Curve(name, band, x_values, end, is_right=right) for end in (low, high))
    return Curve(name, role, x_values, mean, is_right=right), Band(below, above, band, count)


def _common_x(curves: Sequence[Curve]) -> Floats:
    """Return the x values of all points, or evenly spaced ones if there are more than `MAX_MEAN_POINTS`."""
    import numpy

    all_x = numpy.unique(numpy.concatenate([curve.x[numpy.isfinite(curve.x)] for curve in curves] or [numpy.empty(0)]))
    return all_x if len(all_x) <= MAX_MEAN_POINTS else numpy.linspace(all_x[0], all_x[-1], MAX_MEAN_POINTS)


def _values_at(curve: Curve, x_values: Floats) -> Floats:
    """Return the values of a curve at these x values: interpolated, or averaged where its points are denser."""
    import numpy

    finite = numpy.isfinite(curve.x) & numpy.isfinite(curve.y)
    x, y = curve.x[finite], curve.y[finite]
    if not len(x):
        return numpy.full(len(x_values), numpy.nan)
    edges = (x_values[1:] + x_values[:-1]) / 2
    bucket = numpy.searchsorted(edges, x, "right")
    count = numpy.bincount(bucket, minlength=len(x_values))
    total = numpy.bincount(bucket, weights=y / count[bucket], minlength=len(x_values))
    filled = count > 0
    between = numpy.interp(x_values, x_values[filled], total[filled])
    return numpy.where((x_values >= x_values[filled][0]) & (x_values <= x_values[filled][-1]), between, numpy.nan)


def _deviation(table: Floats, mean: Floats, count: Floats) -> tuple[Floats, Floats]:
    import numpy

    # Scaled to the maximum, because squares of huge numbers overflow.
    distance = numpy.abs(table / 2 - mean / 2)
    greatest = float(numpy.nanmax(distance, initial=0.0)) or 1.0
    squares = numpy.nansum((distance / greatest) ** 2, axis=0) / numpy.maximum(count - 1, 1)
    with numpy.errstate(over="ignore"):
        deviation = numpy.sqrt(squares) * greatest * 2
        return mean - deviation, mean + deviation


def _range(table: Floats, mean: Floats, count: Floats) -> tuple[Floats, Floats]:
    import numpy

    low = numpy.fmin.reduce(table, axis=0, initial=numpy.inf)
    high = numpy.fmax.reduce(table, axis=0, initial=-numpy.inf)
    return numpy.where(count, low, numpy.nan), numpy.where(count, high, numpy.nan)


def _quartiles(table: Floats, mean: Floats, count: Floats) -> tuple[Floats, Floats]:
    return _quantiles(table, 0.25), _quantiles(table, 0.75)


def _quantiles(table: Floats, share: float) -> Floats:
    """Return a quantile of each column without its missing values; NaN for a column without any other."""
    import warnings

    import numpy

    if not len(table):
        return numpy.full(table.shape[1], numpy.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        # Halved, because the difference of two huge numbers overflows.
        quantiles: Floats = numpy.nanquantile(table / 2, share, axis=0) * 2
    return quantiles


def _interval(table: Floats, mean: Floats, count: Floats) -> tuple[Floats, Floats]:
    """Return the bootstrap interval of the mean: curves are drawn with replacement, the same ones at all x values."""
    import numpy

    if not len(table):
        return mean, mean
    draws = numpy.random.default_rng(0).multinomial(len(table), [1 / len(table)] * len(table), BOOTSTRAP_DRAWS)
    is_finite = numpy.isfinite(table)
    greatest = float(numpy.abs(table[is_finite]).max(initial=0.0)) or 1.0
    sums = draws @ numpy.where(is_finite, table / greatest, 0.0)
    with numpy.errstate(invalid="ignore", divide="ignore"):
        means = sums / (draws @ is_finite.astype(float)) * greatest
    low, high = (_quantiles(means, share) for share in ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2))
    return numpy.fmin(low, mean), numpy.fmax(high, mean)


_SPREADS: Mapping[BandSpread, Callable[[Floats, Floats, Floats], tuple[Floats, Floats]]] = {
    BandSpread.DEVIATION: _deviation,
    BandSpread.QUARTILES: _quartiles,
    BandSpread.INTERVAL: _interval,
    BandSpread.RANGE: _range,
}
