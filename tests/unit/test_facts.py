"""What the details tell of a run."""

from datetime import timedelta

from qtui.entities import PARENT_RUN_TAG, Artifact, DatasetInput, Point, Problem, Run, RunInfo, Summary
from qtui.figures import moment
from qtui.text import width
from qtui.tui.present import detail_rows as facts
from qtui.tui.present.detail_rows import TEXT_COLUMNS, DetailRow, RunContext, when
from qtui.tui.present.detail_table import fitted

MINUTE = 60_000
HOUR = timedelta(hours=1)
NOW = 1_700_000_000_000
RUNNING = RunInfo("r1", "7", "hopeful", "RUNNING", start_time=NOW - 90 * MINUTE, user="li")


def told(rows: tuple[DetailRow, ...]) -> dict[str, str]:
    return {row.key: row.cells[0] for row in rows}


def test_the_overview_tells_state_and_origin() -> None:
    run = Run(RUNNING, tags={"mlflow.source.name": "train.py", PARENT_RUN_TAG: "r0"})
    rows = told(facts.overview(run, RunContext(last_write=NOW - MINUTE), NOW, HOUR))
    assert rows["status"] == "▸ running"
    assert rows["duration"] == "1h 30m"
    assert (rows["user"], rows["source"], rows["parent"]) == ("li", "train.py", "r0")
    assert "stale" not in rows and "ended" not in rows


def test_a_running_run_that_is_silent_for_long_is_called_stale() -> None:
    around = RunContext(last_write=NOW - 61 * MINUTE)
    assert "silent for 1h 01m" in told(facts.overview(Run(RUNNING), around, NOW, HOUR))["stale"]


def test_datasets_children_and_problems_have_their_lines() -> None:
    child = RunInfo("r2", "7", "fold-1", "FINISHED")
    around = RunContext(children=(child,), problems=(Problem("metrics/loss", "2 lines are no points"),))
    run = Run(RUNNING, inputs=(DatasetInput("csi300", "abc", tags={"mlflow.data.context": "training"}),))
    rows = facts.overview(run, around, NOW, HOUR)
    assert told(rows)["dataset"] == "csi300  abc  training"
    assert told(rows)["damaged"] == "2 lines are no points"
    assert next(each for each in rows if each.key == "child").target == child


def test_metrics_of_the_system_come_after_those_of_the_model() -> None:
    points = {"system/cpu": Point(1, 1, 0.5), "loss": Point(9, 1, 0.25)}
    rows = facts.metrics(points, {"loss": Summary(1.0, 0.25, 0.2, 1.0, 10, 2)}, {"loss": "█▁"})
    assert [each.key for each in rows] == ["loss", "system/cpu"]
    assert rows[0].cells == ("0.25", "0.2", "0.2", "1", "1", "10", "2", "█▁")


def test_the_best_of_a_metric_that_should_rise_is_its_greatest() -> None:
    rows = facts.metrics({"ic": Point(1, 1, 0.1)}, {"ic": Summary(0.0, 0.1, -0.1, 0.3, 5, 0)}, {})
    assert rows[0].cells[1] == "0.3"


def test_the_note_is_not_among_the_tags() -> None:
    assert [each.key for each in facts.tags(Run(RUNNING, tags={"mlflow.note.content": "x", "team": "a"}))] == ["team"]


def test_params_sort_numbers_before_words_and_keep_absent_ones_last() -> None:
    rows = facts.texts({"a": "0.5", "b": "adam", "c": "10", "d": ""})
    assert [each.key for each in facts.ordered(rows, 0, "")] == ["c", "a", "b", "d"]


def test_searching_looks_at_names_and_values() -> None:
    rows = facts.texts({"lr": "0.5", "model": "LGB"})
    assert [each.key for each in facts.ordered(rows, None, "lgb")] == ["model"]


def test_artifacts_are_a_tree_as_far_as_folders_are_open() -> None:
    levels = {
        "": (Artifact("model", True), Artifact("pred.pkl", False, 2048)),
        "model": (Artifact("model/weights", False, 1),),
    }
    rows = tuple(facts.artifacts(levels))
    assert [(each.depth, each.key.strip(), each.cells[0]) for each in rows] == [
        (0, "▾ model/", ""),
        (1, "weights", "1 B"),
        (0, "pred.pkl", "2.0 kB"),
    ]


def test_columns_that_do_not_fit_give_way_to_those_that_tell_more() -> None:
    rows = facts.metrics({"loss": Point(1, 1, 0.123)}, {"loss": Summary(1, 0.123, 0.1, 1, 9, 0)}, {"loss": "█▃▁"})
    narrow = fitted(rows, facts.METRIC_COLUMNS, 24)
    assert [c.title for c, w in zip(narrow.columns, narrow.widths, strict=True) if w] == ["last", "course"]
    wide = fitted(rows, facts.METRIC_COLUMNS, 100)
    shown = [c.title for c, w in zip(wide.columns, wide.widths, strict=True) if w]
    assert shown == ["last", "best", "min", "max", "first", "points", "course"]


def test_no_line_of_a_table_is_wider_than_its_place() -> None:
    rows = facts.texts({"中文参数" * 9: "值" * 99, "lr": "0.1"})
    for cells in (10, 33, 80):
        table = fitted(rows, facts.TEXT_COLUMNS, cells)
        assert all(width("".join(p.text for p in table.draw(row, cells))) <= cells for row in rows)


def test_a_day_is_not_said_twice() -> None:
    long_ago = 1_500_000_000_000
    assert when(long_ago, NOW) == moment(long_ago)
    assert when(NOW - 7_200_000, NOW) == f"{moment(NOW - 7_200_000)}  2h ago"
    assert when(None, NOW) == "–"


def test_long_names_keep_their_ends_which_tell_them_apart() -> None:
    rows = [
        DetailRow("1day.excess_return_with_cost.mean", ("1",)),
        DetailRow("1day.excess_return_with_cost.std", ("2",)),
    ]
    table = fitted(rows, TEXT_COLUMNS, 40)
    first, second = ("".join(piece.text for piece in table.draw(row, 40)) for row in rows)
    assert ".mean" in first
    assert ".std" in second
