"""Detect the store at a path, or reject the path with one message."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from qtui.errors import StoreNotFound, StoreUnreadable
from qtui.store.detection import LocalStore, detect_store

EXPERIMENT = "artifact_location: file:///x\nexperiment_id: '1'\nlifecycle_stage: active\nname: alpha\n"
RUN = "artifact_uri: file:///x\nexperiment_id: '1'\nrun_id: abc\n"


def tree(folder: Path) -> Path:
    """Write a file store with one experiment and one run, and return its folder."""
    run = folder / "1" / "abc"
    run.mkdir(parents=True)
    (folder / "1" / "meta.yaml").write_text(EXPERIMENT)
    (run / "meta.yaml").write_text(RUN)
    return folder


def database(path: Path) -> Path:
    """Write an SQLite database and return its path."""
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE runs (run_uuid TEXT)")
    connection.close()
    return path


def rejection_of(path: Path) -> str:
    """Return the message for a path that is not a store."""
    with pytest.raises(StoreNotFound) as caught:
        detect_store(path)
    return str(caught.value)


def test_a_file_store_is_detected(tmp_path: Path) -> None:
    assert detect_store(tree(tmp_path / "mlruns")) == LocalStore("files", tmp_path / "mlruns")


def test_the_file_store_in_a_folder_is_detected(tmp_path: Path) -> None:
    tree(tmp_path / "mlruns")
    assert detect_store(tmp_path) == LocalStore("files", tmp_path / "mlruns")


def test_a_file_store_without_experiments_is_detected_by_its_trash(tmp_path: Path) -> None:
    (tmp_path / ".trash").mkdir()
    assert detect_store(tmp_path) == LocalStore("files", tmp_path)


def test_a_file_store_with_only_deleted_experiments_is_detected(tmp_path: Path) -> None:
    tree(tmp_path / ".trash")
    (tmp_path / "notes.txt").touch()
    assert detect_store(tmp_path) == LocalStore("files", tmp_path)


def test_an_unrelated_trash_folder_is_not_a_store(tmp_path: Path) -> None:
    (tmp_path / ".trash").mkdir()
    tree(tmp_path / "mlruns")
    assert detect_store(tmp_path) == LocalStore("files", tmp_path / "mlruns")


def test_a_file_store_without_experiment_descriptions_is_detected_by_its_runs(tmp_path: Path) -> None:
    (tree(tmp_path) / "1" / "meta.yaml").unlink()
    assert detect_store(tmp_path) == LocalStore("files", tmp_path)


def test_a_database_file_is_detected(tmp_path: Path) -> None:
    path = database(tmp_path / "any.name")
    assert detect_store(path) == LocalStore("sqlite", path)


def test_the_database_in_a_folder_is_detected(tmp_path: Path) -> None:
    path = database(tmp_path / "mlflow.db")
    assert detect_store(tmp_path) == LocalStore("sqlite", path)


def test_the_artifacts_beside_a_database_are_not_a_file_store(tmp_path: Path) -> None:
    path = database(tmp_path / "mlflow.db")
    (tmp_path / "mlruns" / "1" / "abc" / "artifacts").mkdir(parents=True)
    assert detect_store(tmp_path) == LocalStore("sqlite", path)


def test_a_file_store_takes_precedence_over_a_database(tmp_path: Path) -> None:
    database(tmp_path / "mlflow.db")
    tree(tmp_path / "mlruns")
    assert detect_store(tmp_path) == LocalStore("files", tmp_path / "mlruns")


@pytest.mark.parametrize("part", ["1", "1/abc"])
def test_a_part_of_a_store_is_rejected_with_the_store(tmp_path: Path, part: str) -> None:
    tree(tmp_path)
    assert rejection_of(tmp_path / part) == (
        f"{tmp_path / part} is a part of the store {tmp_path}. Open the whole store: --uri {tmp_path}"
    )


def test_a_deleted_experiment_is_a_part_of_a_store(tmp_path: Path) -> None:
    tree(tmp_path / ".trash")
    assert f"is a part of the store {tmp_path}." in rejection_of(tmp_path / ".trash" / "1")


def test_an_empty_folder_is_rejected(tmp_path: Path) -> None:
    assert rejection_of(tmp_path) == f"{tmp_path} is empty and contains no store."


def test_a_folder_with_other_files_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "recipe").mkdir()
    (tmp_path / "recipe" / "meta.yaml").write_text("package:\n  name: conda\n")
    assert "it contains no experiments, no mlruns folder with experiments, and no mlflow.db" in rejection_of(tmp_path)


def test_a_folder_of_artifacts_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "1" / "abc" / "artifacts").mkdir(parents=True)
    assert "is not a store" in rejection_of(tmp_path)


@pytest.mark.parametrize(("content", "reason"), [(b"", "is an empty file"), (b"hello", "is not an SQLite database")])
def test_a_file_that_is_not_a_database_is_rejected(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "mlflow.db").write_bytes(content)
    assert reason in rejection_of(tmp_path / "mlflow.db")
    assert reason in rejection_of(tmp_path)


def test_a_missing_path_is_rejected_with_a_similar_name(tmp_path: Path) -> None:
    tree(tmp_path / "mlruns")
    assert rejection_of(tmp_path / "mlrun") == (
        f"{tmp_path / 'mlrun'} does not exist. Did you mean {tmp_path / 'mlruns'}?"
    )
    assert rejection_of(tmp_path / "a" / "b") == f"{tmp_path / 'a' / 'b'} does not exist."


def test_a_pipe_is_rejected_without_reading(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert rejection_of(tmp_path / "pipe").endswith("is neither a folder nor a file.")
    experiment = tmp_path / "store" / "1"
    experiment.mkdir(parents=True)
    os.mkfifo(experiment / "meta.yaml")
    assert "is not a store" in rejection_of(tmp_path / "store")


def test_circular_links_are_rejected(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert "cannot be read" in rejection_of(tmp_path / "a")


def test_an_impossible_file_name_is_rejected(tmp_path: Path) -> None:
    assert "cannot be read" in rejection_of(tmp_path / ("x" * 300))
    assert "cannot be read" in rejection_of(Path(f"{tmp_path}/a\0b"))


def test_an_unreadable_folder_raises_store_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    # Tests may run as root, who is never refused.
    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(StoreUnreadable, match=r"^You are not allowed to read "):
        detect_store(tmp_path)


def test_detection_changes_nothing(tmp_path: Path) -> None:
    tree(tmp_path / "mlruns")
    database(tmp_path / "mlflow.db")
    before = {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*")}
    for path in (tmp_path, tmp_path / "mlruns", tmp_path / "mlflow.db"):
        detect_store(path)
    assert {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*")} == before
