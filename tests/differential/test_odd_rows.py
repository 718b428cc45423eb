"""Tests of unusual rows that MLflow can read, from older versions and other tools."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.data.schema import create_database
from tests.differential.by_rows import write_rows
from tests.differential.one_run import EXPERIMENT, RUN, compare

RUN_ID = f"'{RUN.run_id}'"


def points(*rows: str) -> str:
    """Return a statement that adds points of the metric `ic`: value, timestamp, step, NaN flag."""
    values = ", ".join(f"('ic', {row}, {RUN_ID})" for row in rows)
    return f"INSERT INTO metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES {values}"


CHANGES = {
    "nothing": "",
    "no name": "UPDATE runs SET name = NULL",
    "an empty name": "UPDATE runs SET name = ''",
    "no name and no tag of it": "UPDATE runs SET name = NULL; DELETE FROM tags",
    "another name in the tag": "UPDATE tags SET value = 'renamed' WHERE key = 'mlflow.runName'",
    "no end": "UPDATE runs SET end_time = NULL",
    "a start before 1970": "UPDATE runs SET start_time = -5",
    "no place of artifacts": "UPDATE runs SET artifact_uri = NULL",
    "no sources": "UPDATE runs SET source_type = NULL, source_name = NULL, source_version = NULL",
    "an experiment without times": "UPDATE experiments SET creation_time = NULL, last_update_time = NULL",
    "an empty param": "UPDATE params SET value = ''",
    "a param of many lines": "UPDATE params SET value = 'a' || char(13, 10) || 'b' || char(10)",
    "a number for a param": "UPDATE params SET value = 1.5",
    "a number for a tag": "UPDATE tags SET value = 7 WHERE key = 'stage'",
    "an empty key": f"INSERT INTO params (key, value, run_uuid) VALUES ('', 'x', {RUN_ID})",
    "a slashed key": f"INSERT INTO params (key, value, run_uuid) VALUES ('a//b/../c', 'x', {RUN_ID})",
    "a NaN with a value": "UPDATE latest_metrics SET is_nan = 1; UPDATE metrics SET is_nan = 1",
    "infinities": "UPDATE latest_metrics SET value = 9e999; UPDATE metrics SET value = -9e999 WHERE step = 0",
    "the largest number": "UPDATE latest_metrics SET value = 1.7976931348623157e308",
    "almost the largest number": "UPDATE latest_metrics SET value = -1.7976931348623155e308",
    "whole numbers for values": "UPDATE latest_metrics SET value = 3; UPDATE metrics SET value = 3 WHERE step = 0",
    "huge steps": points("1, 1, 9223372036854775807, 0", "1, -1, -9223372036854775808, 0"),
    "points out of order": points("3, 9, 9, 0", "2, 9, 9, 0", "1, 9, 1, 0"),
    "a NaN among ties": points("0, 9, 9, 1", "-1, 9, 9, 0", "1, 9, 9, 0"),
    "a history without its latest value": "DELETE FROM latest_metrics",
    "a latest value that is not the latest": "UPDATE latest_metrics SET step = 0, value = 7",
    "values of a run that is gone": "INSERT INTO params (key, value, run_uuid) VALUES ('lr', '1', 'gone')",
    "a dataset that is gone": "DELETE FROM datasets",
    "a dataset without tags of its use": "DELETE FROM input_tags",
    "a dataset in another experiment": "UPDATE datasets SET experiment_id = 0",
    "a model as input": f"INSERT INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id)"
    f" VALUES ('i', 'MODEL', 'm-1', 'RUN', {RUN_ID})",
    "a deleted run": "UPDATE runs SET lifecycle_stage = 'deleted', deleted_time = 5",
    "more columns": "ALTER TABLE runs ADD COLUMN more TEXT; ALTER TABLE params ADD COLUMN more TEXT DEFAULT 'x'",
    "more tables": "CREATE TABLE more (a, b); INSERT INTO more VALUES (1, 2)",
}


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty database of the installed MLflow."""
    path = tmp_path_factory.mktemp("schema") / "mlflow.db"
    create_database(path)
    return path


@pytest.mark.parametrize("name", CHANGES)
def test_unusual_row_is_read_like_mlflow(name: str, empty_database: Path, tmp_path: Path) -> None:
    database = Path(shutil.copy(empty_database, tmp_path))
    write_rows(database, [EXPERIMENT])
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(CHANGES[name])
    compare(f"sqlite:///{database}")
