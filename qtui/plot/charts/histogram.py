"""Histograms, drawn by plotext."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qtui.formatting import format_count
from qtui.plot.axes.axis import Axis, Unit, horizontal_ruler, vertical_ruler
from qtui.plot.axes.axis_frame import bottom_row, framed_rows, glyphs_for, labels_of, title_rows
from qtui.plot.axes.limits import AxisLimits, widen_limits
from qtui.plot.charts.plotext_canvas import PlotextCanvas
from qtui.plot.picture import Picture
from qtui.plot.pieces import Piece, Row
from qtui.plot.rows import fit_row, fit_rows
from qtui.plot.scale import LINEAR, MAX_FLOAT
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from qtui.plot.array_types import Floats

COLUMN_TOPS = "▁▂▃▄▅▆▇█"
"""The upper end of a column, in eighths of a cell."""
MIN_BINS = 8
MIN_AREA_CELLS = 8
MIN_AREA_ROWS = 2


@dataclass(frozen=True, slots=True)
class Histogram:
    """Values to be counted; those that are not finite are left out, and counted in the title."""

    values: Sequence[float]
    title: str = ""
    role: str = "run-0"
    ascii_only: bool = False


def draw_histogram(histogram: Histogram, cells: int, rows: int) -> Picture:
    """Return the histogram in exactly this many cells and rows."""
    import numpy

    cells, rows = max(0, cells), max(0, rows)
    values = numpy.asarray(histogram.values, float)
    finite = values[numpy.isfinite(values)]
    # Numbers beyond half of the range of floats have no finite distance.
    finite = finite[numpy.abs(finite) <= MAX_FLOAT / 4]
    left_out = len(values) - len(finite)
    head = title_rows(cells, histogram.title, f"{format_count(left_out, 'value')} left out" if left_out else "")
    body = _body(histogram, finite, cells, rows - len(head))
    return Picture(fit_rows((*head, *body), cells, rows))


def _body(histogram: Histogram, values: Floats, cells: int, rows: int) -> list[Row]:
    label_cells = max(4, len(f"{len(values):,}"))
    area, height = cells - label_cells - 1, rows - 1
    if not len(values):
        return [fit_row(cells, Piece("no finite value", "muted"))]
    if area < MIN_AREA_CELLS or height < MIN_AREA_ROWS:
        return [fit_row(cells, Piece("too little room for a histogram", "muted"))]
    counts, limits = _count(values, area)
    bar_cells = area // len(counts)
    glyphs = glyphs_for(ascii_only=histogram.ascii_only)
    y = vertical_ruler(Axis(low=0, high=max(counts), unit=Unit.COUNT), AxisLimits(0, max(counts)), height, 1)
    x = horizontal_ruler(Axis(), limits, bar_cells * len(counts), 1)
    body = _columns(histogram, counts, bar_cells, height)
    body = framed_rows([fit_row(area, *row) for row in body], labels_of(y), label_cells, glyphs)
    return [*body, bottom_row(x.marks, label_cells + 1, cells)]


def _count(values: Floats, cells: int) -> tuple[list[int], AxisLimits]:
    """Return the counts of bins of equal width, one for a number of cells, and the limits of the axis."""
    import numpy

    limits = widen_limits(AxisLimits(float(values.min()), float(values.max())), LINEAR)
    bin_count = max(MIN_BINS, math.ceil(2 * len(values) ** (1 / 3)))
    bin_cells = max(1, cells // bin_count)
    counts, _ = numpy.histogram(values, bins=cells // bin_cells, range=limits)
    return counts.tolist(), limits


def _columns(histogram: Histogram, counts: Sequence[int], bar_cells: int, height: int) -> list[Row]:
    """Draw a column for each count, with a gap between wide ones."""
    width = len(counts) * bar_cells
    canvas = PlotextCanvas(width, height, AxisLimits(0, max(1, width - 1)), AxisLimits(0, max(1, height - 1)))
    points: dict[str, tuple[list[int], list[int]]] = {}
    drawn_cells = max(1, bar_cells - (bar_cells > 2))
    for number, count in enumerate(counts):
        for row, symbol in enumerate(_column(count / max(counts) * height, histogram.ascii_only)):
            xs, ys = points.setdefault(symbol, ([], []))
            xs += range(number * bar_cells, number * bar_cells + drawn_cells)
            ys += [row] * drawn_cells
    for symbol, (xs, ys) in points.items():
        canvas.add_symbols(xs, ys, symbol, histogram.role)
    return canvas.rows()


def _column(length: float, ascii_only: bool) -> list[str]:
    """Return the cells of a column from below; a count above zero is always visible."""
    if not length:
        return []
    if ascii_only:
        return ["#"] * max(1, round(length))
    full_cells, eighths = divmod(max(1, round(length * 8)), 8)
    return ["█"] * full_cells + ([COLUMN_TOPS[eighths - 1]] if eighths else [])
