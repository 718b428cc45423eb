"""What is no database of MLflow's is said to be none, in one sentence, and stays as it is."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qtui.errors import StoreNotFound, StoreUnreadable
from qtui.store.sql import SqlStore


def refusal(path: Path, kind: type[Exception] = StoreUnreadable) -> str:
    """What is said of a path, without the path."""
    with closing(SqlStore(f"sqlite:///{path}")) as store, pytest.raises(kind) as caught:
        store.experiments()
    return str(caught.value).replace(str(path), "PATH")


def test_a_missing_file_is_not_found_and_not_made(tmp_path: Path) -> None:
    assert refusal(tmp_path / "no.db", StoreNotFound) == "There is no database at PATH."
    assert refusal(tmp_path / "no" / "no.db", StoreNotFound) == "There is no database at PATH."
    assert not list(tmp_path.iterdir())


def test_an_empty_file_stays_empty(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    assert refusal(path) == "PATH is an empty file, not a database."
    assert path.stat().st_size == 0


@pytest.mark.parametrize("content", [b"hello", b"SQLite format 2\0" + bytes(100), bytes(4096)])
def test_a_file_of_something_else_is_no_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "else.db"
    path.write_bytes(content)
    assert refusal(path) == "PATH is not an SQLite database."


def test_a_folder_and_a_pipe_are_no_database(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        assert refusal(path) == "PATH is not an SQLite database."


def test_a_database_of_another_program_is_none_of_mlflows(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE runs (id)")
    assert refusal(path) == "PATH is not an MLflow database: it has no table experiments."


def test_a_table_of_another_program_may_have_the_same_name(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DROP TABLE runs")
        connection.execute("CREATE TABLE runs (experiment_id, id)")
    assert refusal(database) == "PATH is not an MLflow database: its table runs has no column run_uuid."


def test_a_view_that_poses_as_a_table_is_not_read(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("ALTER TABLE experiments RENAME TO old")
        connection.execute("CREATE VIEW experiments AS SELECT * FROM old")
    assert refusal(database) == "PATH is not an MLflow database: it has no table experiments."


def test_a_truncated_database_is_damaged(database: Path) -> None:
    os.truncate(database, database.stat().st_size // 3)
    assert refusal(database) == "PATH is damaged: database disk image is malformed."
