"""The overview of a run, which the details and `qtui show` draw."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from qtui.entities import PARENT_RUN_TAG, DatasetInput, LoggedModel, Point, Problem, Run, RunInfo
from qtui.formatting import format_time
from qtui.runs.run_overview import RunContext, dataset_text, format_time_and_age, overview_rows
from qtui.runs.text_row import TextRow
from qtui.store import ArtifactRoot

MINUTE = 60_000
HOUR = timedelta(hours=1)
NOW = 1_700_000_000_000
RUNNING = RunInfo("r1", "7", "hopeful", "RUNNING", start_time=NOW - 90 * MINUTE, user="li")


def text_by_label(rows: Iterable[TextRow]) -> dict[str, str]:
    return {row.label: row.text for row in rows}


def test_the_overview_shows_state_and_origin() -> None:
    run = Run(RUNNING, tags={"mlflow.source.name": "train.py", PARENT_RUN_TAG: "r0"})
    rows = text_by_label(overview_rows(run, RunContext(last_write=NOW - MINUTE), NOW, HOUR))
    assert rows["status"] == "▸ running"
    assert rows["duration"] == "1h 30m"
    assert (rows["user"], rows["source"], rows["parent"]) == ("li", "train.py", "r0")
    assert "stale" not in rows and "ended" not in rows


def test_a_running_run_without_new_data_for_long_is_stale() -> None:
    context = RunContext(last_write=NOW - 61 * MINUTE)
    assert "silent for 1h 01m" in text_by_label(overview_rows(Run(RUNNING), context, NOW, HOUR))["stale"]


def test_datasets_children_and_problems_have_rows() -> None:
    child = RunInfo("r2", "7", "fold-1", "FINISHED")
    context = RunContext(children=(child,), problems=(Problem("metrics/loss", "2 lines are no points"),))
    run = Run(RUNNING, inputs=(DatasetInput("csi300", "abc", tags={"mlflow.data.context": "training"}),))
    rows = overview_rows(run, context, NOW, HOUR)
    assert text_by_label(rows)["dataset"] == "csi300  abc  training"
    assert text_by_label(rows)["damaged"] == "2 lines are no points"
    assert next(row for row in rows if row.label == "child").run == "r2"


def test_the_age_is_left_out_where_it_repeats_the_date() -> None:
    long_ago = 1_500_000_000_000
    assert format_time_and_age(long_ago, NOW) == format_time(long_ago)
    assert format_time_and_age(NOW - 7_200_000, NOW) == f"{format_time(NOW - 7_200_000)}  2h ago"
    assert format_time_and_age(None, NOW) == "–"


def test_a_password_in_a_source_or_a_location_is_hidden() -> None:
    run = Run(RUNNING, tags={"mlflow.source.name": "https://joe:hunter2@host/repo"})
    context = RunContext(artifact_root=ArtifactRoot("ftp://joe:hunter2@host/a", Path("/store/a"), moved=True))
    rows = overview_rows(run, context, NOW)
    assert not any("hunter2" in row.text + row.value for row in rows)
    assert text_by_label(rows)["artifacts"] == "/store/a"


def test_a_deleted_run_says_so_beside_its_status() -> None:
    info = RunInfo("r1", "7", status="FINISHED", lifecycle_stage="deleted")
    assert text_by_label(overview_rows(Run(info), RunContext(), NOW))["status"] == "✓ done, deleted"


def test_the_user_of_mlflow_1_is_a_tag() -> None:
    rows = overview_rows(Run(RunInfo("r1", "7"), tags={"mlflow.user": "li"}), RunContext(), NOW)
    assert text_by_label(rows)["user"] == "li"


def test_a_dataset_opens_as_its_origin_and_its_schema() -> None:
    dataset = DatasetInput(
        "csi300", "abc", "local", "https://user:secret@host/x", '{"columns": [{"name": "a"}]}', "odd {"
    )
    text = dataset_text(dataset)
    assert "digest: abc" in text and "secret" not in text
    assert '  "columns": [' in text and "  odd {" in text


def test_a_logged_model_has_a_row_with_its_values() -> None:
    model = LoggedModel("m-1", "1", "clf", "READY", params={"alpha": "0.1"}, metrics={"acc": Point(3, 0, 0.9)})
    run = Run(RunInfo("a", "1"))
    [row] = [row for row in overview_rows(run, RunContext(models=(model,)), 0) if row.label == "model"]
    assert row.text == "clf  READY  m-1"
    assert "artifacts: models:/m-1" in row.value
    assert "  alpha: 0.1" in row.value and "  acc: 0.9" in row.value
