"""Export the points of a chart as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qtui.plot.axes.limits import x_limits
from qtui.plot.curves.chart import Chart
from qtui.plot.pieces import BAND_SUFFIX
from qtui.text import csv_text

if TYPE_CHECKING:
    from qtui.plot.array_types import Ints
    from qtui.plot.curves.band import Band
    from qtui.plot.series import Curve, Series

COLUMNS = ("name", "step", "timestamp", "value", "smoothed")
BAND_COLUMNS = ("x", "low", "high")
"""Additional columns for means: their x value and the edges of their band."""

CsvRow = tuple[str | int | float | None, ...]


def chart_csv(chart: Chart) -> str:
    """Return the visible points as CSV with exact numbers."""
    return csv_text([(*COLUMNS, *(BAND_COLUMNS if chart.bands else ())), *csv_rows(chart)])


def csv_rows(chart: Chart) -> Iterator[CsvRow]:
    """Yield the points in the visible x range, curve by curve, in logged order."""
    window = x_limits(chart.axis_curves, chart.x.scale)
    if window is None:
        return
    bands = {(band.low.name, band.role.removesuffix(BAND_SUFFIX)): band for band in chart.bands}
    low, high = chart.x.limits_for(window)
    for curve in chart.curves:
        if curve.source is not None:
            yield from _logged_rows(curve, curve.source, low, high)
        else:
            yield from _mean_rows(curve, bands.get((curve.name, curve.role)), low, high)


def _logged_rows(curve: Curve, source: Series, low: float, high: float) -> Iterator[CsvRow]:
    """Yield the logged points of a curve."""
    indexes = _indexes_between(curve, low, high)
    columns = [column[indexes].tolist() for column in (source.steps, source.timestamps, source.values)]
    smoothed = [None] * len(indexes) if curve.raw is None else curve.y[indexes].tolist()
    yield from zip([curve.name] * len(indexes), *columns, smoothed, strict=True)


def _mean_rows(curve: Curve, band: Band | None, low: float, high: float) -> Iterator[CsvRow]:
    """Yield the points of a mean: without a step and a time, but with the x value and the edges of the band."""
    indexes = _indexes_between(curve, low, high)
    edges = (
        ([None] * len(indexes),) * 2 if band is None else (band.low.y[indexes].tolist(), band.high.y[indexes].tolist())
    )
    for x, value, *band_edges in zip(curve.x[indexes].tolist(), curve.y[indexes].tolist(), *edges, strict=True):
        yield curve.name, None, None, value, None, x, *band_edges


def _indexes_between(curve: Curve, low: float, high: float) -> Ints:
    import numpy

    return numpy.flatnonzero((curve.x >= low) & (curve.x <= high))
