"""Queries for run infos, the rows of the table of runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa

from qtui.entities import Listing, Problem, RunInfo, Status, ViewType
from qtui.query.sql import Tables, equals, is_storable, lifecycle_stage, run_name
from qtui.store.sql.connections.database import Row, Snapshot
from qtui.store.sql.schema.cells import LIFECYCLE_STAGES, as_int, as_text, text_problem

NoneType = type(None)
VALID_CELL_TYPES = frozenset(
    (str, int, str, str, str, start, end, str, str) for start in (int, NoneType) for end in (int, NoneType)
)
"""The combinations of cell types in a valid row."""
STATUSES = frozenset(status.value for status in Status)
MAX_ID_DIGITS = 18


def parse_experiment_id(text: str) -> int | None:
    """Return an experiment ID as a number, None if no experiment in a database can have this ID."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MAX_ID_DIGITS else None


def info_columns(tables: Tables) -> tuple[sa.ColumnElement[Any], ...]:
    """Return the columns of a run in the order of the fields of `RunInfo`."""
    c = tables.runs.c
    name, status, artifact_uri, user_id = (
        sa.func.coalesce(column, "") for column in (run_name(tables), c.status, c.artifact_uri, c.user_id)
    )
    ids = (c.run_uuid, c.experiment_id)
    return (*ids, name, status, lifecycle_stage(c.lifecycle_stage), c.start_time, c.end_time, artifact_uri, user_id)


def select_infos(tables: Tables) -> sa.Select[Any]:
    """Return a query for the rows of all runs."""
    return sa.select(*info_columns(tables)).select_from(tables.runs)


def in_scope(tables: Tables, experiment_ids: Sequence[str] | None, view: ViewType) -> sa.ColumnElement[bool]:
    """Return the condition that a run is in a view of these experiments; None means all in the scope of the view."""
    runs, experiments = tables.runs.c, tables.experiments.c
    if experiment_ids is not None:
        numbers = [number for text in experiment_ids if (number := parse_experiment_id(text)) is not None]
        in_experiments = runs.experiment_id.in_(numbers)
    else:
        visible = sa.select(experiments.experiment_id).where(in_stage(experiments.lifecycle_stage, view.scope))
        in_experiments = runs.experiment_id.in_(visible)
    return sa.and_(in_experiments, in_stage(runs.lifecycle_stage, view))


def in_stage(column: sa.ColumnElement[Any], view: ViewType) -> sa.ColumnElement[bool]:
    """Return the condition that a lifecycle stage belongs to the view."""
    if view is ViewType.ALL:
        return sa.true()
    return lifecycle_stage(column) == view.value


def read_info_rows(snapshot: Snapshot, experiment_ids: Sequence[str] | None, view: ViewType) -> list[Row]:
    """Return the rows of the runs of these experiments."""
    return snapshot.rows(select_infos(snapshot.tables).where(in_scope(snapshot.tables, experiment_ids, view)))


def find_by_prefix(snapshot: Snapshot, prefix: str) -> tuple[RunInfo, ...]:
    """Return the runs in any lifecycle stage whose ID starts with `prefix`, or only the exact match."""
    if not is_storable(prefix):
        return ()
    run_id = snapshot.tables.runs.c.run_uuid
    statement = select_infos(snapshot.tables).where(run_id.startswith(prefix, autoescape=True))
    # A database may ignore case.
    matches = [info for info in parse_infos(snapshot.rows(statement)).items if info.run_id.startswith(prefix)]
    exact = tuple(info for info in matches if info.run_id == prefix)
    return exact or tuple(sorted(matches, key=lambda info: info.run_id))


def read_last_write(snapshot: Snapshot, info: RunInfo) -> int | None:
    """Return the latest recorded time of a run: of its metrics, start, end or deletion."""
    runs, metrics = snapshot.tables.runs.c, snapshot.tables.latest_metrics.c
    run_times = sa.select(runs.start_time, runs.end_time, runs.deleted_time)
    metric_time = sa.select(sa.func.max(metrics.timestamp))
    rows = [
        *snapshot.rows(run_times.where(equals(runs.run_uuid, info.run_id, snapshot.kind))),
        *snapshot.rows(metric_time.where(equals(metrics.run_uuid, info.run_id, snapshot.kind))),
    ]
    times = [as_int(cell) for row in rows for cell in row if cell is not None]
    return max((time for time in times if time is not None), default=None)


def parse_infos(rows: Iterable[Row]) -> Listing[RunInfo]:
    """Return rows as run infos, with the problems of invalid cells."""
    problems: list[Problem] = []
    infos = tuple(parse_info(row, problems) for row in rows)
    return Listing(infos, tuple(problems))


def parse_info(row: Row, problems: list[Problem]) -> RunInfo:
    """Return the run of a row; append its problems to `problems`."""
    run_id, experiment_id, name, status, stage, start, end, artifact_uri, user = row
    if tuple(map(type, row)) not in VALID_CELL_TYPES or status not in STATUSES or stage not in LIFECYCLE_STAGES:
        problems += info_problems(row)
        texts = (run_id, name, status, stage, artifact_uri, user)
        run_id, name, status, stage, artifact_uri, user = map(as_text, texts)
        start, end = as_int(start), as_int(end)
    return RunInfo(run_id, as_text(experiment_id), name, status, stage, start, end, artifact_uri, user)


def info_problems(row: Row) -> Iterator[Problem]:
    """Yield the problems in the row of a run."""
    run_id, experiment_id, name, status, stage, start, end, artifact_uri, user = row
    path = f"runs/{as_text(run_id)}"
    problem = partial(Problem, path, experiment_id=as_text(experiment_id), run_id=as_text(run_id))
    yield from (problem(reason) for cell in (run_id, name, artifact_uri, user) if (reason := text_problem(cell)))
    if status not in STATUSES:
        yield problem(f"has an unknown status: {as_text(status)}" if status else "has no status")
    if stage not in LIFECYCLE_STAGES:
        yield problem(f"has an unknown lifecycle stage: {as_text(stage)}")
    for key, cell in (("start_time", start), ("end_time", end)):
        if cell is not None and type(cell) is not int:
            yield problem(f"has an invalid {key}: {as_text(cell)}")
