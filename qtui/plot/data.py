"""The data of a chart as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qtui.plot.chart import Chart
from qtui.plot.limits import of_places
from qtui.plot.roles import BAND_SUFFIX
from qtui.text import csv_text

if TYPE_CHECKING:
    from qtui.plot.arrays import Ints
    from qtui.plot.band import Band
    from qtui.plot.series import Curve, Series

TITLES = ("name", "step", "timestamp", "value", "smoothed")
BAND_TITLES = ("place", "low", "high")
"""Further columns where there are bands: where on the axis a mean is, and what the band reaches over there."""

Line = tuple[str | int | float | None, ...]


def as_csv(chart: Chart) -> str:
    """The points that are seen as CSV, numbers as exact as they are."""
    return csv_text([(*TITLES, *(BAND_TITLES if chart.bands else ())), *points(chart)])


def points(chart: Chart) -> Iterator[Line]:
    """The points whose places are seen, curve by curve in logged order; the last value is for smoothed curves."""
    window = of_places(chart.shown, chart.x.scale)
    if window is None:
        return
    bands = {(band.low.name, band.role.removesuffix(BAND_SUFFIX)): band for band in chart.bands}
    low, high = chart.x.around(window)
    for curve in chart.curves:
        if curve.source is not None:
            yield from _points(curve, curve.source, low, high)
        else:
            yield from _means(curve, bands.get((curve.name, curve.role)), low, high)


def _points(curve: Curve, source: Series, low: float, high: float) -> Iterator[Line]:
    """What was logged."""
    seen = _seen(curve, low, high)
    columns = [column[seen].tolist() for column in (source.steps, source.timestamps, source.values)]
    smoothed = [None] * len(seen) if curve.beneath is None else curve.y[seen].tolist()
    yield from zip([curve.name] * len(seen), *columns, smoothed, strict=True)


def _means(curve: Curve, band: Band | None, low: float, high: float) -> Iterator[Line]:
    """What was worked out: no step and no time of its own, but a place, and what the band reaches over."""
    seen = _seen(curve, low, high)
    ends = ([None] * len(seen),) * 2 if band is None else (band.low.y[seen].tolist(), band.high.y[seen].tolist())
    for place, value, *reach in zip(curve.x[seen].tolist(), curve.y[seen].tolist(), *ends, strict=True):
        yield curve.name, None, None, value, None, place, *reach


def _seen(curve: Curve, low: float, high: float) -> Ints:
    import numpy

    return numpy.flatnonzero((curve.x >= low) & (curve.x <= high))
