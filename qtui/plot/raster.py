"""Turns stretches into dots: upright strokes in every column that the curve passes through."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from qtui.plot.array_types import Bools, Floats, Ints
    from qtui.plot.downsampling import Segments
    from qtui.plot.limits import AxisLimits
    from qtui.plot.scale import Scale

MAX_STROKES = 2_000_000
"""A curve that goes back and forth more often would fill the canvas anyhow; its points are drawn without lines."""


class Strokes(NamedTuple):
    """Columns of dots, and in each the rows from top to bottom that are set."""

    column: Ints
    top: Ints
    bottom: Ints


def rasterize(segments: Segments, limits: AxisLimits, scale: Scale, across: int, down: int, lone: int = 0) -> Bools:
    """A canvas of dots, rows by columns, with the curve on it; up to so many lone points are enlarged."""
    import numpy

    def rows(values: Floats) -> Floats:
        return (1 - scale.fraction(values, *limits)) * (down - 1)

    points = Strokes(segments.column, _round(rows(segments.high)), _round(rows(segments.low)))
    parts = [points, _connecting_strokes(segments, rows(segments.first), rows(segments.last), across)]
    alone = _isolated_points(segments, points, across, down) if lone else ()
    if 0 < len(alone) <= lone:
        parts.append(_enlarge(points.column[alone], points.top[alone]))
    return fill_strokes(Strokes(*map(numpy.concatenate, zip(*parts, strict=True))), across, down)


def _isolated_points(segments: Segments, points: Strokes, across: int, down: int) -> Ints:
    """The points on the canvas that no line goes to or comes from."""
    import numpy

    onward = numpy.append(segments.joined[1:], [False])
    alone = ~segments.joined & ~onward & (points.top == points.bottom)
    on_canvas = (points.column >= 0) & (points.column < across) & (points.top >= 0) & (points.top < down)
    return numpy.flatnonzero(alone & on_canvas)


def _enlarge(column: Ints, row: Ints) -> Strokes:
    """Four dots in the place of each one, all in its cell."""
    import numpy

    both = numpy.concatenate([column, column ^ 1])
    top, bottom = numpy.minimum(row, row ^ 1), numpy.maximum(row, row ^ 1)
    return Strokes(both, numpy.tile(top, 2), numpy.tile(bottom, 2))


def _connecting_strokes(segments: Segments, first: Floats, last: Floats, across: int) -> Strokes:
    """The strokes of the lines from one stretch to the next, as far as they can be seen."""
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
    # A stroke begins one row after the one that the stroke to its left ended in, or the line would look thick.
    apart = numpy.where(column > left[line], numpy.sign(after - before), 0)
    return Strokes(column, numpy.minimum(before + apart, after), numpy.maximum(before + apart, after))


def fill_between(low: Bools, high: Bools) -> Bools:
    """A light pattern from the upper curve to the lower one."""
    import numpy

    down, across = low.shape
    covered = (numpy.cumsum(high, axis=0) > 0) & (numpy.cumsum(low[::-1], axis=0)[::-1] > 0)
    rows, columns = numpy.ogrid[:down, :across]
    pattern: Bools = covered & ((columns + 2 * rows) % 4 == 0)
    return pattern


def fill_strokes(strokes: Strokes, across: int, down: int) -> Bools:
    """A canvas with these strokes on it."""
    import numpy

    column, top, bottom = strokes
    seen = (column >= 0) & (column < across) & (top < down) & (bottom >= 0)
    # How far down the longest stroke reaches that begins at a dot, then at this dot or above it.
    reach = numpy.zeros((down, across), numpy.int32)
    start = numpy.maximum(top[seen], 0), column[seen]
    numpy.maximum.at(reach, start, numpy.minimum(bottom[seen], down - 1).astype(numpy.int32) + 1)
    numpy.maximum.accumulate(reach, axis=0, out=reach)
    return reach > numpy.arange(down, dtype=numpy.int32)[:, None]


def _round(rows: Floats) -> Ints:
    import numpy

    return numpy.rint(rows).astype(numpy.int64)
