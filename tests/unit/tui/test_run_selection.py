"""The runs that a command of the runs table applies to."""

from __future__ import annotations

from qtui.entities import STAR_TAG, ViewType
from qtui.query import parse_filter
from qtui.runs.arrange import arrange
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_layout import TableLayout
from qtui.runs.table_view import TableView
from qtui.tui.present.runs.run_selection import RunSelection
from tests.unit.runs.build import info_of, run

RUNS = (
    run("a", start_time=3, metrics={"ic": 1.0}, tags={STAR_TAG: "1", "team": "red"}),
    run("b", start_time=2, metrics={"ic": 2.0}, params={"seed": "1"}),
    run("c", start_time=1, lifecycle_stage="deleted"),
)
ELSEWHERE = info_of("x", experiment_id="2")


def view_of(filter: str = "", layout: TableLayout | None = None) -> TableView:
    return arrange(RunsFrame.from_runs(RUNS), layout or TableLayout(), parse_filter(filter) if filter else None)


def ids(selection: RunSelection, stages: ViewType = ViewType.ALL) -> list[str]:
    return [info.run_id for info in selection.infos(stages)]


def test_without_marks_the_runs_under_the_cursor_are_selected() -> None:
    view = view_of()
    assert ids(RunSelection(view, at_cursor=frozenset("b"))) == ["b"]
    assert ids(RunSelection(view, frozenset("ca"), frozenset("b"))) == ["a", "c"]
    assert ids(RunSelection(view)) == []


def test_marked_runs_that_the_filter_hides_or_that_are_elsewhere_come_last() -> None:
    selection = RunSelection(view_of("params.seed = '1'"), frozenset("abx"), marked_infos={"x": ELSEWHERE})
    assert ids(selection) == ["b", "a", "x"]
    assert selection.to_edit(ViewType.ALL, frozenset()).hidden_count == 2


def test_runs_of_another_lifecycle_stage_than_the_view_are_not_edited() -> None:
    selection = RunSelection(view_of(), frozenset("ac"))
    assert ids(selection, ViewType.DELETED) == ["c"] and ids(selection, ViewType.ACTIVE) == ["a"]
    assert [item.name for item in selection.to_edit(ViewType.ACTIVE, frozenset()).items] == ["a"]


def test_running_runs_are_counted_also_where_the_table_does_not_have_them() -> None:
    running = {"status": "RUNNING"}
    frame = RunsFrame.from_runs([run("a", **running), run("b"), run("c", lifecycle_stage="deleted", **running)])
    elsewhere = {"x": info_of("x", experiment_id="2", **running), "y": ELSEWHERE}
    selection = RunSelection(arrange(frame, TableLayout()), frozenset("abcxy"), marked_infos=elsewhere)
    assert selection.running_ids(ViewType.ACTIVE) == frozenset("ax")
    assert selection.running_ids(ViewType.DELETED) == frozenset("c")


def test_tags_are_known_of_loaded_runs_only() -> None:
    frame = RunsFrame.from_runs(RUNS[:1]).with_infos([RUNS[1].info])
    edited = RunSelection(arrange(frame, TableLayout()), frozenset("ab")).to_edit(ViewType.ALL, frozenset("b"))
    assert [edited.tags_of(item) for item in edited.items] == [{STAR_TAG: "1", "team": "red"}, None]
    assert edited.vocabulary()["team"] == ("red",) and edited.stale == {"b"}


def test_runs_are_compared_in_the_order_of_the_table_even_if_one_is_pinned() -> None:
    view = view_of(layout=TableLayout(pins=("b",)))
    selection = RunSelection(view, frozenset("bax"), marked_infos={"x": ELSEWHERE, "b": RUNS[1].info})
    compared = selection.to_compare({"1": "one"})
    assert [info.run_id for info in compared.runs] == ["a", "b", "x"] and compared.experiments == {"1": "one"}
    assert [info.run_id for info in compared.missing] == ["x"] and ids(selection) == ["b", "a", "x"]


def test_the_charts_of_marked_runs_need_two_of_them() -> None:
    view = view_of()
    assert RunSelection(view, frozenset("a")).marked_grid() is None
    grid = RunSelection(view, frozenset("ab")).marked_grid()
    assert grid is not None and [info.run_id for info in grid.runs] == ["a", "b"] and grid.metrics == {"ic"}
    chart = RunSelection(view, at_cursor=frozenset("b"), line=view[1]).to_chart()
    assert chart is not None and [info.run_id for info in chart.runs] == ["b"]
    assert RunSelection(view, at_cursor=frozenset("c"), line=view[2]).to_chart() is None
