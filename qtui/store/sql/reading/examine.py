"""Checks for damage and inconsistencies in a database."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from qtui.entities import Problem, ViewType
from qtui.errors import StoreUnreadable
from qtui.store.sql.connections.database import Database, Snapshot
from qtui.store.sql.reading.experiments import read_experiments
from qtui.store.sql.reading.run_infos import parse_infos, select_infos
from qtui.store.sql.schema.cells import as_text
from qtui.store.sql.schema.tables import select_latest_metrics

MAX_DAMAGED_PAGES = 20
"""The number of damaged pages that are reported."""


def find_damaged_pages(snapshot: Snapshot) -> list[Problem]:
    """Return the problems that sqlite itself finds in the file."""
    if snapshot.kind != "sqlite":
        return []
    rows = snapshot.connection.exec_driver_sql(f"PRAGMA quick_check({MAX_DAMAGED_PAGES})")
    return [Problem("the database file", f"is damaged ({message})") for (message,) in rows if message != "ok"]


def find_odd_experiments(snapshot: Snapshot) -> list[Problem]:
    """Return the problems in the rows of all experiments."""
    return list(read_experiments(snapshot, ViewType.ALL).problems)


def find_odd_runs(snapshot: Snapshot) -> list[Problem]:
    """Return the problems in the rows of all runs, including those that no view lists."""
    return list(parse_infos(snapshot.rows(select_infos(snapshot.tables))).problems)


def find_runs_without_experiment(snapshot: Snapshot) -> list[Problem]:
    """Return the runs whose experiment does not exist, so that nothing lists them."""
    runs, experiment_ids = snapshot.tables.runs.c, sa.select(snapshot.tables.experiments.c.experiment_id)
    is_orphan = sa.or_(runs.experiment_id.is_(None), runs.experiment_id.not_in(experiment_ids))
    orphans = snapshot.rows(sa.select(runs.run_uuid, runs.experiment_id).where(is_orphan))
    return [
        run_problem(run_id, f"belongs to experiment {as_text(experiment_id)}, which does not exist")
        for run_id, experiment_id in orphans
    ]


def find_values_without_run(snapshot: Snapshot) -> list[Problem]:
    """Return the IDs of missing runs that have params, tags or metrics."""
    problems = []
    for name in ("params", "tags", "metrics"):
        c = getattr(snapshot.tables, name).c
        is_orphan = c.run_uuid.not_in(sa.select(snapshot.tables.runs.c.run_uuid))
        statement = sa.select(c.run_uuid, sa.func.count()).where(is_orphan).group_by(c.run_uuid)
        for run_id, rows in snapshot.rows(statement):
            problems.append(run_problem(run_id, f"does not exist, but has {name} ({rows} rows)"))
    return problems


def find_outdated_latest_metrics(snapshot: Snapshot) -> list[Problem]:
    """Return the metrics whose recorded latest value differs from the last point of their history."""
    last, latest = select_latest_metrics(snapshot.tables.metrics).subquery("ends").c, snapshot.tables.latest_metrics
    same_metric = sa.and_(latest.c.run_uuid == last.run_uuid, latest.c.key == last.key)
    columns = ("step", "timestamp", "value")
    differs = sa.or_(latest.c.step.is_(None), *(latest.c[column] != last[column] for column in columns))
    joined = sa.outerjoin(last.run_uuid.table, latest, same_metric)
    rows = snapshot.rows(sa.select(last.run_uuid, last.key, last.step).select_from(joined).where(differs))
    reason = "has a latest value that differs from its history, which ends at step"
    return [
        run_problem(f"{as_text(run_id)}/metrics/{as_text(key)}", f"{reason} {step}", run_id)
        for run_id, key, step in rows
    ]


def run_problem(path: object, reason: str, run_id: object = None) -> Problem:
    """Return a problem of a run, or of a part of it; `path` is relative to the folder of runs."""
    return Problem(f"runs/{as_text(path)}", reason, run_id=as_text(path if run_id is None else run_id))


CHECKS = (
    find_damaged_pages,
    find_odd_experiments,
    find_odd_runs,
    find_runs_without_experiment,
    find_values_without_run,
    find_outdated_latest_metrics,
)


def examine(database: Database) -> Iterator[Problem]:
    """Yield all problems except those of single values; a failing check does not prevent the others."""
    failures = set()
    for check in CHECKS:
        try:
            yield from database.read(check)
        except StoreUnreadable as error:
            failures.add(str(error))
    yield from (Problem(database.source.label, f"cannot be examined completely ({failure})") for failure in failures)
