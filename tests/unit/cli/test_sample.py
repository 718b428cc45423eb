"""The sample store: MLflow reads it fully, and it is the same every time but for the clock."""

from __future__ import annotations

import math
import time
from pathlib import Path

import pytest
from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient

from qtui.artifacts.source import Source
from qtui.artifacts.viewers import views_of
from qtui.cli.sample import is_sample, write_sample
from qtui.cli.sample.families import FAMILIES
from qtui.entities import DatasetInput, ExperimentInfo, Point, Run, RunInfo
from qtui.errors import UsageError
from qtui.store.files.writing.sample import write_experiment, write_run


@pytest.fixture(autouse=True)
def file_stores_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")


def test_mlflow_lists_every_experiment_and_run_of_the_sample(sample: Path) -> None:
    client = MlflowClient(sample.as_uri())
    experiments = client.search_experiments(view_type=ViewType.ALL)
    assert {experiment.name for experiment in experiments} == {"Default"} | {family.experiment for family in FAMILIES}
    for family in FAMILIES:
        experiment = client.get_experiment_by_name(family.experiment) or next(
            experiment for experiment in experiments if experiment.name == family.experiment
        )
        runs = client.search_runs([experiment.experiment_id], run_view_type=ViewType.ALL)
        assert len(runs) == family.runs
        assert all(run.info.run_name and run.data.params and run.data.tags["mlflow.user"] for run in runs)
        assert sum(run.info.lifecycle_stage == "deleted" for run in runs) == sum(
            outcome.lifecycle_stage == "deleted" for outcome in family.outcomes.values()
        )


def test_mlflow_reads_curves_datasets_and_artifacts_of_the_sample(sample: Path) -> None:
    client = MlflowClient(sample.as_uri())
    experiment = client.get_experiment_by_name("vision/cifar10/resnet")
    runs = client.search_runs([experiment.experiment_id], order_by=["start_time ASC"])
    run = runs[0]
    curve = client.get_metric_history(run.info.run_id, "val/acc")
    assert [point.step for point in curve] == list(range(int(run.data.params["epochs"])))
    assert run.inputs.dataset_inputs[0].dataset.name == "cifar10"
    assert {artifact.path for artifact in client.list_artifacts(run.info.run_id)} > {"plots", "config.json"}
    (parent,) = {run.data.tags["mlflow.parentRunId"] for run in runs if "mlflow.parentRunId" in run.data.tags}
    assert parent in {run.info.run_id for run in runs}


def test_the_sample_has_runs_in_every_state(sample: Path) -> None:
    client = MlflowClient(sample.as_uri())
    ids = [experiment.experiment_id for experiment in client.search_experiments()]
    runs = client.search_runs(ids, max_results=5000)
    assert {run.info.status for run in runs} == {"FINISHED", "FAILED", "KILLED", "RUNNING", "SCHEDULED"}
    assert any(math.isnan(value) for run in runs for value in run.data.metrics.values())
    assert all(run.info.end_time is None for run in runs if run.info.status in ("RUNNING", "SCHEDULED"))
    assert all(run.info.start_time <= time.time() * 1000 for run in runs)


def test_every_artifact_of_the_sample_opens_in_its_best_view(sample: Path) -> None:
    kinds = set()
    for path in sample.glob("*/*/artifacts/**/*"):
        if path.is_file():
            with path.open("rb") as file:
                views = views_of(Source.of_file(file, path.name))
            if views.kind not in kinds:
                assert views.views[0].open() is not None
            kinds.add(views.kind)
    assert kinds >= {
        *("image", "source code", "CSV", "notebook", "log", "diff", "YAML", "JSON", "Markdown", "zip archive", "text")
    }


def test_the_sample_is_the_same_every_time(tmp_path: Path) -> None:
    trees = []
    for name in ("one", "two"):
        root = tmp_path / name
        write_sample(root, Path("/elsewhere"), 1_771_488_000_000)
        trees.append({path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()})
    assert trees[0] == trees[1]


def test_only_a_sample_store_is_recognised_as_one(sample: Path, tmp_path: Path) -> None:
    assert is_sample(sample)
    assert not is_sample(tmp_path)
    write_experiment(tmp_path / "mlruns", ExperimentInfo("1", "mine"))
    assert not is_sample(tmp_path / "mlruns")


DATASET = DatasetInput("train", "2981c147", "s3", '{"uri": "s3://x"}', schema="{}", profile=None, tags={"a": "b"})


def test_mlflow_reads_back_all_that_was_written(tmp_path: Path) -> None:
    folder = write_experiment(
        tmp_path, ExperimentInfo("7", "name: with 'signs' 因", creation_time=5, tags={"k/l": "v\n"})
    )
    info = RunInfo("ab" * 16, "7", "a b: #", "KILLED", "active", 10, 20, user="joe")
    points = {"val/loss": [Point(1, 11, math.nan), Point(3, 12, -math.inf), Point(2, 13, 5e-324)]}
    run = Run(info, {"p/q": "x\r\ny\n", "empty": ""}, tags={"t": "因"}, inputs=(DATASET,))
    write_run(folder, run, points, {"a/b.txt": b"hello"})
    client = MlflowClient(tmp_path.as_uri())
    read = client.get_run(info.run_id)
    experiment = client.get_experiment("7")
    assert (experiment.name, experiment.tags) == ("name: with 'signs' 因", {"k/l": "v\n"})
    assert (read.info.run_name, read.info.status, read.info.end_time) == ("a b: #", "KILLED", 20)
    assert read.data.params == {"p/q": "x\r\ny\n", "empty": ""}
    assert read.data.tags == {"mlflow.runName": "a b: #", "t": "因"}
    assert read.inputs.dataset_inputs[0].dataset.digest == "2981c147"
    history = client.get_metric_history(info.run_id, "val/loss")
    assert [(point.step, point.timestamp) for point in history] == [(1, 11), (3, 12), (2, 13)]
    assert math.isnan(history[0].value)
    assert [point.value for point in history[1:]] == [-math.inf, 5e-324]
    assert Path(client.download_artifacts(info.run_id, "a/b.txt")).read_bytes() == b"hello"


@pytest.mark.parametrize("key", ["../x", "/x", "a//b", "a/./b", ""])
def test_a_key_that_would_leave_its_folder_is_refused(tmp_path: Path, key: str) -> None:
    folder = write_experiment(tmp_path, ExperimentInfo("7", "x"))
    with pytest.raises(UsageError):
        write_run(folder, Run(RunInfo("ab" * 16, "7"), {key: "1"}))
