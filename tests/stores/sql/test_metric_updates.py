"""What a metric has grown by in a database: exact, whatever came in between, and without reading its history again."""

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


def changed(database: Path, *statements: str) -> None:
    """Do this to the database."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def logged(run: RunInfo, *values: float, key: str = "loss", since: int = 0) -> list[str]:
    """The statements that log values, a second apart, from so many seconds after the last one on."""
    begin = f"(SELECT max(timestamp) FROM metrics) + 1000 * {since}"
    return [
        "INSERT INTO metrics (key, value, timestamp, step, run_uuid, is_nan) "
        f"VALUES ('{key}', {value}, {begin} + 1000, 0, '{run.run_id}', 0)"
        for value in values
    ]


def test_rows_that_were_numbered_anew_are_read_anew(store: SqlStore, database: Path, run: RunInfo) -> None:
    follower = Follower(store, run, "loss")
    follower.look()
    other = named(store, "low").run_id
    changed(database, f"DELETE FROM metrics WHERE run_uuid = '{other}'", "VACUUM", *logged(run, 0.1, 0.2))
    follower.look()
    assert follower.points == follower.all_points()


def test_rows_that_take_the_numbers_of_deleted_ones_are_not_lost(store: SqlStore, database: Path, run: RunInfo) -> None:
    other = named(store, "low")
    changed(database, *logged(other, *map(float, range(50))))
    follower = Follower(store, run, "loss")
    follower.look()
    changed(database, f"DELETE FROM metrics WHERE run_uuid = '{other.run_id}'", *logged(run, 0.1, 0.2))
    follower.look()
    assert follower.points == follower.all_points()


def test_a_run_that_was_deleted_for_good_is_not_found(store: SqlStore, database: Path, run: RunInfo) -> None:
    changed(database, *logged(run, 0.1))
    follower = Follower(store, run, "loss")
    follower.look()
    changed(database, *(f"DELETE FROM {each} WHERE run_uuid = '{run.run_id}'" for each in ("metrics", "runs")))
    assert follower.is_gone


def test_points_that_are_no_numbers_are_left_out_once(store: SqlStore, database: Path, run: RunInfo) -> None:
    follower = Follower(store, run, "loss")
    follower.look()
    changed(database, *logged(run, 0.5), *(each.replace("0.5", "'oops'") for each in logged(run, 0.5)))
    [problem] = follower.look().problems
    assert problem.reason == "has 1 of 2 points that are not numbers; they are left out"
    assert follower.points == follower.all_points()
    assert follower.look().problems == (problem,)


def test_only_new_rows_are_looked_at(store: SqlStore, run: RunInfo) -> None:
    """Sqlite would rather take the index of a run's points, and read through all of them."""
    statements: list[str] = []

    def plan(snapshot: Snapshot) -> str:
        cursor = metric_updates.read_metric_updates(snapshot, run, {"loss": None})["loss"].cursor
        snapshot.connection.connection.driver_connection.set_trace_callback(statements.append)
        metric_updates.read_metric_updates(snapshot, run, {"loss": cursor})
        reading = next(each for each in statements if "rowid >" in each)
        return str(snapshot.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {reading}").all())

    assert "SEARCH metrics USING INTEGER PRIMARY KEY (rowid>?)" in store._database.read(plan)


@pytest.mark.parametrize("numbered", [True, False], ids=["by row numbers", "by count"])
def test_whatever_is_logged_in_whatever_order_is_followed(
    store: SqlStore, database: Path, run: RunInfo, monkeypatch: pytest.MonkeyPatch, numbered: bool
) -> None:
    monkeypatch.setattr(metric_updates, "has_row_ids", lambda snapshot: numbered)
    chance = random.Random(5)
    follower = Follower(store, run, "loss")
    follower.look()
    for _ in range(60):
        late = chance.choice((0, 0, 0, 0, -3))
        writers = [run, run, named(store, "low")]
        changed(database, *(logged(chance.choice(writers), chance.random(), since=late)[0] for _ in range(3)))
        follower.look()
        assert follower.points == follower.all_points()
    assert 1 < follower.times_anew < 40
