"""Every point of a metric, as three columns of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from qtui.entities import History, Problem, RunInfo
from qtui.errors import MetricNotFound, RunNotFound
from qtui.query.sql import LARGEST, same
from qtui.store.sql.connections.database import Look
from qtui.store.sql.reading.members import common
from qtui.store.sql.schema.cells import measured, whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

POINT = [("timestamp", "i8"), ("step", "i8"), ("value", "f8"), ("is_nan", "?")]
"""A point as the database has it."""


def history(look: Look, info: RunInfo, key: str) -> tuple[History, tuple[Problem, ...]]:
    """The points in MLflow's order: by time, then by step, then by value."""
    points, problems = read_points(look, select_points(look, info, key), info, key)
    if not len(points) and not problems:
        raise missing(look, info, key)
    return history_of(info.run_id, key, points), problems


def select_points(look: Look, info: RunInfo, key: str) -> sa.Select[Any]:
    """The statement for the points of a metric."""
    c = look.tables.metrics.c
    of_run = same(c.run_uuid, info.run_id, look.kind)
    columns = (c.timestamp, c.step, c.value, c.is_nan)
    return sa.select(*columns).where(of_run, common(same(c.key, key, look.kind), look.kind))


def read_points(
    look: Look, chosen: sa.Select[Any], info: RunInfo, key: str
) -> tuple[NDArray[Any], tuple[Problem, ...]]:
    """The chosen points in MLflow's order, and what is wrong with those that are left out."""
    import numpy

    problems: tuple[Problem, ...] = ()
    try:
        points = numpy.fromiter(look.each(chosen), numpy.dtype(POINT))
    except (TypeError, ValueError, OverflowError):
        rows = look.rows(chosen)
        points = numpy.array([each for row in rows if (each := point_in(row))], POINT)
        if lost := len(rows) - len(points):
            reason = f"has {lost} points of {len(rows)} that are no numbers; they are left out"
            problems = (Problem(f"runs/{info.run_id}/metrics/{key}", reason, info.experiment_id, info.run_id),)
    return in_order(points), problems


def point_in(row: tuple[Any, ...]) -> tuple[int, int, float, bool] | None:
    """The point in a row of odd cells, or None if they are no numbers."""
    timestamp, step, value, is_nan = row
    moment, place, number = whole(timestamp or 0), whole(step or 0), measured(value, is_nan)
    return None if moment is None or place is None or number is None else (moment, place, number, number != number)


def in_order(points: NDArray[Any]) -> NDArray[Any]:
    """The points in MLflow's order, in which they mostly are already."""
    import numpy

    if numpy.all(points["timestamp"][1:] > points["timestamp"][:-1]):
        return points
    keys = tuple(points[each] for each in ("is_nan", "value", "step", "timestamp"))
    return points[numpy.lexsort(keys)]


def history_of(run_id: str, key: str, points: NDArray[Any]) -> History:
    """Points as columns, with NaN and the infinities in place of what stands for them."""
    import numpy

    values = points["value"].copy()
    values[values >= LARGEST] = numpy.inf
    values[values <= -LARGEST] = -numpy.inf
    values[points["is_nan"]] = numpy.nan
    return History(run_id, key, points["step"].copy(), points["timestamp"].copy(), values)


def missing(look: Look, info: RunInfo, key: str) -> MetricNotFound | RunNotFound:
    """Why there are no points."""
    c = look.tables.runs.c
    if look.rows(sa.select(c.run_uuid).where(same(c.run_uuid, info.run_id, look.kind))):
        return MetricNotFound(f"Run {info.run_id} has no metric {key!r}.")
    return RunNotFound(f"There is no run {info.run_id} any more.")
