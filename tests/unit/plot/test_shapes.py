"""Curves as a look wants them: made once, and made anew when anything of it changes."""

from __future__ import annotations

from dataclasses import replace

from qtui.plot.look import SMOOTHINGS, Look, chart_of, scales_of
from qtui.plot.series import Along
from qtui.plot.shapes import Shapes
from tests.unit.plot.build import curve, series


def test_a_curve_is_made_once_for_a_look() -> None:
    shapes, source = Shapes(), series([1.0, 2.0])
    first = shapes.curve(source, "a", "run-1", "", Look(), right=False)
    shapes.begin()
    assert shapes.curve(source, "a", "run-1", "", Look(), right=False) is first
    assert (first.name, first.role) == ("a", "run-1")


def test_whatever_changes_a_curve_makes_it_anew() -> None:
    shapes, source, look = Shapes(), series([1.0, 2.0]), Look()
    others = (
        shapes.curve(source, "b", "run-1", "", look, right=False),
        shapes.curve(source, "a", "run-2", "", look, right=False),
        shapes.curve(source, "a", "run-1", "*", look, right=False),
        shapes.curve(source, "a", "run-1", "", look, right=True),
        shapes.curve(source, "a", "run-1", "", replace(look, along=Along.TIME), right=False),
        shapes.curve(source, "a", "run-1", "", look.smoothed_by(1), right=False),
        shapes.curve(source, "a", "run-1", "", replace(look, normalised=True), right=False),
    )
    assert len({id(each) for each in others}) == len(others)


def test_what_a_chart_no_longer_shows_is_forgotten_with_the_next_one() -> None:
    shapes, source = Shapes(), series([])
    first = shapes.curve(source, "a", "run-1", "", Look(), right=False)
    shapes.begin()
    shapes.begin()
    assert shapes.curve(source, "a", "run-1", "", Look(), right=False) is not first


def test_a_dimmed_curve_has_a_faint_colour_and_nothing_beneath() -> None:
    shapes = Shapes()
    smooth = shapes.curve(series([1.0, 5.0]), "a", "run-1", "", Look(smoothing=0.6), right=False)
    assert smooth.beneath is not None
    assert (shapes.dimmed(smooth).role, shapes.dimmed(smooth).beneath) == ("run-1-dim", None)


def test_smoothing_stops_at_its_ends() -> None:
    look = Look()
    for _ in range(20):
        look = look.smoothed_by(1)
    assert look.smoothing == SMOOTHINGS[-1]
    assert look.smoothed_by(-20).smoothing == 0


def test_each_axis_gets_the_scale_that_its_curves_need() -> None:
    left, right = curve([1, 10]), replace(curve([-1, 10]), right=True)
    scales = scales_of((left, right), Look(log_x=True, log_y=True))
    assert [scales[each].name for each in ("x", "y", "right")] == ["symlog", "log", "symlog"]
    chart = chart_of((left, right), (), Look(log_y=True), scales)
    assert (chart.y.scale, chart.right.scale) == (scales["y"], scales["right"])


def test_along_something_else_all_is_seen_and_dates_have_no_logarithm() -> None:
    look = replace(Look(log_x=True), x=(1.0, 2.0)).run_along(Along.TIME)  # type: ignore[arg-type]
    assert look.x == (None, None) and not look.log_x
