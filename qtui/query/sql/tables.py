"""MLflow's tables, and SQL expressions for the attributes of runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from qtui.entities import RUN_NAME_TAG, Status, ViewType
from qtui.query.sql.text_conditions import Column, equals
from qtui.value_classes import dataclass


@dataclass(frozen=True, slots=True)
class Tables:
    """MLflow's tables with the columns of the newest version, and the kind of database."""

    kind: str
    experiments: sa.FromClause
    experiment_tags: sa.FromClause
    runs: sa.FromClause
    params: sa.FromClause
    tags: sa.FromClause
    metrics: sa.FromClause
    latest_metrics: sa.FromClause
    inputs: sa.FromClause
    input_tags: sa.FromClause
    datasets: sa.FromClause
    logged_models: sa.FromClause
    logged_model_params: sa.FromClause
    logged_model_metrics: sa.FromClause
    logged_model_tags: sa.FromClause


def attribute(tables: Tables, key: str, now: int) -> Column:
    """Return the expression of an attribute, NULL if the run has none; a running run ends at `now` (Unix ms)."""
    if key == "duration":
        return _duration(tables, now)
    return _ATTRIBUTES[key](tables)


def _duration(tables: Tables, now: int) -> Column:
    """Return the duration of a run as `RunInfo.duration` computes it."""
    c = tables.runs.c
    start, end, status = c.start_time, c.end_time, sa.func.coalesce(c.status, "")
    since = sa.case((start.is_(None), None), else_=now - sa.func.coalesce(end, start))
    return sa.case(
        (equals(status, Status.RUNNING, tables.kind), since),
        (equals(status, Status.SCHEDULED, tables.kind), None),
        else_=end - start,
    )


def run_name(tables: Tables) -> Column:
    """Return the name of a run, which MLflow before 1.30 stored only in a tag."""
    name, tags = tables.runs.c.name, tables.tags.c
    of_run = sa.and_(tags.run_uuid == tables.runs.c.run_uuid, equals(tags.key, RUN_NAME_TAG, tables.kind))
    name_tag = sa.select(tags.value).where(of_run).correlate(tables.runs).scalar_subquery()
    return sa.case((sa.func.coalesce(name, "") == "", name_tag), else_=name)


def lifecycle_stage(column: Column) -> Column:
    """Return a lifecycle stage; runs from before MLflow had stages are active."""
    return sa.func.coalesce(sa.func.nullif(column, ""), ViewType.ACTIVE.value)


_ATTRIBUTES: Mapping[str, Callable[[Tables], Column]] = {
    "run_id": lambda tables: tables.runs.c.run_uuid,
    "run_name": lambda tables: sa.func.nullif(run_name(tables), ""),
    "status": lambda tables: sa.func.coalesce(tables.runs.c.status, ""),
    "user_id": lambda tables: sa.func.coalesce(tables.runs.c.user_id, ""),
    "artifact_uri": lambda tables: sa.func.coalesce(tables.runs.c.artifact_uri, ""),
    "start_time": lambda tables: tables.runs.c.start_time,
    "end_time": lambda tables: tables.runs.c.end_time,
    "experiment_id": lambda tables: sa.cast(tables.runs.c.experiment_id, sa.String(32)),
    "lifecycle_stage": lambda tables: lifecycle_stage(tables.runs.c.lifecycle_stage),
}
