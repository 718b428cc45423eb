"""What metrics have grown by, without reading their histories again.

Points have no number of their own, and one that is logged late belongs before others. So a mark holds what proves that
nothing came in between; where that cannot be proved, everything is read again.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any, NamedTuple

import sqlalchemy as sa

from qtui.entities import History, Problem, RunInfo
from qtui.errors import NotFound
from qtui.query.sql import same
from qtui.store.protocol import MetricUpdate
from qtui.store.sql.connections.database import Look, Row
from qtui.store.sql.reading.histories import history, history_of, read_points, select_points

Place = tuple[int, int, float, bool]
"""A point by what MLflow orders points by: time, step, value, and whether that is NaN."""

row_number: sa.ColumnClause[int] = sa.literal_column("rowid", sa.BigInteger)


class Mark(NamedTuple):
    """How far a metric was read."""

    points: int
    last: Place
    row: Row | None = None
    """The newest row of sqlite's whole table, its number first; a row that is added later has a greater number."""
    problems: tuple[Problem, ...] = ()


def grown(look: Look, info: RunInfo, marks: Mapping[str, Hashable]) -> Mapping[str, MetricUpdate]:
    """The points of these metrics since their marks; metrics that are not there are left out."""
    reader = GrowthReader(look, info)
    found: dict[str, MetricUpdate] = {}
    for key, mark in marks.items():
        with suppress(NotFound):
            found[key] = reader.read(key, mark)
    return found


class GrowthReader:
    """Reads what one run has logged, in one look at the database."""

    def __init__(self, look: Look, info: RunInfo) -> None:
        self._look = look
        self._info = info
        self._numbered = has_row_numbers(look)
        self._unmoved: dict[Row, bool] = {}

    def read(self, key: str, mark: Hashable) -> MetricUpdate:
        """The points of a metric since a mark."""
        return (self._since(key, mark) if isinstance(mark, Mark) else None) or self._everything(key)

    def _everything(self, key: str) -> MetricUpdate:
        found, problems = history(self._look, self._info, key)
        if not len(found) or (problems and not self._numbered):
            return MetricUpdate(found, None, problems, is_full=True)
        return MetricUpdate(
            found, Mark(len(found), place_of(found, -1), self._newest, problems), problems, is_full=True
        )

    def _since(self, key: str, mark: Mark) -> MetricUpdate | None:
        """The points since a mark; None where it cannot be told which these are."""
        if mark.row is not None and not self._is_unmoved(mark.row):
            return None
        statement = self._behind_row(key, mark.row) if mark.row else self._behind_time(key, mark.last[0])
        points, problems = read_points(self._look, statement, self._info, key)
        found = history_of(self._info.run_id, key, points)
        if mark.row is None:
            found = part_behind(found, mark.last)
            if mark.points + len(found) != self._count(key):
                return None
        if len(found) and place_of(found, 0) < mark.last:
            return None
        problems = (*mark.problems, *problems)
        last = place_of(found, -1) if len(found) else mark.last
        return MetricUpdate(found, Mark(mark.points + len(found), last, self._newest, problems), problems)

    def _behind_row(self, key: str, row: Row) -> sa.Select[Any]:
        c = self._look.tables.metrics.c
        # A plus keeps sqlite from an index, in which it would read all that the run has logged to find the new rows.
        run_id, name = (sa.literal_column(f'+"{column}"', sa.Text) for column in ("run_uuid", "key"))
        of_metric = same(run_id, self._info.run_id, self._look.kind), same(name, key, self._look.kind)
        return sa.select(c.timestamp, c.step, c.value, c.is_nan).where(row_number > row[0], *of_metric)

    def _behind_time(self, key: str, timestamp: int) -> sa.Select[Any]:
        c = self._look.tables.metrics.c
        return select_points(self._look, self._info, key).where(c.timestamp >= timestamp)

    def _count(self, key: str) -> int:
        points = select_points(self._look, self._info, key)
        ((count,),) = self._look.rows(points.with_only_columns(sa.func.count(), maintain_column_froms=True))
        return int(count)

    @cached_property
    def _newest(self) -> Row | None:
        """The row that was added last, by any run; None where rows have no numbers."""
        if not self._numbered:
            return None
        rows = self._look.rows(numbered_rows(self._look).order_by(row_number.desc()).limit(1))
        return rows[0] if rows else None

    def _is_unmoved(self, row: Row) -> bool:
        """Whether a row still has its number: a VACUUM or `mlflow gc` may have given it to another."""
        if row not in self._unmoved:
            statement = numbered_rows(self._look).where(row_number == row[0])
            self._unmoved[row] = self._numbered and self._look.rows(statement) == [row]
        return self._unmoved[row]


def has_row_numbers(look: Look) -> bool:
    """Whether this is sqlite, with a table of metrics that is read as it is."""
    return look.kind == "sqlite" and isinstance(look.tables.metrics, sa.TableClause)


def numbered_rows(look: Look) -> sa.Select[Any]:
    """Rows of sqlite's table, each with its number."""
    return sa.select(row_number, *look.tables.metrics.c).select_from(look.tables.metrics)


def place_of(found: History, index: int) -> Place:
    """The place of a point; NaN stands where zero would, as in the database."""
    value = float(found.values[index])
    is_nan = value != value
    return int(found.timestamps[index]), int(found.steps[index]), 0.0 if is_nan else value, is_nan


def part_behind(found: History, last: Place) -> History:
    """The part of a history in MLflow's order that comes behind a place."""
    start = sum(1 for index in range(len(found)) if place_of(found, index) <= last)
    return History(found.run_id, found.key, found.steps[start:], found.timestamps[start:], found.values[start:])
