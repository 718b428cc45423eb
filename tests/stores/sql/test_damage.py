"""Whatever is wrong in a database, all that can be read is listed, and what cannot is named with its reason."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qtui.entities import Problem, Run, View
from qtui.query import parse_filter, parse_order
from qtui.store.protocol import RunQuery
from qtui.store.sql import SqlStore

FULL = "(SELECT run_uuid FROM runs WHERE name = 'full')"


def damage(database: Path, *statements: str) -> None:
    """Break something on purpose, past every constraint."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            connection.execute(statement)


def everything(store: SqlStore) -> tuple[dict[str, Run], list[Problem]]:
    """All runs by name, and all problems that reading them tells."""
    problems, runs = [], {}
    for batch in store.infos(view=View.ALL):
        problems += batch.problems
        for values in store.runs(batch.items):
            problems += values.problems
            runs.update({run.info.name: run for run in values.items})
    return runs, problems


def reasons(problems: list[Problem], store: SqlStore) -> list[tuple[str, str]]:
    """The problems, with the id of the run `full` left out of their places."""
    full = next(run for run in everything(store)[0].values() if "nested/depth" in run.params or run.info.name == "full")
    return [(each.path.replace(full.info.run_id, "FULL"), each.reason) for each in problems]


def test_a_sound_database_has_no_problems(store: SqlStore) -> None:
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
ODD_CELLS = [
    *((f"UPDATE runs SET {each} WHERE name = 'full'", "runs/FULL", reason) for each, reason in IN_RUNS),
    *((f"UPDATE {each} AND run_uuid = {FULL}", f"runs/FULL/{place}", reason) for each, place, reason in IN_VALUES),
]


@pytest.mark.parametrize(("statement", "place", "reason"), ODD_CELLS)
def test_one_odd_cell_is_named_and_loses_nothing_else(
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


def test_an_odd_experiment_is_listed_and_named(store: SqlStore, database: Path) -> None:
    damage(
        database,
        "UPDATE experiments SET name = CAST(x'616c706861ff' AS TEXT), creation_time = 'noon' WHERE name = 'alpha'",
        "UPDATE experiments SET lifecycle_stage = 'purged' WHERE name = 'Default'",
    )
    listing = store.experiments(View.ALL)
    assert {each.name for each in listing.items} == {"alpha\udcff", "Default", "量化/β", "gone"}
    assert {each.reason for each in listing.problems} == {
        INVALID_UTF8,
        "has an invalid creation_time: noon",
        "has an unknown lifecycle stage: purged",
    }


def test_a_run_without_a_start_time_is_no_damage(store: SqlStore, database: Path) -> None:
    damage(database, "UPDATE runs SET start_time = NULL WHERE name = 'full'")
    runs, problems = everything(store)
    assert runs["full"].info.start_time is None
    assert not problems
    assert store.search(RunQuery()).runs[-1].info.name == "full"


def test_texts_that_are_no_utf8_can_be_searched_and_sorted(store: SqlStore, database: Path) -> None:
    damage(database, f"UPDATE params SET value = CAST(x'c4e3' AS TEXT) WHERE key = 'lr' AND run_uuid = {FULL}")
    for text in ("params.lr LIKE '_ã'", r"params.lr ~ '^\udcc4'", "params.lr != '0.05' AND params.empty = ''"):
        query = RunQuery(filter=parse_filter(text), order_by=(parse_order("params.lr DESC"),))
        names = [run.info.name for run in store.search(query).runs]
        assert names == (["full"] if "_ã" not in text else [])


def test_a_history_leaves_out_what_is_no_number_and_says_so(store: SqlStore, database: Path) -> None:
    damage(database, f"UPDATE metrics SET value = 'high' WHERE key = 'loss' AND step = 1 AND run_uuid = {FULL}")
    (full,) = store.search(RunQuery(filter=parse_filter("name = full"))).runs
    history, (problem,) = store.history(full.info, "loss")
    assert history.values.tolist() == [1.0, 0.25]
    assert problem.reason == "has 1 of 3 points that are not numbers; they are left out"


def test_runs_and_values_without_an_owner_are_named(store: SqlStore, database: Path) -> None:
    damage(
        database,
        "UPDATE runs SET experiment_id = 77 WHERE name = 'low'",
        "INSERT INTO params (key, value, run_uuid) VALUES ('a', '1', 'nobody'), ('b', '2', 'nobody')",
    )
    (low,) = store.search(RunQuery(("77",))).runs
    assert {(each.path, each.reason) for each in store.examine()} == {
        (f"runs/{low.info.run_id}", "belongs to experiment 77, which does not exist"),
        ("runs/nobody", "does not exist, but has params (2 rows)"),
    }


def test_a_latest_value_that_is_not_the_end_of_its_history_is_named(store: SqlStore, database: Path) -> None:
    damage(database, f"UPDATE latest_metrics SET step = 1, value = 0.5 WHERE key = 'loss' AND run_uuid = {FULL}")
    assert reasons(list(store.examine()), store) == [
        ("runs/FULL/metrics/loss", "has a latest value that differs from its history, which ends at step 2")
    ]


@pytest.mark.parametrize("table", ["params", "tags", "latest_metrics"])
def test_a_table_that_is_destroyed_does_not_hide_the_others(store: SqlStore, database: Path, table: str) -> None:
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
    assert {each.reason for each in problems} == {
        f"has {kind} that cannot be read ({database} is damaged: database disk image is malformed.)"
    }
    whole, *parts = [each.reason for each in store.examine()]
    assert whole.startswith(f"cannot be examined completely ({database} is damaged: ")
    assert parts == [each.reason for each in problems][:1]


def test_steps_that_numpy_stored_as_eight_bytes_are_read(store: SqlStore, database: Path) -> None:
    for table in ("metrics", "latest_metrics"):
        stored = f"UPDATE {table} SET step = x'{{}}' WHERE key = 'loss' AND step = {{}} AND run_uuid = {FULL}"
        damage(database, *(stored.format(step.to_bytes(8, "little").hex(), step) for step in range(3)))
    runs, problems = everything(store)
    assert problems == []
    assert runs["full"].metrics["loss"].step == 2
    history, problems = store.history(runs["full"].info, "loss")
    assert (history.steps.tolist(), problems) == ([0, 1, 2], ())
