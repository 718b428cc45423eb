"""Rasterize segments to dots: vertical strokes in every column that a curve passes through."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from qtui.plot.array_types import Bools, Floats, Ints
    from qtui.plot.axes.limits import AxisLimits
    from qtui.plot.curves.downsampling import Segments
    from qtui.plot.scale import Scale

MAX_STROKES = 2_000_000
"""A curve with more strokes would fill the canvas, so that only its points are drawn."""


class Strokes(NamedTuple):
    """Vertical strokes: a column and the first and last row of each."""

    column: Ints
    top: Ints
    bottom: Ints


def rasterize(
    segments: Segments, limits: AxisLimits, scale: Scale, across: int, down: int, max_isolated: int = 0
) -> Bools:
    """Return dots, rows by columns, with the curve on them; up to `max_isolated` isolated points are enlarged."""
    import numpy

    def rows(values: Floats) -> Floats:
        return (1 - scale.fraction(values, *limits)) * (down - 1)

    points = Strokes(segments.column, _round(rows(segments.high)), _round(rows(segments.low)))
    parts = [points, _connecting_strokes(segments, rows(segments.first), rows(segments.last), across)]
    alone = _isolated_points(segments, points, across, down) if max_isolated else ()
    if 0 < len(alone) <= max_isolated:
        parts.append(_enlarge(points.column[alone], points.top[alone]))
    return fill_strokes(Strokes(*map(numpy.concatenate, zip(*parts, strict=True))), across, down)


def _isolated_points(segments: Segments, points: Strokes, across: int, down: int) -> Ints:
    """Return the indexes of visible points without a line."""
    import numpy

    onward = numpy.append(segments.joined[1:], [False])
    alone = ~segments.joined & ~onward & (points.top == points.bottom)
    on_canvas = (points.column >= 0) & (points.column < across) & (points.top >= 0) & (points.top < down)
    return numpy.flatnonzero(alone & on_canvas)


def _enlarge(column: Ints, row: Ints) -> Strokes:
    """Return strokes of four dots for each point, all in its cell."""
    import numpy

    both = numpy.concatenate([column, column ^ 1])
    top, bottom = numpy.minimum(row, row ^ 1), numpy.maximum(row, row ^ 1)
    return Strokes(both, numpy.tile(top, 2), numpy.tile(bottom, 2))


def _connecting_strokes(segments: Segments, first: Floats, last: Floats, across: int) -> Strokes:
    """Return the visible strokes of the lines between segments."""
    import numpy

    to = numpy.flatnonzero(segments.joined)
    left, right = segments.column[to - 1], segments.column[to]
    begin, end = numpy.maximum(left, 0), numpy.minimum(right, across - 1)
    lengths = numpy.maximum(end - begin + 1, 0)
    if int(lengths.sum()) > MAX_STROKES:
        lengths[:] = 0
    line = numpy.repeat(numpy.arange(len(to)), lengths)
    column = numpy.arange(len(line)) - numpy.repeat(numpy.cumsum(lengths) - lengths, lengths) + begin[line]
    width = numpy.maximum(right - left, 1)[line]
    start, rise = last[to - 1][line], (first[to] - last[to - 1])[line]
    before = _round(start + rise * numpy.clip((column - left[line] - 0.5) / width, 0, 1))
    after = _round(start + rise * numpy.clip((column - left[line] + 0.5) / width, 0, 1))
    # A stroke starts one row after the end of the one to its left, or the line would look thick.
    apart = numpy.where(column > left[line], numpy.sign(after - before), 0)
    return Strokes(column, numpy.minimum(before + apart, after), numpy.maximum(before + apart, after))


def fill_between(low: Bools, high: Bools) -> Bools:
    """Return a light pattern between two curves."""
    import numpy

    down, across = low.shape
    covered = (numpy.cumsum(high, axis=0) > 0) & (numpy.cumsum(low[::-1], axis=0)[::-1] > 0)
    rows, columns = numpy.ogrid[:down, :across]
    pattern: Bools = covered & ((columns + 2 * rows) % 4 == 0)
    return pattern


def fill_strokes(strokes: Strokes, across: int, down: int) -> Bools:
    """Return dots with these strokes set."""
    import numpy

    column, top, bottom = strokes
    visible = (column >= 0) & (column < across) & (top < down) & (bottom >= 0)
    # The row where the longest stroke ends that starts at a dot, then at this dot or above it.
    end_row = numpy.zeros((down, across), numpy.int32)
    start = numpy.maximum(top[visible], 0), column[visible]
    numpy.maximum.at(end_row, start, numpy.minimum(bottom[visible], down - 1).astype(numpy.int32) + 1)
    numpy.maximum.accumulate(end_row, axis=0, out=end_row)
    return end_row > numpy.arange(down, dtype=numpy.int32)[:, None]


def _round(rows: Floats) -> Ints:
    import numpy

    return numpy.rint(rows).astype(numpy.int64)
