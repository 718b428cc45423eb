"""A path on disk is the store it holds, or one sentence that says why it is none."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from qtui.errors import StoreNotFound, StoreUnreadable
from qtui.store.detection import Place, place_at

EXPERIMENT = "artifact_location: file:///x\nexperiment_id: '1'\nlifecycle_stage: active\nname: alpha\n"
RUN = "artifact_uri: file:///x\nexperiment_id: '1'\nrun_id: abc\n"


def tree(folder: Path) -> Path:
    """A tree of files with one experiment and one run."""
    run = folder / "1" / "abc"
    run.mkdir(parents=True)
    (folder / "1" / "meta.yaml").write_text(EXPERIMENT)
    (run / "meta.yaml").write_text(RUN)
    return folder


def database(path: Path) -> Path:
    """A database of sqlite."""
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE runs (run_uuid TEXT)")
    connection.close()
    return path


def reason_against(path: Path) -> str:
    """Why this is no store."""
    with pytest.raises(StoreNotFound) as caught:
        place_at(path)
    return str(caught.value)


def test_a_tree_of_files_is_a_store(tmp_path: Path) -> None:
    assert place_at(tree(tmp_path / "mlruns")) == Place("files", tmp_path / "mlruns")


def test_the_parent_of_a_tree_means_the_tree(tmp_path: Path) -> None:
    tree(tmp_path / "mlruns")
    assert place_at(tmp_path) == Place("files", tmp_path / "mlruns")


def test_a_tree_without_experiments_is_known_by_its_trash(tmp_path: Path) -> None:
    (tmp_path / ".trash").mkdir()
    assert place_at(tmp_path) == Place("files", tmp_path)


def test_a_tree_whose_experiments_are_all_deleted_is_known_by_them(tmp_path: Path) -> None:
    tree(tmp_path / ".trash")
    (tmp_path / "notes.txt").touch()
    assert place_at(tmp_path) == Place("files", tmp_path)


def test_a_trash_of_somebody_else_makes_no_store(tmp_path: Path) -> None:
    (tmp_path / ".trash").mkdir()
    tree(tmp_path / "mlruns")
    assert place_at(tmp_path) == Place("files", tmp_path / "mlruns")


def test_a_tree_whose_experiments_all_lost_their_description_is_known_by_its_runs(tmp_path: Path) -> None:
    (tree(tmp_path) / "1" / "meta.yaml").unlink()
    assert place_at(tmp_path) == Place("files", tmp_path)


def test_a_database_file_is_a_store(tmp_path: Path) -> None:
    path = database(tmp_path / "any.name")
    assert place_at(path) == Place("sqlite", path)


def test_a_folder_with_a_database_means_the_database(tmp_path: Path) -> None:
    path = database(tmp_path / "mlflow.db")
    assert place_at(tmp_path) == Place("sqlite", path)


def test_the_artifacts_beside_a_database_are_no_tree(tmp_path: Path) -> None:
    path = database(tmp_path / "mlflow.db")
    (tmp_path / "mlruns" / "1" / "abc" / "artifacts").mkdir(parents=True)
    assert place_at(tmp_path) == Place("sqlite", path)


def test_a_tree_goes_before_a_database_beside_it(tmp_path: Path) -> None:
    database(tmp_path / "mlflow.db")
    tree(tmp_path / "mlruns")
    assert place_at(tmp_path) == Place("files", tmp_path / "mlruns")


@pytest.mark.parametrize("part", ["1", "1/abc"])
def test_a_part_of_a_store_is_answered_with_the_whole(tmp_path: Path, part: str) -> None:
    tree(tmp_path)
    assert reason_against(tmp_path / part) == (
        f"{tmp_path / part} is a part of the store {tmp_path}. Open the whole store: --uri {tmp_path}"
    )


def test_a_deleted_experiment_is_a_part_of_the_store_above_the_trash(tmp_path: Path) -> None:
    tree(tmp_path / ".trash")
    assert f"is a part of the store {tmp_path}." in reason_against(tmp_path / ".trash" / "1")


def test_an_empty_folder_is_no_store(tmp_path: Path) -> None:
    assert reason_against(tmp_path) == f"{tmp_path} is empty: there is no store in it."


def test_a_folder_of_other_things_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "recipe").mkdir()
    (tmp_path / "recipe" / "meta.yaml").write_text("package:\n  name: conda\n")
    assert "it holds no experiments, no mlruns folder with any, and no mlflow.db" in reason_against(tmp_path)


def test_a_folder_of_artifacts_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "1" / "abc" / "artifacts").mkdir(parents=True)
    assert "is no store" in reason_against(tmp_path)


@pytest.mark.parametrize(("content", "reason"), [(b"", "is an empty file"), (b"hello", "is not an SQLite database")])
def test_a_file_that_is_no_database_is_no_store(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "mlflow.db").write_bytes(content)
    assert reason in reason_against(tmp_path / "mlflow.db")
    assert reason in reason_against(tmp_path)


def test_a_path_to_nothing_is_answered_with_what_is_like_it(tmp_path: Path) -> None:
    tree(tmp_path / "mlruns")
    assert reason_against(tmp_path / "mlrun") == (
        f"There is nothing at {tmp_path / 'mlrun'}. Did you mean {tmp_path / 'mlruns'}?"
    )
    assert reason_against(tmp_path / "a" / "b") == f"There is nothing at {tmp_path / 'a' / 'b'}."


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert reason_against(tmp_path / "pipe").endswith("is neither a folder nor a file.")
    experiment = tmp_path / "store" / "1"
    experiment.mkdir(parents=True)
    os.mkfifo(experiment / "meta.yaml")
    assert "is no store" in reason_against(tmp_path / "store")


def test_links_in_a_circle_are_no_store(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert "cannot be looked at" in reason_against(tmp_path / "a")


def test_a_name_that_no_file_can_have_is_no_store(tmp_path: Path) -> None:
    assert "cannot be looked at" in reason_against(tmp_path / ("x" * 300))
    assert "cannot be looked at" in reason_against(Path(f"{tmp_path}/a\0b"))


def test_a_folder_that_may_not_be_read_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    # Tests may run as root, who is never refused.
    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(StoreUnreadable, match=r"^You are not allowed to read "):
        place_at(tmp_path)


def test_looking_changes_nothing(tmp_path: Path) -> None:
    tree(tmp_path / "mlruns")
    database(tmp_path / "mlflow.db")
    before = {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*")}
    for path in (tmp_path, tmp_path / "mlruns", tmp_path / "mlflow.db"):
        place_at(path)
    assert {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*")} == before
