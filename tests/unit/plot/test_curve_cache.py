"""The cache of curves: a curve is computed once, and again when an option changes."""

from __future__ import annotations

from dataclasses import replace

from qtui.plot.curves.chart_options import SMOOTHING_WEIGHTS, ChartOptions, build_chart, scales_for
from qtui.plot.curves.curve_cache import CurveCache
from qtui.plot.series import XAxis
from tests.unit.plot.build import curve, series


def test_a_curve_is_made_once_for_a_look() -> None:
    shapes, source = CurveCache(), series([1.0, 2.0])
    first = shapes.curve(source, "a", "run-1", "", ChartOptions(), right=False)
    shapes.start_chart()
    assert shapes.curve(source, "a", "run-1", "", ChartOptions(), right=False) is first
    assert (first.name, first.role) == ("a", "run-1")


def test_every_option_of_a_curve_is_part_of_the_cache_key() -> None:
    shapes, source, options = CurveCache(), series([1.0, 2.0]), ChartOptions()
    others = (
        shapes.curve(source, "b", "run-1", "", options, right=False),
        shapes.curve(source, "a", "run-2", "", options, right=False),
        shapes.curve(source, "a", "run-1", "*", options, right=False),
        shapes.curve(source, "a", "run-1", "", options, right=True),
        shapes.curve(source, "a", "run-1", "", replace(options, x_axis=XAxis.TIME), right=False),
        shapes.curve(source, "a", "run-1", "", options.with_smoothing_step(1), right=False),
        shapes.curve(source, "a", "run-1", "", replace(options, normalised=True), right=False),
    )
    assert len({id(curves) for curves in others}) == len(others)


def test_curves_that_a_chart_no_longer_shows_are_dropped() -> None:
    shapes, source = CurveCache(), series([])
    first = shapes.curve(source, "a", "run-1", "", ChartOptions(), right=False)
    shapes.start_chart()
    shapes.start_chart()
    assert shapes.curve(source, "a", "run-1", "", ChartOptions(), right=False) is not first


def test_a_dimmed_curve_has_a_faint_colour_and_nothing_beneath() -> None:
    shapes = CurveCache()
    smooth = shapes.curve(series([1.0, 5.0]), "a", "run-1", "", ChartOptions(smoothing=0.6), right=False)
    assert smooth.raw is not None
    assert (shapes.dim(smooth).role, shapes.dim(smooth).raw) == ("run-1-dim", None)


def test_smoothing_stops_at_its_ends() -> None:
    options = ChartOptions()
    for _ in range(20):
        options = options.with_smoothing_step(1)
    assert options.smoothing == SMOOTHING_WEIGHTS[-1]
    assert options.with_smoothing_step(-20).smoothing == 0


def test_each_axis_gets_the_scale_that_its_curves_need() -> None:
    left, right = curve([1, 10]), replace(curve([-1, 10]), is_right=True)
    scales = scales_for((left, right), ChartOptions(log_x=True, log_y=True))
    assert [scales[axis].name for axis in ("x", "y", "right")] == ["symlog", "log", "symlog"]
    chart = build_chart((left, right), (), ChartOptions(log_y=True), scales)
    assert (chart.y.scale, chart.y_right.scale) == (scales["y"], scales["right"])


def test_another_x_axis_has_its_full_range_and_dates_have_no_log_scale() -> None:
    options = replace(ChartOptions(log_x=True), x_limits=(1.0, 2.0)).with_x_axis(XAxis.TIME)  # type: ignore[arg-type]
    assert options.x_limits == (None, None) and not options.log_x
