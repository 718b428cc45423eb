"""From cells to data and back: reading curves, moving a cursor, pointing at points."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtui.plot.axes.axis import Axis
from qtui.plot.axes.plot_area import PlotArea
from qtui.plot.curves.band import average_curves
from qtui.plot.curves.chart import Chart
from qtui.plot.curves.drawing import draw_chart
from qtui.plot.curves.readout import latest_readout, move_cursor, nearest_index, next_point, readout_at, snap_to_point
from qtui.plot.series import Curve, Series, make_curve
from tests.unit.plot.build import START, curve, series
from tests.unit.plot.strategies import any_series


def frame_of(*curves: Curve, x: Axis = Axis(), width: int = 60, height: int = 12) -> PlotArea:  # noqa: B008
    area = draw_chart(Chart(curves, x=x, legend=False), width, height).area
    assert area is not None
    return area


def test_a_reading_has_all_that_was_logged_at_the_nearest_point() -> None:
    line = make_curve(series([1.0, 2.0, 4.0], [0, 10, 20], role="run-5"), smoothing=0.5)
    readout = readout_at(line, 14)
    assert readout is not None
    assert (readout.name, readout.role, readout.step, readout.timestamp, readout.value) == (
        "loss",
        "run-5",
        10,
        START + 1000,
        2,
    )
    assert readout.smoothed == pytest.approx(5 / 3)
    assert readout_at(curve([3.0]), 99).smoothed is None  # type: ignore[union-attr]


def test_of_several_points_at_a_place_the_last_one_is_read() -> None:
    assert readout_at(curve([1, 2, 3, 4], [0, 5, 5, 9]), 5).value == 3  # type: ignore[union-attr]
    assert readout_at(curve([1, 2, 3, 4], [0, 5, 9, 5]), 5).value == 4  # type: ignore[union-attr]


def test_nan_is_read_as_nan() -> None:
    assert math.isnan(readout_at(curve([1, math.nan, 3]), 1).value)  # type: ignore[union-attr]
    assert readout_at(curve([]), 1) is None


@given(logged=any_series(), x=st.floats(allow_nan=False, allow_infinity=False))
def test_the_nearest_point_is_the_nearest(logged: Series, x: float) -> None:
    line = make_curve(logged)
    index = nearest_index(line, x)
    assert (index is None) == (len(line) == 0)
    if index is not None:
        assert abs(line.x[index] - x) == min(abs(place - x) for place in line.x)


def test_the_middle_of_a_cell_is_shown_by_that_cell() -> None:
    area = frame_of(curve([0, 3, 1, 8]))
    for column in range(area.left, area.left + area.width):
        assert area.column_of(area.x_at(column)) == column
    for row in range(area.top, area.top + area.height):
        value = area.y_at(row)
        assert value is not None and area.row_of(value) == row


def test_a_place_beside_the_chart_is_in_no_cell_and_a_cell_beside_it_means_the_nearest() -> None:
    area = frame_of(curve([0, 3]))
    assert area.column_of(99) is None and area.row_of(-50) is None
    assert area.x_at(-5) == area.x_at(area.left)
    assert area.x_at(999) == area.x_at(area.left + area.width - 1)
    assert not area.contains(0, 0) and area.contains(area.left, area.top)
    assert area.y_at(0, right=True) is None and area.row_of(1, right=True) is None


def test_the_cursor_goes_from_point_to_point_where_they_are_sparse() -> None:
    line = curve([1, 2, 3, 4])
    area = frame_of(line)
    assert [move_cursor([line], area, x, 1) for x in (0, 1, 2, 3)] == [1, 2, 3, 3]
    assert [move_cursor([line], area, x, -1) for x in (3, 2, 1, 0)] == [2, 1, 0, 0]


def test_the_cursor_goes_cell_by_cell_where_points_are_dense() -> None:
    line = curve(range(10_000))
    area = frame_of(line)
    place = move_cursor([line], area, 5000.0, 1)
    assert area.column_of(place) == (area.column_of(5000.0) or 0) + 1
    assert place == int(place)


def test_the_cursor_stops_at_the_points_of_every_curve() -> None:
    curves = [curve([1, 2], [0, 100]), curve([1, 2], [40, 60])]
    area = frame_of(*curves)
    assert move_cursor(curves, area, 0, 1) == 40
    assert move_cursor(curves, area, 40, 1) == 60


@given(logged=any_series())
def test_the_latest_reading_is_the_last_value_as_the_tables_have_it(logged: Series) -> None:
    readout = latest_readout(make_curve(logged))
    assert (readout is None) == (len(logged) == 0)
    if readout is not None:
        assert readout.value == logged.last_value or math.isnan(readout.value)


def test_the_mean_of_a_group_is_read_with_its_band_and_of_how_many_runs_it_is() -> None:
    mean, band = average_curves([curve([1.0, 2.0, 9.0]), curve([3.0, 4.0])], "both", "run-1")
    readout = readout_at(mean, 1, band)
    assert readout is not None
    assert (readout.step, readout.value, readout.count) == (None, 3, 2)
    assert (readout.low, readout.high) == (pytest.approx(3 - math.sqrt(2)), pytest.approx(3 + math.sqrt(2)))
    last = latest_readout(mean, band)
    assert last is not None and (last.x, last.value, last.count) == (2, 9, 1)


def test_the_very_next_point_of_a_curve_is_found_and_the_nearest_of_all() -> None:
    line = curve([1, 2, 3], [0, 10, 20])
    assert [next_point(line, x, by) for x, by in ((0, 1), (20, 1), (15, -1), (0, -1))] == [10, 20, 10, 0]
    assert snap_to_point([line, curve([1], [13])], 12) == 13
    assert snap_to_point([], 12) == 12
