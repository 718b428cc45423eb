"""The state of the runs pane, without a widget."""

from __future__ import annotations

from datetime import timedelta

from qtui.entities import Summary
from qtui.query import parse_filter
from qtui.query.ast import Aggregate, FieldKind, OrderBy
from qtui.query.projection import Projection
from qtui.runs.column_specs import RUN_COLUMNS, ColumnSpec, curve_column, logged_column
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_layout import TableLayout
from qtui.tui.present.runs.run_scope import Scope
from qtui.tui.present.runs.runs_model import RunsModel
from tests.unit.runs.build import info_of, metric, param, run

NOW = 1_000_000
MINUTE_MS = 60_000
RUNS = (
    run("a", start_time=1, metrics={"ic": 0.1}, params={"lr": "1"}),
    run("b", start_time=2, metrics={"ic": 0.3}, params={"lr": "2"}),
    run("c", start_time=3, metrics={"ic": 0.2}, params={"lr": "2"}),
)


def model_of(*runs: str, column_names: tuple[str, ...] = (), now: int = NOW) -> RunsModel:
    """Return a model with the infos of these runs, of `RUNS` by default, as the complete scope."""
    model = RunsModel(lambda: now, timedelta(minutes=1), column_names)
    model.set_scope(Scope("one", "1", several=False))
    infos = [info_of(run_id) for run_id in runs] or [run.info for run in RUNS]
    model.add_infos(infos, complete=True)
    return model


def loaded_model() -> RunsModel:
    """Return a model with the values of `RUNS`."""
    model = model_of()
    model.add_values(RUNS)
    return model


def column_titles(model: RunsModel) -> list[str]:
    return [column.title for column in model.visible_layout.columns]


def run_ids(model: RunsModel) -> list[str]:
    return list(model.view().run_ids())


def test_the_runs_of_the_previous_scope_stay_until_the_first_of_the_new_one_are_loaded() -> None:
    model = model_of("a", "b")
    model.set_scope(Scope("two", "2"))
    assert model.awaits_runs and not model.complete
    assert run_ids(model) == ["a", "b"]
    assert model.add_infos([info_of("x")], complete=False)
    assert run_ids(model) == ["x"] and not model.awaits_runs and not model.complete
    assert not model.add_infos([info_of("y")], complete=True)
    assert sorted(run_ids(model)) == ["x", "y"] and model.complete


def test_a_scope_without_runs_removes_those_of_the_previous_one() -> None:
    model = model_of("a")
    model.set_scope(Scope("two", "2"))
    model.add_infos([], complete=True)
    assert run_ids(model) == []


def test_the_values_of_a_run_are_added_to_its_row() -> None:
    model = model_of("a", "b")
    assert not model.has_metrics
    model.add_values(RUNS[:1])
    column = model.frame.column(metric("ic"))
    assert column is not None and (column[0], column[1]) == (0.1, None)
    assert model.has_metrics


def test_values_of_one_field_leave_the_other_values_of_the_run() -> None:
    model = loaded_model()
    summaries = {"ic": Summary(0.5, 0.1, 0.1, 0.5, 2, 0)}
    model.add_values([run("a", start_time=1, summaries=summaries)], Projection(summaries=frozenset({"ic"})))
    maximum = model.frame.column(metric("ic", Aggregate.MAX))
    last = model.frame.column(metric("ic"))
    row = model.frame.row("a")
    assert row is not None and maximum is not None and last is not None
    assert (maximum[row], last[row]) == (0.5, 0.1)


def test_a_removed_run_leaves_the_table() -> None:
    model = model_of("a", "b")
    model.remove(["a"])
    assert run_ids(model) == ["b"]


def test_sparklines_are_merged_by_metric_and_run() -> None:
    model = loaded_model()
    model.add_curves({"ic": {"a": [1.0]}})
    model.add_curves({"ic": {"b": [2.0]}, "loss": {"a": [3.0]}})
    expected = {"ic": {"a": [1.0], "b": [2.0]}, "loss": {"a": [3.0]}}
    assert model.curves == expected and model.view().curves == expected


def test_a_new_scope_drops_sparklines_and_last_writes_and_a_reload_keeps_them() -> None:
    model = model_of()
    model.add_infos([info_of("d", status="RUNNING")], complete=True)
    model.add_curves({"ic": {"a": [1.0]}})
    model.set_last_writes({"d": 0})
    model.set_scope(model.scope)
    assert model.curves and model.stale == {"d"}
    model.set_scope(Scope("two", "2"))
    assert not model.curves and not model.stale


def test_a_running_run_is_stale_after_the_silence_without_a_write() -> None:
    model = model_of()
    model.add_infos([info_of(run_id, status="RUNNING") for run_id in "def"], complete=True)
    model.set_last_writes({"d": NOW - MINUTE_MS - 1, "e": NOW - MINUTE_MS, "f": None, "a": 0, "gone": 0})
    assert model.stale == {"d", "f"}
    assert model.view().stale == {"d", "f"}


def test_anything_runs_only_while_a_run_is_running() -> None:
    model = model_of("a")
    assert not model.has_running_runs
    model.add_infos([info_of("d", status="RUNNING")], complete=True)
    assert model.has_running_runs


def test_the_columns_of_the_user_replace_the_default_ones() -> None:
    model = loaded_model()
    assert column_titles(model) == ["name", "status", "ic", "age", "duration", "lr"]
    model.layout = TableLayout(columns=(RUN_COLUMNS["name"], RUN_COLUMNS["user"]))
    assert column_titles(model) == ["name", "user"]


def test_a_scope_of_several_experiments_has_a_column_with_their_names() -> None:
    model = loaded_model()
    model.scope = Scope("all", "", several=True)
    assert column_titles(model)[:4] == ["name", "status", "experiment", "ic"]


def test_the_column_names_of_the_settings_come_after_the_name_once_each() -> None:
    model = model_of(column_names=("params.lr", "name", "user", "params.lr"))
    model.scope = Scope("all", "", several=True)
    assert column_titles(model) == ["name", "lr", "user"]


def test_the_column_that_sorts_is_visible_after_the_name() -> None:
    model = loaded_model()
    model.layout = TableLayout(
        columns=(RUN_COLUMNS["name"], RUN_COLUMNS["status"]), order_by=(OrderBy(param("lr"), ascending=True),)
    )
    assert column_titles(model) == ["name", "lr", "status"]
    assert model.layout.columns == (RUN_COLUMNS["name"], RUN_COLUMNS["status"])


def test_the_view_has_the_order_of_the_layout_and_the_runs_that_match_the_filter() -> None:
    model = loaded_model()
    model.layout = TableLayout(order_by=(OrderBy(metric("ic"), ascending=False),))
    assert run_ids(model) == ["b", "c", "a"]
    assert model.filter_count(model.view()) == ""
    model.filter = parse_filter("params.lr = '2'")
    assert run_ids(model) == ["b", "c"]
    assert model.filter_count(model.view()) == "2 of 3"


def test_the_view_names_experiments_without_the_folder_of_the_scope() -> None:
    model = loaded_model()
    model.set_scope(Scope("team", "team/", experiments={"1": "team/alpha"}))
    assert model.view().experiments == {"1": "alpha"}


def test_a_refreshed_view_keeps_its_lines_and_gets_the_current_time_and_sparklines() -> None:
    times = iter((5, 6, 7, 8))
    model = RunsModel(lambda: next(times), timedelta(minutes=1))
    model.add_infos([info_of("a")], complete=True)
    view = model.view()
    model.add_infos([info_of("b")], complete=True)
    model.add_curves({"ic": {"a": [1.0]}})
    refreshed = model.refresh_view(view)
    assert list(refreshed.run_ids()) == ["a"]
    assert refreshed.now > view.now and refreshed.curves == {"ic": {"a": [1.0]}}


def test_a_refreshed_view_gets_the_runs_that_are_stale_now() -> None:
    model = model_of()
    model.add_infos([info_of("d", status="RUNNING")], complete=True)
    view = model.view()
    model.set_last_writes({"d": 0})
    assert not view.stale and model.refresh_view(view).stale == {"d"}


def test_the_needed_histories_are_those_of_the_layout_and_of_the_filter() -> None:
    model = loaded_model()
    name = RUN_COLUMNS["name"]
    model.layout = TableLayout(columns=(name, curve_column("loss"), best_column(model.frame, "ic")))
    needs = model.history_needs()
    assert (needs.summaries, needs.curves) == ({"ic"}, {"loss"})
    model.filter = parse_filter("max(metrics.acc) > 1")
    assert model.history_needs().summaries == {"ic", "acc"}


def best_column(frame: RunsFrame, key: str) -> ColumnSpec:
    return logged_column(frame, metric(key, Aggregate.BEST))


def test_missing_fields_are_reported_only_after_the_values_of_all_runs_are_loaded() -> None:
    fields = [metric("ic"), metric("no such")]
    model = model_of()
    assert model.missing_fields(fields) == []
    model.add_values(RUNS[:2])
    assert model.missing_fields(fields) == []
    model.add_values(RUNS)
    assert model.missing_fields(fields) == [metric("no such")]
    model.complete = False
    assert model.missing_fields(fields) == []


def test_an_empty_scope_misses_no_field() -> None:
    model = RunsModel(lambda: NOW, timedelta(minutes=1))
    model.set_scope(Scope())
    model.add_infos([], complete=True)
    assert model.missing_fields([metric("ic")]) == []


def test_the_kinds_of_a_key_are_those_in_which_any_run_has_it() -> None:
    model = model_of()
    model.add_values([run("a", metrics={"lr": 1.0}, params={"lr": "1", "model": "x"})])
    kinds = model.kinds_of_keys(["lr", "model", "no such"])
    assert {key: sorted(kinds[key]) for key in kinds} == {
        "lr": sorted([FieldKind.METRIC, FieldKind.PARAM]),
        "model": [FieldKind.PARAM],
        "no such": [],
    }


def test_marked_runs_are_kept_while_they_are_not_loaded() -> None:
    model = model_of("a", "b")
    model.follow_marks(frozenset("a"))
    model.remove(["a"])
    model.follow_marks(frozenset("ab"))
    assert sorted(model.marked_infos) == ["a", "b"]
    model.follow_marks(frozenset("b"))
    assert sorted(model.marked_infos) == ["b"]
