"""Downsampling of a curve: every column keeps its minimum and maximum, and every gap stays."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy
from hypothesis import given
from hypothesis import strategies as st

from qtui.plot.axes.limits import AxisLimits, x_limits
from qtui.plot.curves.downsampling import Segments, downsample
from qtui.plot.scale import LINEAR, LOG, Scale
from qtui.plot.series import Curve, Series, make_curve
from tests.unit.plot.build import curve
from tests.unit.plot.strategies import any_series

COLUMNS = st.integers(2, 60)


def drawable(of: Curve, scale: Scale) -> list[bool]:
    return [math.isfinite(value) and (value > 0 or not scale.positive_only) for value in of.y.tolist()]


def columns_of(of: Curve, window: AxisLimits, columns: int) -> list[float]:
    """Return the column of dots of each point, computed one by one."""
    span = window.high / 2 - window.low / 2
    return [(place / 2 - window.low / 2) / span * (columns - 1) for place in of.x.tolist()]


def extremes(segments: Segments, columns: int) -> dict[int, tuple[float, float]]:
    ranges: dict[int, tuple[float, float]] = {}
    for column, low, high in zip(segments.column.tolist(), segments.low, segments.high, strict=True):
        if 0 <= column < columns:
            known = ranges.get(column, (math.inf, -math.inf))
            ranges[column] = (min(known[0], low), max(known[1], high))
    return ranges


@given(logged=any_series(), columns=COLUMNS, scale=st.sampled_from((LINEAR, LOG)))
def test_every_column_keeps_its_least_and_greatest_value(logged: Series, columns: int, scale: Scale) -> None:
    original = make_curve(logged)
    window = x_limits([original], LINEAR)
    if window is None or window.low == window.high:
        return
    expected_ranges = extremes(downsample(original, window, columns, LINEAR, scale), columns)
    for column, (low, high) in expected_ranges.items():
        # A point between two columns may be counted to either.
        near = [
            value
            for value, place, good in zip(
                original.y.tolist(), columns_of(original, window, columns), drawable(original, scale), strict=True
            )
            if good and abs(place - column) <= 0.5 + 1e-6
        ]
        sure = [
            value
            for value, place, good in zip(
                original.y.tolist(), columns_of(original, window, columns), drawable(original, scale), strict=True
            )
            if good and abs(place - column) <= 0.5 - 1e-6
        ]
        assert low in near and high in near
        assert not sure or (low <= min(sure) and high >= max(sure))
    counted = downsample(original, window, columns, LINEAR, scale).count.sum()
    assert counted == sum(drawable(original, scale))


@given(logged=any_series(), columns=COLUMNS, scale=st.sampled_from((LINEAR, LOG)))
def test_a_line_never_bridges_a_gap_or_a_step_back_and_never_breaks_elsewhere(
    logged: Series, columns: int, scale: Scale
) -> None:
    original = make_curve(logged)
    window = x_limits([original], LINEAR)
    if window is None or window.low == window.high:
        return
    segments = downsample(original, window, columns, LINEAR, scale)
    breaks = sum(not joined for joined in segments.joined.tolist())
    good = drawable(original, scale)
    pieces = sum(
        after and (not before or back)
        for (before, after), back in zip(
            pairwise([False, *good]), [True, *(numpy.diff(original.x) < 0).tolist()], strict=True
        )
    )
    assert breaks == pieces


def test_a_gap_within_one_column_of_dots_stays_a_gap() -> None:
    original = curve([0.0, math.nan, 10.0, 5.0], [0, 1, 2, 100_000])
    segments = downsample(original, AxisLimits(0, 100_000), 100, LINEAR, LINEAR)
    assert segments.column.tolist() == [0, 0, 99]
    assert segments.joined.tolist() == [False, False, True]
    assert segments.low.tolist() == [0, 10, 5]


def test_the_neighbours_of_a_window_are_kept_for_the_lines_that_leave_it() -> None:
    original = curve([0, 1, 2, 3, 4])
    segments = downsample(original, AxisLimits(1.5, 2.5), 10, LINEAR, LINEAR)
    assert segments.first.tolist() == [1, 2, 3]
    assert segments.joined.tolist() == [False, True, True]
    assert segments.column[0] < 0 and segments.column[-1] > 9


def test_a_window_without_points_is_crossed_by_the_line_between_its_neighbours() -> None:
    for steps in ([0, 10, 20], [0, 10, 5]):
        segments = downsample(curve([0, 1, 2], steps), AxisLimits(3, 4), 10, LINEAR, LINEAR)
        crossing = [
            joined and before < 0 and after > 9
            for before, after, joined in zip(
                segments.column[:-1], segments.column[1:], segments.joined[1:], strict=True
            )
        ]
        assert any(crossing)


def test_a_resumed_run_is_kept_in_the_order_it_was_logged() -> None:
    segments = downsample(curve([1, 2, 3, 9, 8, 7], [0, 1, 2, 1, 2, 3]), AxisLimits(0, 3), 4, LINEAR, LINEAR)
    assert segments.column.tolist() == [0, 1, 2, 1, 2, 3]
    assert segments.first.tolist() == [1, 2, 3, 9, 8, 7]
    assert segments.joined.tolist() == [False, True, True, False, True, True]


def test_a_million_points_become_as_many_stretches_as_there_are_columns() -> None:
    values = numpy.sin(numpy.arange(1_000_000) / 1000)
    values[123_456] = 77.0
    segments = downsample(curve(values), AxisLimits(0, 999_999), 300, LINEAR, LINEAR)
    assert len(segments.column) == 300
    assert segments.high.max() == 77
    assert segments.count.sum() == 1_000_000
