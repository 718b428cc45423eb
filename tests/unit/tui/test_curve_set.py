"""The curves of a large chart, without a screen."""

from __future__ import annotations

import numpy

from qtui.entities import History, RunInfo
from qtui.plot.curves.chart_options import ChartOptions
from qtui.tui.present.charts.chart_spec import ChartSpec, CurveKey, RunGroup
from qtui.tui.widgets.chart_pane.curve_set import CurveSet, lines_beyond

RUNS = tuple(RunInfo(letter * 32, "1", letter) for letter in "abc")
KEYS = tuple(CurveKey(run.run_id, "loss") for run in RUNS)


def history(key: CurveKey, *values: float) -> History:
    steps = numpy.arange(len(values))
    return History(key.run_id, key.metric, steps, 1000 * steps, numpy.array(values, float))


def test_a_curve_is_missing_until_it_is_loaded_has_failed_or_is_absent() -> None:
    curves = CurveSet(ChartSpec(("loss",), RUNS))
    assert curves.missing == KEYS
    curves.add(KEYS[0], history(KEYS[0], 1, 2), None)
    curves.add_failure(KEYS[1], "locked")
    curves.add_absent(KEYS[2])
    assert (curves.missing, curves.loaded, curves.absent) == ((), KEYS[:1], KEYS[2:])
    curves.reload()
    assert curves.missing == KEYS and curves.loaded == KEYS[:1]


def test_a_hidden_line_is_neither_drawn_nor_missing() -> None:
    curves = CurveSet(ChartSpec(("loss",), RUNS))
    curves.add(KEYS[0], history(KEYS[0], 1, 2), None)
    curves.toggle(curves.lines[0])
    curves.shape(ChartOptions(), use_marks=False)
    assert curves.curves == () and curves.full_range is None and curves.missing == KEYS[1:]


def test_a_group_is_the_mean_of_its_loaded_curves() -> None:
    curves = CurveSet(ChartSpec(("loss",), groups=(RunGroup("both", RUNS[:2]),)))
    for key, value in zip(KEYS, (1.0, 3.0), strict=False):
        curves.add(key, history(key, value, value), None)
    curves.shape(ChartOptions(), use_marks=False)
    readout = curves.readout(curves.lines[0], None)
    assert readout is not None and (readout.value, readout.count) == (2, 2)


def test_lines_beyond_the_first_curves_start_hidden_but_never_the_first_line() -> None:
    lines = ChartSpec(("loss",), RUNS).lines()
    assert lines_beyond(lines, 2) == {lines[2].id}
    assert lines_beyond(lines, 0) == {lines[1].id, lines[2].id}


def test_lines_are_sorted_by_their_smoothed_value_if_curves_are_smoothed() -> None:
    curves = CurveSet(ChartSpec(("loss",), RUNS))
    curves.add_absent(KEYS[0])
    curves.add(KEYS[1], history(KEYS[1], 2, 2, 2, 2), None)
    curves.add(KEYS[2], history(KEYS[2], 3, 3, 3, 1), None)

    def names(smoothing: float, x: float | None = None, *, is_sorted: bool = True) -> list[str]:
        curves.shape(ChartOptions(smoothing=smoothing), use_marks=False)
        return [line.name for line in curves.legend_lines(x, is_sorted=is_sorted)]

    assert names(0.0) == ["c", "b", "a"]
    assert names(0.9) == ["b", "c", "a"]
    assert names(0.0, x=1.0) == ["b", "c", "a"]
    assert names(0.0, is_sorted=False) == ["b", "c", "a"]


def test_a_line_without_the_metric_of_the_x_axis_is_absent() -> None:
    curves = CurveSet(ChartSpec(("loss",), RUNS[:1]))
    curves.add(KEYS[0], history(KEYS[0], 2, 1), None)
    curves.shape(ChartOptions(x_metric="acc"), use_marks=False)
    assert (curves.absent_metric(curves.lines[0]), curves.missing) == ("", (CurveKey(RUNS[0].run_id, "acc"),))
    curves.add_absent(CurveKey(RUNS[0].run_id, "acc"))
    assert curves.absent_metric(curves.lines[0]) == "acc" and curves.is_absent(curves.lines[0])
