"""Tests of files that are not MLflow databases: one error message each, and no change to the file."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qtui.errors import StoreNotFound, StoreUnreadable
from qtui.store.sql import SqlStore


def error_message(path: Path, kind: type[Exception] = StoreUnreadable) -> str:
    """Return the error message for a file, with PATH instead of its path."""
    with closing(SqlStore(f"sqlite:///{path}")) as store, pytest.raises(kind) as caught:
        store.experiments()
    return str(caught.value).replace(str(path), "PATH")


def test_missing_file_is_not_created(tmp_path: Path) -> None:
    assert error_message(tmp_path / "no.db", StoreNotFound) == "There is no database at PATH."
    assert error_message(tmp_path / "no" / "no.db", StoreNotFound) == "There is no database at PATH."
    assert not list(tmp_path.iterdir())


def test_empty_file_stays_empty(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    assert error_message(path) == "PATH is an empty file, not a database."
    assert path.stat().st_size == 0


@pytest.mark.parametrize("content", [b"hello", b"SQLite format 2\0" + bytes(100), bytes(4096)])
def test_other_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "else.db"
    path.write_bytes(content)
    assert error_message(path) == "PATH is not an SQLite database."


def test_folder_and_pipe_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        assert error_message(path) == "PATH is not an SQLite database."


def test_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE runs (id)")
    assert error_message(path) == "PATH is not an MLflow database: it has no table experiments."


def test_table_without_mlflow_columns_is_refused(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DROP TABLE runs")
        connection.execute("CREATE TABLE runs (experiment_id, id)")
    assert error_message(database) == "PATH is not an MLflow database: its table runs has no column run_uuid."


def test_view_instead_of_a_table_is_refused(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("ALTER TABLE experiments RENAME TO old")
        connection.execute("CREATE VIEW experiments AS SELECT * FROM old")
    assert error_message(database) == "PATH is not an MLflow database: it has no table experiments."


def test_truncated_database_is_damaged(database: Path) -> None:
    os.truncate(database, database.stat().st_size // 3)
    assert error_message(database) == "PATH is damaged: database disk image is malformed."
