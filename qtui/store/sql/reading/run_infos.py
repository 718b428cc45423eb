"""Run infos: the rows of the table of runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa

from qtui.entities import Listing, Problem, RunInfo, Status, View
from qtui.query.sql import Tables, is_storable, run_name, same, stage
from qtui.store.sql.connections.database import Look, Row
from qtui.store.sql.schema.cells import STAGES, oddity, text, whole

NONE = type(None)
SOUND = frozenset((str, int, str, str, str, start, end, str, str) for start in (int, NONE) for end in (int, NONE))
"""The types that the cells of a run may have."""
STATUSES = frozenset(each.value for each in Status)


def info_columns(tables: Tables) -> tuple[sa.ColumnElement[Any], ...]:
    """What is read of a run, in the order of a RunInfo's fields."""
    c = tables.runs.c
    filled = [sa.func.coalesce(each, "") for each in (run_name(tables), c.status)]
    ends = [sa.func.coalesce(each, "") for each in (c.artifact_uri, c.user_id)]
    return (c.run_uuid, c.experiment_id, *filled, stage(c.lifecycle_stage), c.start_time, c.end_time, *ends)


def every_run(tables: Tables) -> sa.Select[Any]:
    """The rows of all runs."""
    return sa.select(*info_columns(tables)).select_from(tables.runs)


def in_scope(tables: Tables, experiment_ids: Sequence[str] | None, view: View) -> sa.ColumnElement[bool]:
    """Whether a run is in these experiments, or in those that the view looks into, and in the view itself."""
    runs, experiments = tables.runs.c, tables.experiments.c
    if experiment_ids is not None:
        numbers = [int(each) for each in experiment_ids if each.isascii() and each.isdecimal() and len(each) <= 18]
        place = runs.experiment_id.in_(numbers)
    else:
        known = sa.select(experiments.experiment_id).where(in_stage(experiments.lifecycle_stage, view.scope))
        place = runs.experiment_id.in_(known)
    return sa.and_(place, in_stage(runs.lifecycle_stage, view))


def in_stage(column: sa.ColumnElement[Any], view: View) -> sa.ColumnElement[bool]:
    """Whether something in this lifecycle stage is part of the view; before there were stages all was active."""
    if view is View.ALL:
        return sa.true()
    return stage(column) == view.value


def infos_in(look: Look, experiment_ids: Sequence[str] | None, view: View) -> list[Row]:
    """The rows of the runs of these experiments."""
    return look.rows(every_run(look.tables).where(in_scope(look.tables, experiment_ids, view)))


def beginning_with(look: Look, prefix: str) -> tuple[RunInfo, ...]:
    """Runs of any lifecycle stage whose id begins so; an exact id gives that run alone."""
    if not is_storable(prefix):
        return ()
    run_id = look.tables.runs.c.run_uuid
    found = listing_of(look.rows(every_run(look.tables).where(run_id.startswith(prefix, autoescape=True)))).items
    matching = [info for info in found if info.run_id.startswith(prefix)]
    exact = tuple(info for info in matching if info.run_id == prefix)
    return exact or tuple(sorted(matching, key=lambda info: info.run_id))


def last_write(look: Look, info: RunInfo) -> int | None:
    """The latest time that the database tells of a run: of its metrics, its start, its end, its deletion."""
    runs, metrics = look.tables.runs.c, look.tables.latest_metrics.c
    own = sa.select(runs.start_time, runs.end_time, runs.deleted_time)
    logged = sa.select(sa.func.max(metrics.timestamp))
    rows = [
        *look.rows(own.where(same(runs.run_uuid, info.run_id, look.kind))),
        *look.rows(logged.where(same(metrics.run_uuid, info.run_id, look.kind))),
    ]
    times = [whole(cell) for row in rows for cell in row]
    return max((each for each in times if each is not None), default=None)


def listing_of(rows: Iterable[Row]) -> Listing[RunInfo]:
    """Rows as run infos, those with an odd cell too, and what is odd in them."""
    problems: list[Problem] = []
    infos = tuple(info_of(row, problems) for row in rows)
    return Listing(infos, tuple(problems))


def info_of(row: Row, problems: list[Problem]) -> RunInfo:
    """The run in a row; what is odd in it is added to the problems."""
    run_id, experiment_id, name, status, stage, start, end, artifact_uri, user = row
    if tuple(map(type, row)) not in SOUND or status not in STATUSES or stage not in STAGES:
        problems += oddities(row)
        run_id, name, status, stage, artifact_uri, user = map(text, (run_id, name, status, stage, artifact_uri, user))
        start, end = whole(start), whole(end)
    return RunInfo(run_id, text(experiment_id), name, status, stage, start, end, artifact_uri, user)


def oddities(row: Row) -> Iterator[Problem]:
    """What cannot be right in the row of a run."""
    run_id, _, name, status, stage, start, end, artifact_uri, user = row
    about = partial(Problem, f"runs/{text(row[0])}", experiment_id=text(row[1]), run_id=text(row[0]))
    yield from (about(reason) for cell in (run_id, name, artifact_uri, user) if (reason := oddity(cell)))
    if status not in STATUSES:
        yield about(f"has a status that MLflow does not know: {text(status)}" if status else "has no status")
    if stage not in STAGES:
        yield about(f"has a lifecycle stage that MLflow does not know: {text(stage)}")
    for key, cell in (("start_time", start), ("end_time", end)):
        if cell is not None and type(cell) is not int:
            yield about(f"has a {key} that is no time: {text(cell)}")
