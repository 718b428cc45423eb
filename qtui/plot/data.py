"""The data of a chart as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qtui.plot.chart import Chart
from qtui.plot.limits import of_places

if TYPE_CHECKING:
    from qtui.plot.series import Curve

TITLES = ("name", "step", "timestamp", "value", "smoothed")

Line = tuple[str, int, int, float, float | None]


def as_csv(chart: Chart) -> str:
    """The points that are seen as CSV, numbers as exact as they are."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(TITLES)
    writer.writerows(points(chart))
    return text.getvalue()


def points(chart: Chart) -> Iterator[Line]:
    """The points whose places are seen, curve by curve in logged order; the last value is for smoothed curves."""
    window = of_places(chart.shown, chart.x.scale)
    if window is not None:
        for curve in chart.curves:
            yield from _points(curve, *chart.x.around(window))


def _points(curve: Curve, low: float, high: float) -> Iterator[Line]:
    import numpy

    source = curve.source
    if source is None:
        return
    seen = numpy.flatnonzero((curve.x >= low) & (curve.x <= high))
    columns = [column[seen].tolist() for column in (source.steps, source.timestamps, source.values)]
    smoothed = [None] * len(seen) if curve.beneath is None else curve.y[seen].tolist()
    yield from zip([curve.name] * len(seen), *columns, smoothed, strict=True)
