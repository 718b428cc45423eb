"""R over a store of its own, in a folder that is no work tree of git."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from qtui.recorder import QlibRecorder, from_config
from qtui.recorder.recording.mlflow_attachment import MlflowAttachment
from tests.shared_folders import shared_database
from tests.stores.conftest import serving

KINDS = ("files", "sqlite")


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with MLflow's tables, which take MLflow long to make: once for all tests."""
    return shared_database(tmp_path_factory)


@pytest.fixture(params=KINDS)
def store_uri(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store that is as good as new."""
    if request.param == "files":
        return f"file:{tmp_path}/mlruns"
    shutil.copyfile(request.getfixturevalue("database"), tmp_path / "mlflow.db")
    return f"sqlite:///{tmp_path}/mlflow.db"


@pytest.fixture(scope="session")
def server_uri(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A tracking server over a new database."""
    folder = tmp_path_factory.mktemp("server")
    copy = shutil.copyfile(database, folder / "mlflow.db")
    with serving(f"sqlite:///{copy}", folder) as uri:
        yield uri


@pytest.fixture
def recording(store_uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[QlibRecorder]:
    """The recorder of that store, in a process that has not imported MLflow."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["train.py", "--seed", "1"])
    monkeypatch.setattr(MlflowAttachment, "begin", lambda self: None)
    made = from_config(store_uri)
    yield made
    while made.exp_manager.active_experiments:
        made.end_exp()
    made.exp_manager.close()
