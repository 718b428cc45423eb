"""What a large chart shows, without a screen: cursor, limits, legend, bars and exports."""

from __future__ import annotations

import pytest

from qtui.entities import RunInfo
from qtui.plot.axes.plot_area import PlotArea
from qtui.plot.curves.chart_options import AUTOMATIC, ChartOptions, FixedLimits
from qtui.plot.curves.drawing import draw_chart
from qtui.plot.glyphs import BRAILLE
from qtui.plot.series import XAxis
from qtui.tui.messages import CopyText, SaveFile
from qtui.tui.present.charts.chart_legend import place_legend
from qtui.tui.present.charts.chart_spec import ChartSpec, CurveKey
from qtui.tui.widgets.chart_pane import ChartModel
from qtui.tui.widgets.chart_pane.requests import ask_limits, ask_metrics, ask_x_metric, export_message
from tests.ui.charting import history

RUNS = tuple(RunInfo(letter * 32, "1", letter, start_time=0) for letter in "abc")
LONG = [float(value) for value in range(101)]


def model_of(*values: list[float], spec: ChartSpec | None = None, options: ChartOptions | None = None) -> ChartModel:
    """Return a chart of the metric "loss" of runs with these values."""
    model = ChartModel(spec or ChartSpec(("loss",), RUNS[: len(values)]), options or ChartOptions(), BRAILLE)
    for run, points in zip(RUNS, values, strict=False):
        model.curve_set.add(CurveKey(run.run_id, "loss"), history(run, "loss", points), run.start_time)
    model.shape()
    return model


def area_of(model: ChartModel) -> PlotArea:
    area = draw_chart(model.chart(None), 100, 24).area
    assert area is not None
    return area


def test_without_a_cursor_a_step_goes_to_the_last_visible_point() -> None:
    model = model_of(LONG)
    line = model.curve_set.lines[0]
    assert model.x_by_cells(area_of(model), 1) == model.x_by_points(area_of(model), line, -1) == 100


def test_the_cursor_steps_from_point_to_point_of_the_selected_line() -> None:
    model = model_of([1, 2, 3], [1, 2, 3, 4])
    model.cursor = 1.0
    short, long = model.curve_set.lines
    area = area_of(model)
    assert [model.x_by_points(area, line, 1) for line in (short, long)] == [2, 2]
    model.cursor = 2.0
    assert [model.x_by_points(area, line, 1) for line in (short, long)] == [2, 3]
    assert model.x_by_points(area, None, 1) is None


def test_a_cursor_beside_what_is_visible_pans_there() -> None:
    model = model_of(LONG, options=ChartOptions(x_limits=FixedLimits(0, 50)))
    area = area_of(model)
    assert not model.put_cursor(20, area) and model.options.x_limits == (0, 50)
    assert model.put_cursor(90, area) and model.options.x_limits.low == pytest.approx(40)


def test_limits_at_the_end_of_the_curves_follow_new_points() -> None:
    model = model_of(LONG, options=ChartOptions(x_limits=FixedLimits(50, 100)))
    run = RUNS[0]
    model.curve_set.add(CurveKey(run.run_id, "loss"), history(run, "loss", [*LONG, *LONG]), None)
    model.shape()
    assert model.options.x_limits.high == pytest.approx(201)


def test_another_x_axis_keeps_the_cursor_at_its_point() -> None:
    model = model_of(LONG)
    model.cursor = 7.0
    line = model.curve_set.lines[0]
    model.switch_x_axis(line)
    curve = model.curve_of(line)
    assert model.options.x_axis is XAxis.TIME and curve is not None and model.cursor == curve.x[7]
    model.switch_x_axis(None)
    assert model.options.x_axis is XAxis.RELATIVE and model.cursor is None


def test_zooms_change_the_limits_and_a_reset_lets_them_follow_the_curves() -> None:
    model = model_of(LONG)
    model.pan_x(area_of(model), 0.5)
    model.pan_y(area_of(model), 0.5, None)
    assert model.is_whole and model.sees_all_values
    model.zoom_x(area_of(model), 2, 50)
    model.zoom_y(area_of(model), 2, None)
    zoomed = model.options
    assert not model.is_whole and not model.sees_all_values
    model.pan_x(area_of(model), 0.1)
    model.pan_y(area_of(model), 0.1, None)
    assert model.options.x_limits != zoomed.x_limits and model.options.y_limits != zoomed.y_limits
    model.reset_zoom()
    assert model.options.x_limits == model.options.y_limits == AUTOMATIC


def test_the_selected_curve_is_drawn_last_and_highlighting_dims_the_others() -> None:
    model = model_of([1, 2], [2, 1])
    first, second = model.curve_set.lines
    assert [curve.name for curve in model.chart(first).curves] == ["b", "a"]
    model.is_highlighting = True
    roles = {curve.name: curve.role for curve in model.chart(first).curves}
    assert roles["a"] == first.role and roles["b"] != second.role
    assert not model.legend_entry(first, first).is_faint and model.legend_entry(second, first).is_faint


def test_the_legend_says_why_a_line_is_not_drawn() -> None:
    model = model_of(spec=ChartSpec(("loss",), RUNS))
    lines, (loading, absent, failed) = model.curve_set.lines, (CurveKey(run.run_id, "loss") for run in RUNS)
    model.curve_set.requested = frozenset([loading])
    model.curve_set.add_absent(absent)
    model.curve_set.add_failure(failed, "locked")
    assert [model.legend_entry(line, None).note for line in lines] == ["reading …", "without loss", "locked"]
    assert [line.name for line in model.legend_lines()] == ["a", "c", "b"]
    model.curve_set.toggle(lines[0])
    assert model.legend_entry(lines[0], None).note == "hidden"
    assert model.describe() == "by step   reading 1 …   1 cannot be read   1 hidden   1 without loss"


def test_a_cursor_beside_a_curve_is_marked_in_its_entry() -> None:
    model = model_of([1, 2], LONG)
    short, long = model.curve_set.lines
    model.cursor = 50.0
    assert model.legend_entry(short, None).is_outside and not model.legend_entry(long, None).is_outside


def test_runs_with_a_single_value_are_bars_the_hidden_ones_last() -> None:
    model = model_of([2], [3], [1])
    hidden, selected, _ = model.curve_set.lines
    model.curve_set.toggle(hidden)
    model.shape()
    bars, document = model.bars(selected), model.bars_document()
    assert bars is not None and [bar.name for bar in bars.bars] == ["c", "b", "a"] and bars.current == 1
    assert document is not None and [bar.name for bar in document.bars] == ["c", "b"]
    assert model.describe() == "single values, the best first   1 hidden"
    assert model.as_text(60, 20).count("\n") < 6


def test_a_chart_as_text_has_title_legend_and_marks() -> None:
    text = model_of(LONG, [2 * value for value in LONG]).as_text(60, 16)
    assert "loss" in text and "* a" in text and "+ b" in text
    assert model_of([1]).bars_document() is not None and model_of(LONG).bars_document() is None


def test_other_metrics_keep_the_x_limits_and_drop_the_others() -> None:
    spec = ChartSpec(("loss",), RUNS[:1], available_metrics=("acc", "ic", "loss"))
    limits = FixedLimits(1, 2)
    options = ChartOptions(x_limits=limits, y_limits=limits, right_metrics=frozenset(["loss"]))
    model = model_of(LONG, spec=spec, options=options)
    assert (model.neighbour_metric(1), model.neighbour_metric(-1)) == ("acc", "ic")
    model.show_metrics(["ic"])
    assert model.spec.metrics == ("ic",) and model.options == ChartOptions(x_limits=limits)


@pytest.mark.parametrize(
    ("size", "beside"), [((200, 50), True), ((120, 50), False), ((120, 6), True), ((80, 6), False)]
)
def test_the_legend_is_beside_a_wide_chart_or_one_that_would_be_too_low(size: tuple[int, int], beside: bool) -> None:
    model = model_of([1, 2], [2, 1])
    columns = model.legend_columns()
    place = place_legend(columns, 2, *size)
    assert place.is_beside is beside
    assert (place.height == "1fr") is beside and (place.width == "1fr") is not beside


def test_typed_limits_are_checked_before_they_are_used() -> None:
    used: list[ChartOptions] = []
    request = ask_limits(model_of(LONG), used.append)
    assert request.problem("x 0:5") is None and request.problem("x five")
    request.on_answer("x 0:5")
    assert used[0].x_limits == (0, 5)


def test_the_metrics_of_the_runs_are_offered_and_at_least_one_is_drawn() -> None:
    spec = ChartSpec(("loss",), RUNS[:1], available_metrics=("ic", "loss"))
    drawn: list[object] = []
    request = ask_metrics(model_of(LONG, spec=spec), drawn.append)
    assert [choice.value for choice in request.choices] == ["ic", "loss"] and tuple(request.chosen) == ("loss",)
    request.on_answer(())
    request.on_answer(("ic",))
    assert drawn == [("ic",)]
    assert [choice.value for choice in ask_x_metric(model_of(LONG, spec=spec), print).choices] == ["", "ic", "loss"]


def test_a_chart_is_copied_as_text_or_saved_as_a_file() -> None:
    model = model_of(LONG)
    text = export_message(model, "text", 60, 12)
    assert isinstance(text, CopyText) and len(text.text.splitlines()) <= 12
    file = export_message(model, "svg", 60, 12)
    assert isinstance(file, SaveFile) and file.suffix == "svg" and file.make_text().startswith("<svg")
