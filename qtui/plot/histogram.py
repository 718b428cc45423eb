"""How often values lie where, as upright bars."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from qtui.figures import count
from qtui.plot.axes import draw_axes, draw_guides
from qtui.plot.axis import PLAIN_AXIS, Axis, Unit
from qtui.plot.chart import Chart
from qtui.plot.glyphs import BRAILLE, Glyphs
from qtui.plot.layout import Layout, laid_out
from qtui.plot.limits import Limits, extent, widened
from qtui.plot.picture import Picture
from qtui.plot.pieces import Piece
from qtui.plot.raster import Strokes, filled
from qtui.plot.rows import fitted, row_of
from qtui.plot.scale import GREATEST, LINEAR
from qtui.plot.sheet import Sheet, characters
from qtui.plot.ticks import Step, steps_from
from qtui.text import display

if TYPE_CHECKING:
    from qtui.plot.arrays import Floats, Ints

MOST_BINS = 40
CELLS_PER_BIN = 2
GREATEST_STEP = Step(1, 308)
COUNTS = Axis(unit=Unit.COUNT, low=0)


@dataclass(frozen=True, eq=False)
class Histogram:
    """Values whose spread is to be seen; what is not finite is counted in words."""

    values: Floats
    title: str = ""
    x: Axis = PLAIN_AXIS
    role: str = "run-0"
    glyphs: Glyphs = BRAILLE


class Bins(NamedTuple):
    """How many values lie between each edge and the next."""

    edges: Floats
    counts: Ints


def bins(values: Floats, most: int) -> Bins | None:
    """At most so many bins with round edges, about as many as the number of values bears; none without values."""
    import numpy

    finite = values[numpy.isfinite(values)]
    limits = extent(finite, LINEAR)
    if limits is None:
        return None
    low, high = widened(limits, LINEAR)
    # Twice the cube root, as Rice has it.
    wanted = min(max(1, most - 2), max(5, round(2 * len(finite) ** (1 / 3))))
    step = next(steps_from((high / 2 - low / 2) / wanted * 2), GREATEST_STEP)
    first, last = int(numpy.floor(low / step.times(1))), int(numpy.ceil(high / step.times(1)))
    edges = numpy.unique(numpy.clip([step.times(number) for number in range(first, last + 1)], -GREATEST, GREATEST))
    edges[0], edges[-1] = min(edges[0], low), max(edges[-1], high)
    part = numpy.clip(numpy.searchsorted(edges, finite, "right") - 1, 0, len(edges) - 2)
    return Bins(edges, numpy.bincount(part, minlength=len(edges) - 1))


def draw_histogram(chart: Histogram, cells: int, rows: int) -> Picture:
    """The histogram in exactly so many cells and rows."""
    import numpy

    cells, rows = max(0, cells), max(0, rows)
    other = len(chart.values) - int(numpy.isfinite(chart.values).sum())
    title = [Piece(display(chart.title), "title")] if chart.title else []
    if other:
        title.append(Piece(f"{'  ' if title else ''}{count(other, 'value')} not finite", "muted"))
    above = [row_of(cells, *title)] if title and rows > 1 else []
    sheet = Sheet(cells, rows - len(above))
    found = bins(chart.values, min(MOST_BINS, cells // CELLS_PER_BIN))
    if found is None or cells < 2 or not sheet.height:
        sheet.write(sheet.height // 2, max(0, (cells - 9) // 2), "no values", "muted")
        return Picture(fitted((*above, *sheet.rows()), cells, rows))
    layout = _layout(chart, found, sheet)
    _draw_bins(chart, found, layout, sheet)
    frame = replace(layout.frame, top=layout.frame.top + len(above))
    return Picture(fitted((*above, *sheet.rows()), cells, rows), frame)


def _layout(chart: Histogram, found: Bins, sheet: Sheet) -> Layout:
    """The axes around the bins; the one of counts begins at 0."""
    whole = Chart(x=chart.x, y=COUNTS, glyphs=chart.glyphs)
    window = chart.x.around(Limits(float(found.edges[0]), float(found.edges[-1])))
    layout = laid_out(whole, window, Limits(0.0, float(found.counts.max())), None, sheet.width, sheet.height)
    draw_axes(whole, layout, sheet)
    return layout


def _draw_bins(chart: Histogram, found: Bins, layout: Layout, sheet: Sheet) -> None:
    """Draw a bar for each bin, one column of dots apart where there is room."""
    import numpy

    frame = layout.frame
    across, down = frame.width * frame.across, frame.height * frame.down
    places = numpy.rint(frame.x_scale.fraction(found.edges, *frame.x) * (across - 1)).astype(numpy.int64)
    limits = frame.y or Limits(0.0, 1.0)
    heights = numpy.rint(frame.y_scale.fraction(found.counts.astype(float), *limits) * (down - 1)).astype(numpy.int64)
    # Whoever is there is seen, however few they are among the others.
    heights = numpy.where(found.counts > 0, numpy.maximum(heights, 0) + 1, 0)
    lengths = numpy.maximum(numpy.diff(places) - 1, 1) * (found.counts > 0)
    column = numpy.arange(lengths.sum()) - numpy.repeat(numpy.cumsum(lengths) - lengths, lengths)
    column += numpy.repeat(places[:-1], lengths)
    top = down - numpy.repeat(heights, lengths)
    dots = filled(Strokes(column, top, numpy.full(len(top), down - 1)), across, down)
    sheet.stamp(frame.top, frame.left, characters(dots, chart.glyphs), chart.role)
    draw_guides(Chart(glyphs=chart.glyphs), layout, sheet)
