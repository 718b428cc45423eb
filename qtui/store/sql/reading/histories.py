"""Queries for the points of a metric, as three arrays of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from qtui.entities import History, Problem, RunInfo
from qtui.errors import MetricNotFound, RunNotFound
from qtui.query.sql import MAX_FLOAT, equals, likely
from qtui.store.sql.connections.database import Snapshot
from qtui.store.sql.schema.cells import as_int, as_metric_value

if TYPE_CHECKING:
    from numpy.typing import NDArray

POINT_DTYPE = [("timestamp", "i8"), ("step", "i8"), ("value", "f8"), ("is_nan", "?")]


def read_history(snapshot: Snapshot, info: RunInfo, key: str) -> tuple[History, tuple[Problem, ...]]:
    """Return the points of a metric in MLflow's order: by time, then step, then value.

    Raises:
        MetricNotFound: The run has no such metric.
        RunNotFound: The run no longer exists.
    """
    points, problems = read_points(snapshot, select_points(snapshot, info, key), info, key)
    if not len(points) and not problems:
        raise missing_history_error(snapshot, info, key)
    return build_history(info.run_id, key, points), problems


def select_points(snapshot: Snapshot, info: RunInfo, key: str) -> sa.Select[Any]:
    """Return a query for the points of a metric."""
    c = snapshot.tables.metrics.c
    of_run = equals(c.run_uuid, info.run_id, snapshot.kind)
    columns = (c.timestamp, c.step, c.value, c.is_nan)
    return sa.select(*columns).where(of_run, likely(equals(c.key, key, snapshot.kind), snapshot.kind))


def read_points(
    snapshot: Snapshot, statement: sa.Select[Any], info: RunInfo, key: str
) -> tuple[NDArray[Any], tuple[Problem, ...]]:
    """Return the points of a query in MLflow's order; points that are not numbers are left out with a problem."""
    import numpy

    problems: tuple[Problem, ...] = ()
    try:
        points = numpy.fromiter(snapshot.stream(statement), numpy.dtype(POINT_DTYPE))
    except (TypeError, ValueError, OverflowError):
        rows = snapshot.rows(statement)
        points = numpy.array([point for row in rows if (point := parse_point(row))], POINT_DTYPE)
        if invalid := len(rows) - len(points):
            reason = f"has {invalid} of {len(rows)} points that are not numbers; they are left out"
            problems = (Problem(f"runs/{info.run_id}/metrics/{key}", reason, info.experiment_id, info.run_id),)
    return sort_points(points), problems


def parse_point(row: tuple[Any, ...]) -> tuple[int, int, float, bool] | None:
    """Return the point of a row with invalid types, None if its cells are not numbers."""
    timestamp, step, value, is_nan = row
    timestamp, step, value = as_int(timestamp or 0), as_int(step or 0), as_metric_value(value, is_nan)
    return None if timestamp is None or step is None or value is None else (timestamp, step, value, value != value)


def sort_points(points: NDArray[Any]) -> NDArray[Any]:
    """Return the points in MLflow's order; skip the sort if the timestamps are strictly increasing."""
    import numpy

    if numpy.all(points["timestamp"][1:] > points["timestamp"][:-1]):
        return points
    keys = tuple(points[column] for column in ("is_nan", "value", "step", "timestamp"))
    return points[numpy.lexsort(keys)]


def build_history(run_id: str, key: str, points: NDArray[Any]) -> History:
    """Return points as a history, with NaN and infinities instead of their encodings."""
    import numpy

    values = points["value"].copy()
    values[values >= MAX_FLOAT] = numpy.inf
    values[values <= -MAX_FLOAT] = -numpy.inf
    values[points["is_nan"]] = numpy.nan
    return History(run_id, key, points["step"].copy(), points["timestamp"].copy(), values)


def missing_history_error(snapshot: Snapshot, info: RunInfo, key: str) -> MetricNotFound | RunNotFound:
    """Return the reason why a metric has no points."""
    c = snapshot.tables.runs.c
    if snapshot.rows(sa.select(c.run_uuid).where(equals(c.run_uuid, info.run_id, snapshot.kind))):
        return MetricNotFound(f"Run {info.run_id} has no metric {key!r}.")
    return RunNotFound(f"Run {info.run_id} no longer exists.")
