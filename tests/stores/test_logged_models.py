"""The models that a run of MLflow 3 has logged are found in every kind of store, with their values and artifacts."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from qtui.entities import Artifact, LoggedModel
from qtui.recorder import Library
from tests.stores.conftest import serving

if TYPE_CHECKING:
    from mlflow import MlflowClient


class WrittenRun(NamedTuple):
    """A run with a model, as MLflow has written it."""

    uri: str
    run_id: str
    model_id: str


def write_run(uri: str) -> WrittenRun:
    """Log a model and its artifact with MLflow, and a run without a model."""
    from mlflow import MlflowClient
    from mlflow.entities import LoggedModelOutput

    client = MlflowClient(uri)
    experiment = client.create_experiment("logged models")
    run_id = client.create_run(experiment).info.run_id
    client.create_run(experiment, run_name="bare")
    model = client.create_logged_model(
        experiment, "clf", run_id, tags={"stage": "test"}, params={"alpha": "0.1"}, model_type="sklearn"
    )
    client.log_metric(run_id, "acc", 0.5, step=1, model_id=model.model_id)
    client.log_metric(run_id, "acc", 0.9, step=3, model_id=model.model_id)
    client.log_text(run_id, "run", "notes.txt")
    log_model_text(client, model.model_id, "weights", "data/weights.txt")
    client.finalize_logged_model(model.model_id, "READY")
    client.log_outputs(run_id, [LoggedModelOutput(model.model_id, step=0)])
    return WrittenRun(uri, run_id, model.model_id)


def log_model_text(client: MlflowClient, model_id: str, text: str, path: str) -> None:
    """Log a file of a model."""
    folder = Path.cwd() / "logged"
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text)
    client.log_model_artifacts(model_id, str(folder))


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Change to an empty folder, in which MLflow puts the artifacts of a database."""
    folder = tmp_path_factory.mktemp("work")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
        yield folder


@pytest.fixture(scope="module", params=["files", "sqlite", "remote"])
def model_run(request: pytest.FixtureRequest, work: Path, sqlite_uri: str) -> Iterator[WrittenRun]:
    """Return a run in each kind of store."""
    if request.param == "files":
        yield write_run(f"file://{work}/files/mlruns")
        return
    folder = work / request.param
    folder.mkdir()
    shutil.copy(sqlite_uri.removeprefix("sqlite:///"), folder / "mlflow.db")
    if request.param == "sqlite":
        yield write_run(f"sqlite:///{folder}/mlflow.db")
        return
    with serving(f"sqlite:///{folder}/mlflow.db", folder) as uri:
        yield write_run(uri)


def test_a_run_has_its_models(model_run: WrittenRun) -> None:
    with Library(model_run.uri) as library:
        [model] = library.logged_models(model_run.run_id).items
        assert isinstance(model, LoggedModel)
        assert (model.model_id, model.name, model.status, model.model_type) == (
            model_run.model_id,
            "clf",
            "READY",
            "sklearn",
        )
        assert (model.params, model.tags["stage"]) == ({"alpha": "0.1"}, "test")
        assert {key: (point.step, point.value) for key, point in model.metrics.items()} == {"acc": (3, 0.9)}
        [bare] = [info for batch in library.infos() for info in batch.items if info.name == "bare"]
        assert library.logged_models(bare).items == ()
        assert library.artifacts(bare).items == ()


def test_the_artifacts_of_models_are_listed_opened_and_downloaded(model_run: WrittenRun, tmp_path: Path) -> None:
    folder = f"models:/{model_run.model_id}"
    with Library(model_run.uri) as library:
        assert library.artifacts(model_run.run_id).items == (
            Artifact("notes.txt", False, 3),
            Artifact("models:", True),
        )
        listing = library.artifacts(model_run.run_id, "models:", recursive=True)
        assert [artifact.path for artifact in listing.items] == [folder, f"{folder}/data", f"{folder}/data/weights.txt"]
        with library.open_artifact(model_run.run_id, f"{folder}/data/weights.txt") as file:
            assert file.read() == b"weights"
        for _ in (transfer := library.download(model_run.run_id, "", tmp_path)).run():
            pass
        transfer.check()
        assert (tmp_path / folder / "data" / "weights.txt").read_text() == "weights"
        root, inner = library.artifact_location(model_run.run_id, f"{folder}/data")
        assert inner == "data" and root.recorded.endswith(f"{model_run.model_id}/artifacts")


def test_the_models_of_a_moved_file_store_are_found(model_run: WrittenRun, tmp_path: Path) -> None:
    if not model_run.uri.startswith("file:"):
        pytest.skip("only directories move")
    shutil.copytree(model_run.uri.removeprefix("file://"), tmp_path / "moved")
    os.rename(model_run.uri.removeprefix("file://"), tmp_path / "gone")
    with Library(str(tmp_path / "moved")) as library:
        path = f"models:/{model_run.model_id}/data/weights.txt"
        with library.open_artifact(model_run.run_id, path) as file:
            assert file.read() == b"weights"
