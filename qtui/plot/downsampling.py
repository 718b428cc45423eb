"""Reduces a curve to what a canvas can show: for each column of dots, how far the curve goes up and down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from qtui.plot.limits import AxisLimits

if TYPE_CHECKING:
    from qtui.plot.array_types import Bools, Floats, Ints
    from qtui.plot.scale import Scale
    from qtui.plot.series import Curve


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Points that follow each other within one column of dots, with no gap among them; several may share a column."""

    column: Ints
    """Below 0 or beyond the last one for the neighbours of what can be seen."""
    first: Floats
    last: Floats
    low: Floats
    high: Floats
    count: Ints
    joined: Bools
    """Whether the curve comes here from the stretch before."""


class _SegmentStarts(NamedTuple):
    """Where each stretch starts and in which column it lies, and where the last one ends."""

    starts: Ints
    columns: Ints
    end: int


def downsample(curve: Curve, window: AxisLimits, columns: int, x: Scale, y: Scale) -> Segments:
    """The stretches of a curve in the window, and the points beside the window that its lines go to."""
    import numpy

    holes = _undrawable_points(curve, x, y)
    cut = _every_point if not curve.connected else _by_edges if curve.ascending else _by_columns
    starts, column, end = cut(curve, window, columns, x, holes)
    if not len(starts):
        return _no_segments()
    ends = numpy.append(starts[1:], end)
    kept = ~numpy.isin(starts, holes) if len(holes) else numpy.ones(len(starts), bool)
    begin = int(starts[0])
    low = numpy.minimum.reduceat(curve.y[begin:end], starts - begin)
    high = numpy.maximum.reduceat(curve.y[begin:end], starts - begin)
    onward = curve.x[starts[1:]] >= curve.x[starts[1:] - 1]
    joined = numpy.concatenate([[False], kept[:-1] & kept[1:] & onward]) & curve.connected
    return Segments(
        column[kept],
        curve.y[starts][kept],
        curve.y[ends - 1][kept],
        low[kept],
        high[kept],
        (ends - starts)[kept],
        joined[kept],
    )


def _undrawable_points(curve: Curve, x: Scale, y: Scale) -> Ints:
    """Which points cannot be drawn on these scales."""
    import numpy

    holes = curve.log_gaps if y.positive_only else curve.gaps
    return numpy.union1d(holes, numpy.flatnonzero(~(curve.x > 0))) if x.positive_only else holes


def _by_edges(curve: Curve, window: AxisLimits, columns: int, x: Scale, holes: Ints) -> _SegmentStarts:
    """The stretches of a curve that never goes back, found by searching for the edges of the columns."""
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
    """The same for a curve that goes back and forth: wherever the column changes or the curve goes back."""
    import numpy

    column = _columns(curve.x, window, columns, x)
    near = numpy.clip(column, -1, columns)
    changed = near[1:] != near[:-1]
    back = numpy.flatnonzero(changed | (curve.x[1:] < curve.x[:-1])) + 1
    # What lies beside the window is one stretch but for the points that its lines come from and go to.
    outside = (near < 0) | (near == columns)
    edge = numpy.flatnonzero(changed & (outside[1:] | outside[:-1]))
    starts = numpy.unique(numpy.concatenate([[0], back, edge, edge + 1, edge + 2, _gap_starts(holes, 0, len(near))]))
    starts = starts[starts < len(near)]
    return _SegmentStarts(starts, column[starts], len(near))


def _every_point(curve: Curve, window: AxisLimits, columns: int, x: Scale, holes: Ints) -> _SegmentStarts:
    """Every point alone."""
    import numpy

    return _SegmentStarts(numpy.arange(len(curve)), _columns(curve.x, window, columns, x), len(curve))


def _gap_starts(holes: Ints, begin: int, end: int) -> Ints:
    """Each hole and the point after it, so that a hole is a stretch of its own."""
    import numpy

    near = holes[numpy.searchsorted(holes, begin) : numpy.searchsorted(holes, end)]
    return numpy.concatenate([near, near + 1])


def _columns(places: Floats, window: AxisLimits, columns: int, x: Scale) -> Ints:
    """The column of dots for each place; what has none is far to the left."""
    import numpy

    fractions = numpy.nan_to_num(x.fraction(places, *window), nan=-1.0)
    return numpy.rint(fractions * max(1, columns - 1)).astype(numpy.int64)


def _no_segments() -> Segments:
    import numpy

    none = numpy.empty(0)
    return Segments(none.astype(numpy.int64), none, none, none, none, none.astype(numpy.int64), none.astype(bool))
