"""Tests of metric updates in a database: exact, and without reading the whole history again."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from qtui.entities import RunInfo
from qtui.store.sql import SqlStore
from qtui.store.sql.connections.database import Snapshot
from qtui.store.sql.reading import metric_updates
from tests.stores.growing import Follower

Change = Callable[[sqlite3.Connection, str, str], None]


@pytest.fixture
def run(store: SqlStore) -> RunInfo:
    return named(store, "full")


def named(store: SqlStore, name: str) -> RunInfo:
    return next(info for batch in store.infos() for info in batch.items if info.name == name)


def execute(database: Path, *statements: str) -> None:
    """Execute statements in the database."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def log_statements(run: RunInfo, *values: float, key: str = "loss", since: int = 0) -> list[str]:
    """Return statements that log values one second apart, starting `since` seconds after the last point."""
    begin = f"(SELECT max(timestamp) FROM metrics) + 1000 * {since}"
    return [
        "INSERT INTO metrics (key, value, timestamp, step, run_uuid, is_nan) "
        f"VALUES ('{key}', {value}, {begin} + 1000, 0, '{run.run_id}', 0)"
        for value in values
    ]


def test_rows_with_new_rowids_are_read_again(store: SqlStore, database: Path, run: RunInfo) -> None:
    follower = Follower(store, run, "loss")
    follower.read()
    other = named(store, "low").run_id
    execute(database, f"DELETE FROM metrics WHERE run_uuid = '{other}'", "VACUUM", *log_statements(run, 0.1, 0.2))
    follower.read()
    assert follower.points == follower.all_points()


def test_rows_that_reuse_rowids_are_not_lost(store: SqlStore, database: Path, run: RunInfo) -> None:
    other = named(store, "low")
    execute(database, *log_statements(other, *map(float, range(50))))
    follower = Follower(store, run, "loss")
    follower.read()
    execute(database, f"DELETE FROM metrics WHERE run_uuid = '{other.run_id}'", *log_statements(run, 0.1, 0.2))
    follower.read()
    assert follower.points == follower.all_points()


def test_purged_run_is_not_found(store: SqlStore, database: Path, run: RunInfo) -> None:
    execute(database, *log_statements(run, 0.1))
    follower = Follower(store, run, "loss")
    follower.read()
    execute(database, *(f"DELETE FROM {table} WHERE run_uuid = '{run.run_id}'" for table in ("metrics", "runs")))
    assert follower.is_gone


def test_points_that_are_not_numbers_are_reported_once(store: SqlStore, database: Path, run: RunInfo) -> None:
    follower = Follower(store, run, "loss")
    follower.read()
    execute(
        database,
        *log_statements(run, 0.5),
        *(statement.replace("0.5", "'oops'") for statement in log_statements(run, 0.5)),
    )
    [problem] = follower.read().problems
    assert problem.reason == "has 1 of 2 points that are not numbers; they are left out"
    assert follower.points == follower.all_points()
    assert follower.read().problems == (problem,)


def test_only_new_rows_are_read(store: SqlStore, run: RunInfo) -> None:
    """Without a hint, sqlite uses the index of the run's points and reads all of them."""
    statements: list[str] = []

    def plan(snapshot: Snapshot) -> str:
        cursor = metric_updates.read_metric_updates(snapshot, run, {"loss": None})["loss"].cursor
        snapshot.connection.connection.driver_connection.set_trace_callback(statements.append)
        metric_updates.read_metric_updates(snapshot, run, {"loss": cursor})
        reading = next(statement for statement in statements if "rowid >" in statement)
        return str(snapshot.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {reading}").all())

    assert "SEARCH metrics USING INTEGER PRIMARY KEY (rowid>?)" in store._database.read(plan)


@pytest.mark.parametrize("numbered", [True, False], ids=["by row numbers", "by count"])
def test_points_in_any_order_are_followed(
    store: SqlStore, database: Path, run: RunInfo, monkeypatch: pytest.MonkeyPatch, numbered: bool
) -> None:
    monkeypatch.setattr(metric_updates, "has_metric_ids", lambda snapshot: numbered)
    chance = random.Random(5)
    follower = Follower(store, run, "loss")
    follower.read()
    for _ in range(60):
        late = chance.choice((0, 0, 0, 0, -3))
        writers = [run, run, named(store, "low")]
        execute(database, *(log_statements(chance.choice(writers), chance.random(), since=late)[0] for _ in range(3)))
        follower.read()
        assert follower.points == follower.all_points()
    # Some points come before earlier ones, which needs a full read; most are appended.
    assert 1 < follower.full_reads < 40
