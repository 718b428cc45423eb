"""Looks for everything in a database that cannot be as it is."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from qtui.entities import Problem, View
from qtui.errors import StoreUnreadable
from qtui.store.sql.connections.database import Database, Look
from qtui.store.sql.reading.experiments import experiments
from qtui.store.sql.reading.run_infos import every_run, listing_of
from qtui.store.sql.schema.cells import text
from qtui.store.sql.schema.tables import latest_of

PAGES_NAMED = 20
"""How many damaged pages are named at most."""


def damaged_pages(look: Look) -> list[Problem]:
    """What sqlite itself finds wrong with the file."""
    if look.kind != "sqlite":
        return []
    rows = look.connection.exec_driver_sql(f"PRAGMA quick_check({PAGES_NAMED})")
    return [Problem("the database file", f"is damaged ({each})") for (each,) in rows if each != "ok"]


def odd_experiments(look: Look) -> list[Problem]:
    """Experiments with odd cells."""
    return list(experiments(look, View.ALL).problems)


def odd_runs(look: Look) -> list[Problem]:
    """Runs with odd cells, also those that no view of any experiment shows."""
    return list(listing_of(look.rows(every_run(look.tables))).problems)


def runs_of_no_experiment(look: Look) -> list[Problem]:
    """Runs whose experiment is not there, so that nothing lists them."""
    runs, known = look.tables.runs.c, sa.select(look.tables.experiments.c.experiment_id)
    is_lost = sa.or_(runs.experiment_id.is_(None), runs.experiment_id.not_in(known))
    found = look.rows(sa.select(runs.run_uuid, runs.experiment_id).where(is_lost))
    return [about(run_id, f"is of an experiment that is not there: {text(experiment)}") for run_id, experiment in found]


def values_of_no_run(look: Look) -> list[Problem]:
    """Values of runs that are not there."""
    problems = []
    for name in ("params", "tags", "metrics"):
        c = getattr(look.tables, name).c
        is_lost = c.run_uuid.not_in(sa.select(look.tables.runs.c.run_uuid))
        for run_id, rows in look.rows(sa.select(c.run_uuid, sa.func.count()).where(is_lost).group_by(c.run_uuid)):
            problems.append(about(run_id, f"is not there, but its {name} are ({rows} rows)"))
    return problems


def outdated_latest(look: Look) -> list[Problem]:
    """Metrics whose recorded latest value is not the one that their history ends with."""
    ends, latest = latest_of(look.tables.metrics).subquery("ends").c, look.tables.latest_metrics
    here = sa.and_(latest.c.run_uuid == ends.run_uuid, latest.c.key == ends.key)
    columns = ("step", "timestamp", "value")
    differs = sa.or_(latest.c.step.is_(None), *(latest.c[each] != ends[each] for each in columns))
    joined = sa.outerjoin(ends.run_uuid.table, latest, here)
    found = look.rows(sa.select(ends.run_uuid, ends.key, ends.step).select_from(joined).where(differs))
    reason = "has another latest value than its history, which ends at step"
    return [about(f"{text(run_id)}/metrics/{text(key)}", f"{reason} {step}", run_id) for run_id, key, step in found]


def about(place: object, reason: str, run_id: object = None) -> Problem:
    """A problem of a run, or of a part of it."""
    return Problem(f"runs/{text(place)}", reason, run_id=text(place if run_id is None else run_id))


STEPS = (damaged_pages, odd_experiments, odd_runs, runs_of_no_experiment, values_of_no_run, outdated_latest)


def examine(database: Database) -> Iterator[Problem]:
    """All that is damaged except single values; a part that cannot be read at all does not hide the others."""
    failures = set()
    for step in STEPS:
        try:
            yield from database.read(step)
        except StoreUnreadable as error:
            failures.add(str(error))
    yield from (Problem(database.source.place, f"cannot be examined as a whole ({each})") for each in failures)
