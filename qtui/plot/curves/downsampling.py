"""Downsample curves to the dot columns of a canvas, keeping the minimum and maximum in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from qtui.plot.axes.limits import AxisLimits
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from qtui.plot.array_types import Bools, Floats, Ints
    from qtui.plot.scale import Scale
    from qtui.plot.series import Curve


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Runs of consecutive points within one dot column and without a gap; a column can have several."""

    column: Ints
    """The dot column; outside the canvas for the neighbours of visible points."""
    first: Floats
    last: Floats
    low: Floats
    high: Floats
    count: Ints
    joined: Bools
    """Whether a line connects it to the segment before."""


class _SegmentStarts(NamedTuple):
    """The first point and the column of each segment, and the end of the last one."""

    starts: Ints
    columns: Ints
    end: int


def downsample(curve: Curve, window: AxisLimits, columns: int, x: Scale, y: Scale) -> Segments:
    """Return the segments of a curve in the window, and those beside it that its lines lead to."""
    import numpy

    holes = _undrawable_points(curve, x, y)
    split = _every_point if not curve.is_connected else _by_edges if curve.is_ascending else _by_columns
    starts, column, end = split(curve, window, columns, x, holes)
    if not len(starts):
        return _no_segments()
    ends = numpy.append(starts[1:], end)
    drawable = ~numpy.isin(starts, holes) if len(holes) else numpy.ones(len(starts), bool)
    begin = int(starts[0])
    low = numpy.minimum.reduceat(curve.y[begin:end], starts - begin)
    high = numpy.maximum.reduceat(curve.y[begin:end], starts - begin)
    onward = curve.x[starts[1:]] >= curve.x[starts[1:] - 1]
    joined = numpy.concatenate([[False], drawable[:-1] & drawable[1:] & onward]) & curve.is_connected
    return Segments(
        column[drawable],
        curve.y[starts][drawable],
        curve.y[ends - 1][drawable],
        low[drawable],
        high[drawable],
        (ends - starts)[drawable],
        joined[drawable],
    )


def _undrawable_points(curve: Curve, x: Scale, y: Scale) -> Ints:
    """Return the indexes of points that cannot be drawn on these scales."""
    import numpy

    holes = curve.log_gaps if y.positive_only else curve.gaps
    return numpy.union1d(holes, numpy.flatnonzero(~(curve.x > 0))) if x.positive_only else holes


def _by_edges(curve: Curve, window: AxisLimits, columns: int, x: Scale, holes: Ints) -> _SegmentStarts:
    """Split a curve with ascending x values, by binary search for the edges of the columns."""
    import numpy

    fractions = (numpy.arange(columns + 1) - 0.5) / max(1, columns - 1)
    edges = numpy.searchsorted(curve.x, x.value(fractions, *window), "left")
    begin, end = max(int(edges[0]) - 1, 0), min(int(edges[-1]) + 1, len(curve))
    starts = numpy.unique(numpy.concatenate([[begin], edges, _gap_starts(holes, begin, end)]))
    starts = starts[starts < end]
    column = numpy.searchsorted(edges, starts, "right") - 1
    outside = (column < 0) | (column == columns)
    column[outside] = _columns(curve.x[starts[outside]], window, columns, x)
    return _SegmentStarts(starts, column, end)


def _by_columns(curve: Curve, window: AxisLimits, columns: int, x: Scale, holes: Ints) -> _SegmentStarts:
    """Split any curve: where the column changes, and where x decreases."""
    import numpy

    column = _columns(curve.x, window, columns, x)
    near = numpy.clip(column, -1, columns)
    changed = near[1:] != near[:-1]
    back = numpy.flatnonzero(changed | (curve.x[1:] < curve.x[:-1])) + 1
    # Points beside the window form one segment, except those that visible lines lead to.
    outside = (near < 0) | (near == columns)
    edge = numpy.flatnonzero(changed & (outside[1:] | outside[:-1]))
    starts = numpy.unique(numpy.concatenate([[0], back, edge, edge + 1, edge + 2, _gap_starts(holes, 0, len(near))]))
    starts = starts[starts < len(near)]
    return _SegmentStarts(starts, column[starts], len(near))


def _every_point(curve: Curve, window: AxisLimits, columns: int, x: Scale, holes: Ints) -> _SegmentStarts:
    """Split a scatter plot: every point is its own segment."""
    import numpy

    return _SegmentStarts(numpy.arange(len(curve)), _columns(curve.x, window, columns, x), len(curve))


def _gap_starts(holes: Ints, begin: int, end: int) -> Ints:
    """Return each gap and the point after it, so that a gap is a separate segment."""
    import numpy

    near = holes[numpy.searchsorted(holes, begin) : numpy.searchsorted(holes, end)]
    return numpy.concatenate([near, near + 1])


def _columns(x_values: Floats, window: AxisLimits, columns: int, x: Scale) -> Ints:
    """Return the dot column of each x value; that of NaN is far to the left."""
    import numpy

    fractions = numpy.nan_to_num(x.fraction(x_values, *window), nan=-1.0)
    return numpy.rint(fractions * max(1, columns - 1)).astype(numpy.int64)


def _no_segments() -> Segments:
    import numpy

    none = numpy.empty(0)
    return Segments(none.astype(numpy.int64), none, none, none, none, none.astype(numpy.int64), none.astype(bool))
