"""`qtui demo`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient

from tests.unit.cli.conftest import Call


def test_it_writes_a_store_that_the_commands_read_and_leaves_it_as_it_is_a_second_time(
    qtui: Call, tmp_path: Path
) -> None:
    demo = tmp_path / "deep" / "demo"
    ended = qtui("demo", "--no-open", "--to", str(demo))
    assert (ended.code, ended.out) == (0, f"{demo}\n")
    assert "Wrote 175 runs in 8 experiments, plus 1 damaged run." in ended.err
    assert [path.name for path in demo.parent.iterdir()] == ["demo"]
    assert len(json.loads(qtui("runs", "--view", "all", "--json", uri=demo).out)) == 175
    running = qtui("runs", "--filter", "status = running", uri=demo)
    assert "running" in running.out
    assert "1 damaged run is not shown" in running.err
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    again = qtui("demo", "--no-open", "--to", str(demo))
    assert (again.code, again.out) == (0, f"{demo}\n")
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_by_default_it_fills_a_folder_of_the_user_and_does_not_pretend_to_open_it_without_a_screen(
    qtui: Call, own_world: Path
) -> None:
    demo = own_world / "share" / "qtui" / "demo"
    demo.mkdir(parents=True)
    ended = qtui("demo")
    assert (ended.code, ended.out) == (0, f"{demo}\n")
    assert "was not opened" in ended.err


@pytest.mark.parametrize("what", ["folder", "file", "link"])
def test_a_folder_with_other_files_is_not_changed(qtui: Call, tmp_path: Path, what: str) -> None:
    place = tmp_path / "mine"
    if what == "folder":
        place.mkdir()
        (place / "thesis.txt").write_text("x")
    elif what == "file":
        place.write_text("x")
    else:
        place.symlink_to(tmp_path / "elsewhere")
    ended = qtui("demo", "--no-open", "--to", str(place))
    assert (ended.code, ended.out) == (2, "")
    assert "left alone" in ended.err
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_cannot_be_written_is_an_error(qtui: Call, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended = qtui("demo", "--no-open", "--to", str(tmp_path / "file" / "demo"))
    assert ended.code == 2
    assert "cannot be written" in ended.err


def test_our_listing_of_the_sample_is_mlflows(qtui: Call, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    client = MlflowClient(sample.as_uri())
    ids = [experiment.experiment_id for experiment in client.search_experiments(view_type=ViewType.ACTIVE_ONLY)]
    theirs = [
        (
            *(run.info.run_id, run.info.run_name, run.info.status, run.info.start_time, run.info.end_time),
            *(run.info.artifact_uri, run.data.params, run.data.tags),
            {key: str(value) for key, value in run.data.metrics.items()},
        )
        for run in client.search_runs(ids, max_results=5000)
    ]
    words = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}
    ours = [
        (
            *(run["run_id"], run["name"], run["status"], run["start_time"], run["end_time"]),
            *(run["artifact_uri"], run["params"], run["tags"]),
            {key: words.get(str(value), str(value)) for key, value in run["metrics"].items()},
        )
        for run in json.loads(qtui("runs", "--json", uri=sample).out)
    ]
    assert ours == theirs
