"""The chart of a selection in the runs table."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from qtui.entities import Point, Run
from qtui.query.ast import OrderBy
from qtui.runs.arrange import arrange
from qtui.runs.column_specs import RUN_COLUMNS, ColumnSpec, logged_column
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_layout import TableLayout
from qtui.runs.table_view import TableView
from qtui.tui.present.charts.chart_selection import available_metrics, chart_spec_for_selection, sort_metrics
from qtui.tui.present.charts.chart_spec import ChartSpec
from tests.unit.runs.build import info_of, metric, param, run

RUNS = (
    run("a", start_time=3, params={"model": "lgb"}, metrics={"ic": 1.0}),
    run("b", start_time=2, params={"model": "gru"}, metrics={"ic": 2.0, "loss": 1.0}),
    run("c", start_time=1, params={"model": "lgb"}, metrics={"ic": 3.0}),
    run("d", start_time=0, params={"model": "none"}),
)


def view_of(runs: Sequence[Run] = RUNS, columns: tuple[str, ...] = (), layout: TableLayout | None = None) -> TableView:
    """Return a view with the name and the columns of these metrics."""
    frame = RunsFrame.from_runs(runs)
    specs = (RUN_COLUMNS["name"], *(logged_column(frame, metric(key)) for key in columns))
    return arrange(frame, layout or TableLayout(columns=specs))


def spec_at(view: TableView, line: int, marks: tuple[str, ...] = (), column: ColumnSpec | None = None) -> ChartSpec:
    spec = chart_spec_for_selection(view, marks, view[line], column)
    assert spec is not None
    return spec


def run_ids(spec: ChartSpec) -> list[str]:
    return [info.run_id for info in spec.runs]


def test_without_marks_the_run_under_the_cursor_is_drawn_with_its_own_metrics() -> None:
    spec = spec_at(view_of(), 0)
    assert run_ids(spec) == ["a"]
    assert (spec.metrics, spec.available_metrics) == (("ic",), ("ic",))


def test_marked_runs_are_drawn_in_the_order_of_the_table_and_filtered_ones_last() -> None:
    view = view_of(layout=TableLayout(order_by=(OrderBy(metric("ic"), ascending=False),)))
    assert run_ids(spec_at(view, 3, marks=("a", "b", "c", "gone"))) == ["c", "b", "a"]


def test_runs_without_metrics_have_no_chart() -> None:
    view = view_of()
    assert chart_spec_for_selection(view, (), view[3], None) is None
    assert chart_spec_for_selection(view, (), None, None) is None


def test_the_metric_under_the_cursor_is_drawn_first() -> None:
    view = view_of(columns=("ic", "loss"))
    assert spec_at(view, 1, column=view.columns[2]).metrics == ("loss",)
    assert spec_at(view, 0, column=view.columns[2]).metrics == ("ic",)  # this run has no loss
    assert spec_at(view, 1, column=view.columns[0]).metrics == ("ic",)


def test_a_visible_metric_is_preferred_to_the_others() -> None:
    assert spec_at(view_of(columns=("loss",)), 1).metrics == ("loss",)
    assert spec_at(view_of(columns=()), 1).metrics == ("ic",)


def test_a_metric_with_a_history_is_preferred_to_a_visible_one_with_a_single_value() -> None:
    points = {"ic": Point(0, 0, 1.0), "loss": Point(9, 9, 1.0), "system/cpu": Point(9, 9, 1.0)}
    assert spec_at(view_of((Run(info_of("a"), metrics=points),), columns=("ic",)), 0).metrics == ("loss",)


CURVES = {key: Point(9, 9, 1.0) for key in ("l2.train", "l2.valid", "system/cpu")}
QLIB_METRICS = {**CURVES, "Rank IC": Point(0, 0, 0.05), "IC": Point(0, 0, 0.05)}


def test_several_runs_of_qlib_are_compared_by_their_ic_first() -> None:
    view = view_of([Run(info_of(name), metrics=QLIB_METRICS) for name in "ab"], columns=("Rank IC",))
    assert spec_at(view, 0, marks=("a", "b")).metrics == ("IC",)
    assert spec_at(view, 0, marks=("a", "b"), column=view.columns[1]).metrics == ("Rank IC",)


def test_the_chart_of_a_run_of_qlib_begins_with_the_curve_of_the_validation() -> None:
    view = view_of([Run(info_of("a"), metrics=QLIB_METRICS)], columns=("IC",))
    assert spec_at(view, 0).metrics == ("l2.valid",)


def test_on_a_group_all_groups_are_drawn_and_the_one_under_the_cursor_first() -> None:
    view = view_of(layout=TableLayout(group_by=(param("model"),)))
    names = [group.name for group in spec_at(view, 0).groups]
    second = next(index for index in range(1, len(view)) if view[index].row is None)
    spec = spec_at(view, second)
    assert [group.name for group in spec.groups] == [names[1], names[0], names[2]]
    assert sorted(len(group.runs) for group in spec.groups) == [1, 1, 2]
    assert (spec.runs, spec.group_fields) == ((), "model")
    assert spec.available_metrics == ("ic", "loss")


def test_groups_without_metrics_have_no_chart() -> None:
    view = view_of((RUNS[3],), layout=TableLayout(group_by=(param("model"),)))
    assert chart_spec_for_selection(view, (), view[0], None) is None


def test_marks_are_drawn_even_if_the_cursor_is_on_a_group() -> None:
    view = view_of(layout=TableLayout(group_by=(param("model"),)))
    assert run_ids(spec_at(view, 0, marks=("b",))) == ["b"]


def test_available_metrics_are_those_that_any_of_the_rows_has() -> None:
    view = view_of()
    assert available_metrics(view.frame, [0, 2]) == ("ic",)
    assert available_metrics(view.frame, [0, 1]) == ("ic", "loss")
    assert available_metrics(view.frame, []) == ()


@pytest.mark.parametrize("keys", [("system/cpu", "b", "a"), ("a", "system/cpu", "b")])
def test_metrics_are_sorted_by_name_with_system_metrics_last(keys: tuple[str, ...]) -> None:
    assert sort_metrics(keys) == ("a", "b", "system/cpu")


def test_the_baseline_is_drawn_beside_the_selected_runs_and_named() -> None:
    spec = spec_at(view_of(layout=TableLayout(columns=(RUN_COLUMNS["name"],), baseline="c")), 0)
    assert run_ids(spec) == ["a", "c"]
    assert [line.is_baseline for line in spec.lines()] == [False, True]
    assert spec.lines()[1].name.endswith("(baseline)")


def test_a_baseline_that_the_table_does_not_have_is_not_drawn() -> None:
    assert run_ids(spec_at(view_of(layout=TableLayout(columns=(RUN_COLUMNS["name"],), baseline="gone")), 0)) == ["a"]


def test_the_chart_of_groups_has_the_baseline_too() -> None:
    layout = TableLayout(columns=(RUN_COLUMNS["name"],), group_by=(param("model"),), baseline="b")
    spec = spec_at(view_of(layout=layout), 0)
    assert spec.groups and run_ids(spec) == ["b"]
