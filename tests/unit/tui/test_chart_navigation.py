"""Zoom and pan of a large chart: the options that a key makes of the current ones."""

from __future__ import annotations

import pytest

from qtui.plot.axes.limits import AxisLimits
from qtui.plot.axes.plot_area import PlotArea
from qtui.plot.curves.chart import Chart
from qtui.plot.curves.chart_options import AUTOMATIC, ChartOptions, FixedLimits, build_chart, scales_for
from qtui.plot.curves.drawing import draw_chart
from qtui.plot.series import Curve, make_curve
from qtui.tui.widgets.chart_pane.navigation import curve_centre, pan_x, pan_y, reveal_x, row_centre, zoom_x, zoom_y
from tests.unit.plot.build import series

FULL = AxisLimits(0, 100)
RISING = [float(value) for value in range(101)]
FALLING = [50.0 - value for value in range(101)]


def curve_of(values: list[float], *, right: bool = False) -> Curve:
    return make_curve(series(values), right=right)


def chart_of(options: ChartOptions, *curves: Curve) -> tuple[Chart, PlotArea]:
    """Return the chart of the curves, and the area in which it is drawn."""
    chart = build_chart(curves, (), options, scales_for(curves, options))
    area = draw_chart(chart, 100, 24).area
    assert area is not None
    return chart, area


def area_of(options: ChartOptions) -> PlotArea:
    return chart_of(options, curve_of(RISING))[1]


def x_limits(low: float, high: float) -> ChartOptions:
    return ChartOptions(x_limits=FixedLimits(low, high))


def length(limits: FixedLimits) -> float:
    assert limits.low is not None and limits.high is not None
    return limits.high - limits.low


def test_a_zoom_keeps_the_cursor_in_place_and_shows_half_the_range() -> None:
    options = zoom_x(ChartOptions(), area_of(ChartOptions()), FULL, 20, 2)
    assert options.x_limits == (pytest.approx(10), pytest.approx(60))


def test_a_zoom_without_a_visible_cursor_is_around_the_middle() -> None:
    before = x_limits(40, 60)
    for cursor in (None, 5.0, 95.0):
        limits = zoom_x(before, area_of(before), FULL, cursor, 2).x_limits
        assert limits == (pytest.approx(45, abs=0.5), pytest.approx(55, abs=0.5))


def test_a_zoom_out_to_the_full_range_follows_the_data_again() -> None:
    before = x_limits(40, 60)
    assert zoom_x(before, area_of(before), FULL, 50, 0.01).x_limits == AUTOMATIC


def test_a_pan_moves_by_a_share_of_the_visible_range() -> None:
    before = x_limits(40, 60)
    assert pan_x(before, area_of(before), FULL, 0.5).x_limits == (pytest.approx(50), pytest.approx(70))
    assert pan_x(before, area_of(before), FULL, -5).x_limits == (0, pytest.approx(20))


def test_a_point_is_revealed_by_the_smallest_move() -> None:
    before = x_limits(40, 60)
    assert reveal_x(before, area_of(before), FULL, 65).x_limits == (pytest.approx(45), pytest.approx(65))
    assert reveal_x(before, area_of(before), FULL, 50).x_limits == (40, 60)


def test_both_y_axes_are_zoomed_around_their_own_centres() -> None:
    options = ChartOptions()
    chart, area = chart_of(options, curve_of(RISING), curve_of(FALLING, right=True))
    zoomed = zoom_y(options, chart, area, 2, lambda visible, right: visible.low if right else visible.high)
    left, right = area.y, area.right
    assert left is not None and right is not None
    assert length(zoomed.y_limits) == pytest.approx((left.high - left.low) / 2)
    assert length(zoomed.y_right_limits) == pytest.approx((right.high - right.low) / 2)
    assert zoomed.y_limits.high == pytest.approx(100)  # the end of the data
    assert zoomed.y_right_limits.low == pytest.approx(-50)


def test_an_axis_without_curves_keeps_following_the_data() -> None:
    chart, area = chart_of(ChartOptions(), curve_of(RISING))
    zoomed = zoom_y(ChartOptions(), chart, area, 2, row_centre(area, area.top))
    assert zoomed.y_limits != AUTOMATIC and zoomed.y_right_limits == AUTOMATIC


def test_y_axes_move_by_a_share_of_the_visible_range_within_the_data() -> None:
    options = ChartOptions(y_limits=FixedLimits(20, 40))
    chart, area = chart_of(options, curve_of(RISING))
    assert area.y is not None
    span = area.y.high - area.y.low
    moved = pan_y(options, chart, area, 0.5).y_limits
    assert moved.low == pytest.approx(area.y.low + span / 2) and length(moved) == pytest.approx(span)


def test_a_y_zoom_out_to_the_full_range_follows_the_data_again() -> None:
    options = ChartOptions(y_limits=FixedLimits(20, 40))
    chart, area = chart_of(options, curve_of(RISING))
    assert zoom_y(options, chart, area, 0.01, row_centre(area, area.top)).y_limits == AUTOMATIC


def test_the_centre_at_a_row_is_its_value_on_either_axis() -> None:
    _, area = chart_of(ChartOptions(), curve_of(RISING), curve_of(FALLING, right=True))
    assert area.y is not None and area.right is not None
    top, bottom = row_centre(area, area.top), row_centre(area, area.top + area.height - 1)
    assert top(area.y, False) == pytest.approx(area.y.high, abs=2) and top(area.right, True) == pytest.approx(
        area.right.high, abs=2
    )
    assert bottom(area.y, False) == pytest.approx(area.y.low, abs=2)


def test_the_centre_is_the_value_of_the_curve_at_the_cursor() -> None:
    curve = curve_of(RISING)
    _, area = chart_of(ChartOptions(), curve)
    assert area.y is not None
    assert curve_centre(area, curve, 30)(area.y, False) == 30


def test_without_a_visible_value_the_centre_is_the_middle() -> None:
    curve = curve_of(RISING)
    _, area = chart_of(ChartOptions(), curve)
    assert area.y is not None
    middle = row_centre(area, area.top + area.height // 2)(area.y, False)
    assert curve_centre(area, None, 30)(area.y, False) == middle
    assert curve_centre(area, curve, None)(area.y, False) == middle
    assert curve_centre(area, curve, 30)(AxisLimits(50, 60), False) == middle
    assert curve_centre(area, curve_of(RISING, right=True), 30)(area.y, False) == middle
