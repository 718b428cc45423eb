"""From cells to data and back: reading curves, moving a cursor, pointing at points."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qtui.plot.axis import Axis
from qtui.plot.band import averaged
from qtui.plot.chart import Chart
from qtui.plot.drawing import draw
from qtui.plot.frame import Frame
from qtui.plot.reading import beside, latest, moved, nearest, read, snapped
from qtui.plot.series import Curve, Series, shaped
from tests.unit.plot.build import START, curve, series
from tests.unit.plot.strategies import any_series


def frame_of(*curves: Curve, x: Axis = Axis(), width: int = 60, height: int = 12) -> Frame:  # noqa: B008
    frame = draw(Chart(curves, x=x, legend=False), width, height).frame
    assert frame is not None
    return frame


def test_a_reading_has_all_that_was_logged_at_the_nearest_point() -> None:
    drawn = shaped(series([1.0, 2.0, 4.0], [0, 10, 20], role="run-5"), smoothing=0.5)
    found = read(drawn, 14)
    assert found is not None
    assert (found.name, found.role, found.step, found.timestamp, found.value) == ("loss", "run-5", 10, START + 1000, 2)
    assert found.smoothed == pytest.approx(5 / 3)
    assert read(curve([3.0]), 99).smoothed is None  # type: ignore[union-attr]


def test_of_several_points_at_a_place_the_last_one_is_read() -> None:
    assert read(curve([1, 2, 3, 4], [0, 5, 5, 9]), 5).value == 3  # type: ignore[union-attr]
    assert read(curve([1, 2, 3, 4], [0, 5, 9, 5]), 5).value == 4  # type: ignore[union-attr]


def test_what_is_not_a_number_is_read_as_it_is() -> None:
    assert math.isnan(read(curve([1, math.nan, 3]), 1).value)  # type: ignore[union-attr]
    assert read(curve([]), 1) is None


@given(logged=any_series(), x=st.floats(allow_nan=False, allow_infinity=False))
@settings(deadline=None)
def test_the_nearest_point_is_the_nearest(logged: Series, x: float) -> None:
    drawn = shaped(logged)
    index = nearest(drawn, x)
    assert (index is None) == (len(drawn) == 0)
    if index is not None:
        assert abs(drawn.x[index] - x) == min(abs(place - x) for place in drawn.x)


def test_the_middle_of_a_cell_is_shown_by_that_cell() -> None:
    frame = frame_of(curve([0, 3, 1, 8]))
    for column in range(frame.left, frame.left + frame.width):
        assert frame.column_of(frame.x_at(column)) == column
    for row in range(frame.top, frame.top + frame.height):
        value = frame.y_at(row)
        assert value is not None and frame.row_of(value) == row


def test_a_place_beside_the_chart_is_in_no_cell_and_a_cell_beside_it_means_the_nearest() -> None:
    frame = frame_of(curve([0, 3]))
    assert frame.column_of(99) is None and frame.row_of(-50) is None
    assert frame.x_at(-5) == frame.x_at(frame.left)
    assert frame.x_at(999) == frame.x_at(frame.left + frame.width - 1)
    assert not frame.holds(0, 0) and frame.holds(frame.left, frame.top)
    assert frame.y_at(0, right=True) is None and frame.row_of(1, right=True) is None


def test_the_cursor_goes_from_point_to_point_where_they_are_sparse() -> None:
    drawn = curve([1, 2, 3, 4])
    frame = frame_of(drawn)
    assert [moved([drawn], frame, x, 1) for x in (0, 1, 2, 3)] == [1, 2, 3, 3]
    assert [moved([drawn], frame, x, -1) for x in (3, 2, 1, 0)] == [2, 1, 0, 0]


def test_the_cursor_goes_cell_by_cell_where_points_are_dense() -> None:
    drawn = curve(range(10_000))
    frame = frame_of(drawn)
    place = moved([drawn], frame, 5000.0, 1)
    assert frame.column_of(place) == (frame.column_of(5000.0) or 0) + 1
    assert place == int(place)


def test_the_cursor_stops_at_the_points_of_every_curve() -> None:
    curves = [curve([1, 2], [0, 100]), curve([1, 2], [40, 60])]
    frame = frame_of(*curves)
    assert moved(curves, frame, 0, 1) == 40
    assert moved(curves, frame, 40, 1) == 60


@given(logged=any_series())
@settings(deadline=None)
def test_the_latest_reading_is_the_last_value_as_the_tables_have_it(logged: Series) -> None:
    found = latest(shaped(logged))
    assert (found is None) == (len(logged) == 0)
    if found is not None:
        assert found.value == logged.last or math.isnan(found.value)


def test_the_mean_of_a_group_is_read_with_its_band_and_of_how_many_runs_it_is() -> None:
    mean, band = averaged([curve([1.0, 2.0, 9.0]), curve([3.0, 4.0])], "both", "run-1")
    found = read(mean, 1, band)
    assert found is not None
    assert (found.step, found.value, found.count) == (None, 3, 2)
    assert (found.low, found.high) == (pytest.approx(3 - math.sqrt(2)), pytest.approx(3 + math.sqrt(2)))
    last = latest(mean, band)
    assert last is not None and (last.x, last.value, last.count) == (2, 9, 1)


def test_the_very_next_point_of_a_curve_is_found_and_the_nearest_of_all() -> None:
    drawn = curve([1, 2, 3], [0, 10, 20])
    assert [beside(drawn, x, by) for x, by in ((0, 1), (20, 1), (15, -1), (0, -1))] == [10, 20, 10, 0]
    assert snapped([drawn, curve([1], [13])], 12) == 13
    assert snapped([], 12) == 12
