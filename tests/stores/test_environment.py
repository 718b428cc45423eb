"""Choose the default store from the environment, the folder and the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from qtui.errors import StoreNotFound
from qtui.store import default_uri, environment
from tests.stores.test_detection import database, tree


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Return a folder with a file store and a database."""
    tree(tmp_path / "mlruns")
    database(tmp_path / "mlflow.db")
    return tmp_path


def test_the_environment_takes_precedence_over_the_folder_and_the_setting(here: Path) -> None:
    environ = {"QTUI_URI": "ours", "QLIB_MLFLOW_URI": "qlib", "QLIB_MLFLOW": '{"uri": "json"}'}
    environ["MLFLOW_TRACKING_URI"] = "theirs"
    for uri in ("ours", "qlib", "json", "theirs"):
        assert default_uri(environ, here, "setting") == uri
        del environ[next(iter(environ))]
    assert default_uri({"QTUI_URI": ""}, here, "setting") == f"file:{here}/mlruns"
    (here / "mlruns").rename(here / "elsewhere")
    assert default_uri({}, here, "setting") == f"sqlite:///{here}/mlflow.db"
    (here / "mlflow.db").unlink()
    assert default_uri({}, here, "setting") == "setting"


def test_an_unreadable_file_store_is_chosen(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(environment, "is_file_store", refuse)
    assert default_uri({}, here) == f"file:{here}/mlruns"


def test_the_artifacts_beside_a_database_are_not_taken_for_a_file_store(tmp_path: Path) -> None:
    database(tmp_path / "mlflow.db")
    (tmp_path / "mlruns" / "1" / "abc" / "artifacts").mkdir(parents=True)
    assert default_uri({}, tmp_path) == f"sqlite:///{tmp_path}/mlflow.db"


def test_in_a_removed_directory_the_message_names_the_remedy() -> None:
    assert default_uri({}, None, "setting") == "setting"
    with pytest.raises(StoreNotFound, match=r"working directory no longer exists\. Name a store with --uri"):
        default_uri({}, None)


def test_without_a_store_the_message_names_the_sample(tmp_path: Path) -> None:
    with pytest.raises(StoreNotFound) as caught:
        default_uri({}, tmp_path)
    assert str(caught.value) == (
        f"No store is given, and {tmp_path} contains neither an mlruns folder with experiments nor an mlflow.db. "
        "Name a store with --uri or QTUI_URI, or try a sample: qtui demo"
    )
