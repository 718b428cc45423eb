"""`qtui show`, `qtui history`, `qtui artifacts`: one run."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from qtui.entities import ExperimentInfo, Point, Run, RunInfo
from qtui.formatting import now_ms
from qtui.recorder import Library
from qtui.recorder.reading.health import STALE_AFTER
from qtui.store.files.writing.sample import write_experiment, write_run
from qtui.tui.load.run_details import read_context
from qtui.tui.present.details.details_tabs import OverviewTab
from qtui.tui.present.details.run_view import RunView
from tests.unit.cli.conftest import Call
from tests.unit.cli.test_runs import KEYS


@pytest.fixture
def swept(qtui: Call, sample: Path) -> dict[str, Any]:
    """A run of the sample that has a parent."""
    rows = qtui(
        "runs", "vision/cifar10/resnet", "--filter", "tags.`mlflow.parentRunId` IS NOT NULL", "--json", uri=sample
    )
    run: dict[str, Any] = json.loads(rows.out)[0]
    return run


def test_show_prints_the_same_values_as_the_list(qtui: Call, sample: Path, swept: dict[str, Any]) -> None:
    details = json.loads(qtui("show", swept["run_id"], "--json", uri=sample).out)
    assert list(details) == [*KEYS, "datasets", "models"]
    assert details == {**details, **swept}
    assert [dataset["name"] for dataset in details["datasets"]] == ["cifar10"]


def test_a_run_is_found_by_a_prefix_of_its_id_and_by_name(qtui: Call, sample: Path, swept: dict[str, Any]) -> None:
    for word in (swept["run_id"][:6], f"vision/cifar10/resnet/{swept['name']}"):
        assert json.loads(qtui("show", word, "--json", uri=sample).out)["run_id"] == swept["run_id"]


def test_the_page_says_everything_of_a_run(qtui: Call, sample: Path, swept: dict[str, Any]) -> None:
    page = qtui("show", swept["run_id"], uri=sample).out
    words = [
        *(swept["run_id"], swept["name"], "✓ done", "vision/cifar10/resnet", swept["user"], "train.py"),
        *(swept["tags"]["mlflow.parentRunId"], swept["artifact_uri"], "cifar10", "training"),
        *swept["params"],
        *swept["metrics"],
    ]
    assert [word for word in words if word not in page] == []


def test_the_page_has_the_overview_of_the_details(qtui: Call, sample: Path, swept: dict[str, Any]) -> None:
    page = qtui("show", swept["run_id"], uri=sample).out
    with Library(str(sample)) as library:
        run = library.run(swept["run_id"])
        context = read_context(library, run, ())
        rows = OverviewTab().rows(RunView(run, context), now_ms(), STALE_AFTER)
    labels = [row.key for row in rows]
    texts = [line.strip().partition("  ")[0] for line in page.splitlines()]
    assert texts[1 : 1 + len(labels)] == labels


def test_a_note_keeps_its_lines_and_no_more(qtui: Call, tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, ExperimentInfo("1", "x"))
    write_run(folder, Run(RunInfo("ab" * 16, "1", "n"), tags={"mlflow.note.content": "# one\r\n\x1b[2Jtwo\n"}))
    assert "Note\n  # one\n  ␛[2Jtwo\n" in qtui("show", "abab", uri=tmp_path).out


def test_a_password_in_an_address_is_never_shown(qtui: Call, tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, ExperimentInfo("1", "x", artifact_location="ftp://joe:hunter2@host/a"))
    write_run(folder, Run(RunInfo("ab" * 16, "1", "n", artifact_uri="ftp://joe:hunter2@host/a/b")))
    for call in (("show", "abab"), ("show", "abab", "--json"), ("experiments", "--json"), ("runs", "--csv")):
        assert "hunter2" not in qtui(*call, uri=tmp_path).out, call


@pytest.mark.parametrize("command", ["show", "history", "artifacts"])
def test_an_unknown_run_is_a_usage_error(qtui: Call, sample: Path, command: str) -> None:
    ended = qtui(command, "zzzz", *(["lr"] if command == "history" else []), uri=sample)
    assert (ended.code, ended.out) == (2, "")
    assert "no run 'zzzz'" in ended.err


def test_history_has_every_point_in_json_and_csv(qtui: Call, tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, ExperimentInfo("1", "x"))
    points = [Point(2, 5, float("nan")), Point(1, 6, 0.5), Point(1, 6, 0.5), Point(-3, 7, float("-inf"))]
    write_run(folder, Run(RunInfo("ab" * 16, "1", "n")), {"val/loss": points, "x": [Point(0, 1, 2)]})
    histories = json.loads(qtui("history", "abab", "val/loss", "x", "--json", uri=tmp_path).out)
    assert histories == [
        {
            "run_id": "ab" * 16,
            "key": "val/loss",
            "points": [
                {"step": 2, "timestamp": 5, "value": "NaN"},
                {"step": 1, "timestamp": 6, "value": 0.5},
                {"step": 1, "timestamp": 6, "value": 0.5},
                {"step": -3, "timestamp": 7, "value": "-Infinity"},
            ],
        },
        {"run_id": "ab" * 16, "key": "x", "points": [{"step": 0, "timestamp": 1, "value": 2.0}]},
    ]
    rows = list(csv.reader(io.StringIO(qtui("history", "abab", "val/loss", "--csv", uri=tmp_path).out)))
    assert rows[:2] == [["run_id", "key", "step", "timestamp", "value"], ["ab" * 16, "val/loss", "2", "5", "NaN"]]
    assert len(rows) == 5


def test_the_table_of_a_history_names_the_metric_only_where_there_are_two(
    qtui: Call, sample: Path, swept: dict[str, Any]
) -> None:
    one = qtui("history", swept["run_id"], "lr", uri=sample).out.splitlines()
    assert one[0].split() == ["step", "time", "value"]
    two = qtui("history", swept["run_id"], "lr", "val/acc", uri=sample).out.splitlines()
    assert two[0].split() == ["metric", "step", "time", "value"]
    assert len(two) == 2 * len(one) - 1


def test_an_unknown_metric_is_a_usage_error(qtui: Call, sample: Path, swept: dict[str, Any]) -> None:
    ended = qtui("history", swept["run_id"], "lr", "nope", uri=sample)
    assert (ended.code, ended.out) == (2, "")
    assert "'nope'" in ended.err


def test_artifacts_are_listed_level_by_level_or_all_at_once(qtui: Call, sample: Path, swept: dict[str, Any]) -> None:
    def listed(*args: str) -> list[tuple[str, bool]]:
        artifacts = json.loads(qtui("artifacts", swept["run_id"], *args, "--json", uri=sample).out)
        assert all(list(artifact) == ["path", "is_dir", "size"] for artifact in artifacts)
        return [(artifact["path"], artifact["is_dir"]) for artifact in artifacts]

    top = [("config.json", False), ("confusion.csv", False), ("log.txt", False), ("plots", True)]
    assert listed() == top
    assert listed("plots/") == [("plots/saliency.png", False)]
    assert listed("-r") == [*top, ("plots/saliency.png", False)]


def test_artifacts_in_folders_are_set_in(qtui: Call, sample: Path, swept: dict[str, Any]) -> None:
    lines = qtui("artifacts", swept["run_id"], "-r", uri=sample).out.splitlines()
    assert lines[-4].endswith("  plots/")
    assert lines[-3].endswith("    saliency.png")
    assert lines[-1].startswith("4 files, ")


def test_a_missing_artifact_is_a_usage_error(qtui: Call, sample: Path, swept: dict[str, Any]) -> None:
    ended = qtui("artifacts", swept["run_id"], "nope", uri=sample)
    assert (ended.code, ended.out) == (2, "")
