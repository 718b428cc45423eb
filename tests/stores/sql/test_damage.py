"""Tests of damaged databases: everything readable is listed, and damage is reported with a reason."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qtui.entities import Problem, Run, ViewType
from qtui.query import parse_filter, parse_order
from qtui.store.protocol import RunQuery
from qtui.store.sql import SqlStore

FULL = "(SELECT run_uuid FROM runs WHERE name = 'full')"


def damage(database: Path, *statements: str) -> None:
    """Execute statements without constraint checks."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            connection.execute(statement)


def everything(store: SqlStore) -> tuple[dict[str, Run], list[Problem]]:
    """Return all runs by name, and the problems of reading them."""
    problems, runs = [], {}
    for batch in store.infos(view=ViewType.ALL):
        problems += batch.problems
        for values in store.runs(batch.items):
            problems += values.problems
            runs.update({run.info.name: run for run in values.items})
    return runs, problems


def reasons(problems: list[Problem], store: SqlStore) -> list[tuple[str, str]]:
    """Return the paths and reasons of problems, with FULL instead of the id of the run `full`."""
    full = next(run for run in everything(store)[0].values() if "nested/depth" in run.params or run.info.name == "full")
    return [(item.path.replace(full.info.run_id, "FULL"), item.reason) for item in problems]


def test_undamaged_database_has_no_problems(store: SqlStore) -> None:
    assert everything(store)[1] == []
    assert list(store.examine()) == []


INVALID_UTF8 = "is not valid UTF-8; invalid bytes are shown as escapes"
IN_RUNS = [
    ("start_time = 'noon'", "has an invalid start_time: noon"),
    ("end_time = x'00ff'", "has an invalid end_time: \0\udcff"),
    ("status = 'ASLEEP'", "has an unknown status: ASLEEP"),
    ("status = NULL", "has no status"),
    ("lifecycle_stage = 'purged'", "has an unknown lifecycle stage: purged"),
    ("user_id = x'616e6e'", "holds bytes instead of text"),
    ("artifact_uri = CAST(x'2fff' AS TEXT)", INVALID_UTF8),
]
IN_VALUES = [
    ("params SET value = CAST(x'c4e3ba' AS TEXT) WHERE key = 'lr'", "params/lr", INVALID_UTF8),
    ("tags SET key = x'74656df0' WHERE key = 'team'", "tags/tem\udcf0", "holds bytes instead of text"),
    ("latest_metrics SET value = 'high' WHERE key = 'loss'", "metrics/loss", "has a value that is not a number"),
    ("latest_metrics SET step = 'last' WHERE key = 'loss'", "metrics/loss", "has a value that is not a number"),
]
INVALID_CELLS = [
    *((f"UPDATE runs SET {change} WHERE name = 'full'", "runs/FULL", reason) for change, reason in IN_RUNS),
    *((f"UPDATE {change} AND run_uuid = {FULL}", f"runs/FULL/{place}", reason) for change, place, reason in IN_VALUES),
]


@pytest.mark.parametrize(("statement", "place", "reason"), INVALID_CELLS)
def test_invalid_cell_is_reported_and_hides_nothing_else(
    store: SqlStore, database: Path, statement: str, place: str, reason: str
) -> None:
    before, _ = everything(store)
    damage(database, statement)
    after, problems = everything(store)
    assert reasons(problems, store) == [(place, reason)]
    assert after.keys() == before.keys()
    assert {name: run for name, run in after.items() if name != "full"} == {
        name: run for name, run in before.items() if name != "full"
    }
    assert (place, reason) in reasons(list(store.examine()), store)


def test_invalid_experiment_is_listed_and_reported(store: SqlStore, database: Path) -> None:
    damage(
        database,
        "UPDATE experiments SET name = CAST(x'616c706861ff' AS TEXT), creation_time = 'noon' WHERE name = 'alpha'",
        "UPDATE experiments SET lifecycle_stage = 'purged' WHERE name = 'Default'",
    )
    listing = store.experiments(ViewType.ALL)
    assert {item.name for item in listing.items} == {"alpha\udcff", "Default", "量化/β", "gone"}
    assert {item.reason for item in listing.problems} == {
        INVALID_UTF8,
        "has an invalid creation_time: noon",
        "has an unknown lifecycle stage: purged",
    }


def test_missing_start_time_is_valid(store: SqlStore, database: Path) -> None:
    damage(database, "UPDATE runs SET start_time = NULL WHERE name = 'full'")
    runs, problems = everything(store)
    assert runs["full"].info.start_time is None
    assert not problems
    assert store.search(RunQuery()).runs[-1].info.name == "full"


def test_invalid_utf8_can_be_searched_and_sorted(store: SqlStore, database: Path) -> None:
    damage(database, f"UPDATE params SET value = CAST(x'c4e3' AS TEXT) WHERE key = 'lr' AND run_uuid = {FULL}")
    for text in ("params.lr LIKE '_ã'", r"params.lr ~ '^\udcc4'", "params.lr != '0.05' AND params.empty = ''"):
        query = RunQuery(filter=parse_filter(text), order_by=(parse_order("params.lr DESC"),))
        names = [run.info.name for run in store.search(query).runs]
        assert names == (["full"] if "_ã" not in text else [])


def test_history_without_non_numbers_reports_them(store: SqlStore, database: Path) -> None:
    damage(database, f"UPDATE metrics SET value = 'high' WHERE key = 'loss' AND step = 1 AND run_uuid = {FULL}")
    (full,) = store.search(RunQuery(filter=parse_filter("name = full"))).runs
    history, (problem,) = store.history(full.info, "loss")
    assert history.values.tolist() == [1.0, 0.25]
    assert problem.reason == "has 1 of 3 points that are not numbers; they are left out"


def test_orphaned_runs_and_values_are_reported(store: SqlStore, database: Path) -> None:
    damage(
        database,
        "UPDATE runs SET experiment_id = 77 WHERE name = 'low'",
        "INSERT INTO params (key, value, run_uuid) VALUES ('a', '1', 'nobody'), ('b', '2', 'nobody')",
    )
    (low,) = store.search(RunQuery(("77",))).runs
    assert {(item.path, item.reason) for item in store.examine()} == {
        (f"runs/{low.info.run_id}", "belongs to experiment 77, which does not exist"),
        ("runs/nobody", "does not exist, but has params (2 rows)"),
    }


def test_latest_value_that_differs_from_history_is_reported(store: SqlStore, database: Path) -> None:
    damage(database, f"UPDATE latest_metrics SET step = 1, value = 0.5 WHERE key = 'loss' AND run_uuid = {FULL}")
    assert reasons(list(store.examine()), store) == [
        ("runs/FULL/metrics/loss", "has a latest value that differs from its history, which ends at step 2")
    ]


@pytest.mark.parametrize("table", ["params", "tags", "latest_metrics"])
def test_destroyed_table_does_not_hide_the_others(store: SqlStore, database: Path, table: str) -> None:
    before, _ = everything(store)
    with closing(sqlite3.connect(database)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()
    with database.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    after, problems = everything(store)
    kind = table.removeprefix("latest_")
    assert after.keys() == before.keys()
    assert not any(getattr(run, kind) for run in after.values())
    for name, run in after.items():
        for other in {"params", "tags", "metrics", "inputs"} - {kind}:
            assert repr(getattr(run, other)) == repr(getattr(before[name], other))
    assert {item.reason for item in problems} == {
        f"has {kind} that cannot be read ({database} is damaged: database disk image is malformed.)"
    }
    total, *parts = [item.reason for item in store.examine()]
    assert total.startswith(f"cannot be examined completely ({database} is damaged: ")
    assert parts == [item.reason for item in problems][:1]


def test_steps_stored_as_eight_bytes_are_read(store: SqlStore, database: Path) -> None:
    for table in ("metrics", "latest_metrics"):
        stored = f"UPDATE {table} SET step = x'{{}}' WHERE key = 'loss' AND step = {{}} AND run_uuid = {FULL}"
        damage(database, *(stored.format(step.to_bytes(8, "little").hex(), step) for step in range(3)))
    runs, problems = everything(store)
    assert problems == []
    assert runs["full"].metrics["loss"].step == 2
    history, problems = store.history(runs["full"].info, "loss")
    assert (history.steps.tolist(), problems) == ([0, 1, 2], ())
