"""Updates with the new points of metrics, read without reading their histories again.

Points have no number of their own, and one that is logged late belongs before others. So a cursor records what proves
that nothing came in between; where that cannot be proved, the whole history is read again.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any, NamedTuple

import sqlalchemy as sa

from qtui.entities import History, Problem, RunInfo
from qtui.errors import NotFound
from qtui.query.sql import equals
from qtui.store.protocol import MetricUpdate
from qtui.store.sql.connections.database import Row, Snapshot
from qtui.store.sql.reading.histories import build_history, read_history, read_points, select_points

SortKey = tuple[int, int, float, bool]
"""The key that MLflow sorts points by: time, step, value, and whether the value is NaN."""

row_id: sa.ColumnClause[int] = sa.literal_column("rowid", sa.BigInteger)


class MetricCursor(NamedTuple):
    """The position in a metric's history up to which it was read."""

    points: int
    last: SortKey
    newest_row: Row | None = None
    """The newest row of sqlite's whole table, its rowid first; rows that are added later have greater rowids."""
    problems: tuple[Problem, ...] = ()


def read_metric_updates(
    snapshot: Snapshot, info: RunInfo, cursors: Mapping[str, Hashable]
) -> Mapping[str, MetricUpdate]:
    """Return the points of these metrics since their cursors; metrics that do not exist are left out."""
    reader = MetricUpdateReader(snapshot, info)
    updates: dict[str, MetricUpdate] = {}
    for key, cursor in cursors.items():
        with suppress(NotFound):
            updates[key] = reader.read(key, cursor)
    return updates


class MetricUpdateReader:
    """Reader of the new points of one run in one snapshot."""

    def __init__(self, snapshot: Snapshot, info: RunInfo) -> None:
        self._snapshot = snapshot
        self._info = info
        self._has_row_ids = has_metric_ids(snapshot)
        self._unmoved: dict[Row, bool] = {}

    def read(self, key: str, cursor: Hashable) -> MetricUpdate:
        """Return the points of a metric since a cursor, or all points if the new ones cannot be determined."""
        return (self._read_since(key, cursor) if isinstance(cursor, MetricCursor) else None) or self._read_all(key)

    def _read_all(self, key: str) -> MetricUpdate:
        history, problems = read_history(self._snapshot, self._info, key)
        if not len(history) or (problems and not self._has_row_ids):
            return MetricUpdate(history, None, problems, is_full=True)
        cursor = MetricCursor(len(history), sort_key(history, -1), self._newest_row, problems)
        return MetricUpdate(history, cursor, problems, is_full=True)

    def _read_since(self, key: str, cursor: MetricCursor) -> MetricUpdate | None:
        """Return the points since a cursor, None if they cannot be determined."""
        row = cursor.newest_row
        if row is not None and not self._is_unmoved(row):
            return None
        statement = self._select_after_row(key, row) if row else self._select_since_time(key, cursor.last[0])
        points, problems = read_points(self._snapshot, statement, self._info, key)
        history = build_history(self._info.run_id, key, points)
        if row is None:
            history = points_after(history, cursor.last)
            if cursor.points + len(history) != self._count(key):
                return None
        if len(history) and sort_key(history, 0) < cursor.last:
            return None
        problems = (*cursor.problems, *problems)
        last = sort_key(history, -1) if len(history) else cursor.last
        reached = MetricCursor(cursor.points + len(history), last, self._newest_row, problems)
        return MetricUpdate(history, reached, problems)

    def _select_after_row(self, key: str, row: Row) -> sa.Select[Any]:
        c = self._snapshot.tables.metrics.c
        # A unary plus keeps sqlite from using an index, with which it would read all points of the run.
        run_id, name = (sa.literal_column(f'+"{column}"', sa.Text) for column in ("run_uuid", "key"))
        of_metric = (
            equals(run_id, self._info.run_id, self._snapshot.kind),
            equals(name, key, self._snapshot.kind),
        )
        return sa.select(c.timestamp, c.step, c.value, c.is_nan).where(row_id > row[0], *of_metric)

    def _select_since_time(self, key: str, timestamp: int) -> sa.Select[Any]:
        c = self._snapshot.tables.metrics.c
        return select_points(self._snapshot, self._info, key).where(c.timestamp >= timestamp)

    def _count(self, key: str) -> int:
        points = select_points(self._snapshot, self._info, key)
        ((count,),) = self._snapshot.rows(points.with_only_columns(sa.func.count(), maintain_column_froms=True))
        return int(count)

    @cached_property
    def _newest_row(self) -> Row | None:
        """The row that was added last, by any run; None without rowids."""
        if not self._has_row_ids:
            return None
        rows = self._snapshot.rows(select_rows_with_id(self._snapshot).order_by(row_id.desc()).limit(1))
        return rows[0] if rows else None

    def _is_unmoved(self, row: Row) -> bool:
        """Return whether a row still has its rowid: VACUUM or `mlflow gc` may have given it to another row."""
        if row not in self._unmoved:
            statement = select_rows_with_id(self._snapshot).where(row[0] == row_id)
            self._unmoved[row] = self._has_row_ids and self._snapshot.rows(statement) == [row]
        return self._unmoved[row]


def has_metric_ids(snapshot: Snapshot) -> bool:
    """Return whether the table of metrics is an unmodified table of sqlite."""
    return snapshot.kind == "sqlite" and isinstance(snapshot.tables.metrics, sa.TableClause)


def select_rows_with_id(snapshot: Snapshot) -> sa.Select[Any]:
    """Return a query for the rows of the table of metrics with their rowids."""
    return sa.select(row_id, *snapshot.tables.metrics.c).select_from(snapshot.tables.metrics)


def sort_key(history: History, index: int) -> SortKey:
    """Return the sort key of a point; as in the database, the value of a NaN is zero."""
    value = float(history.values[index])
    is_nan = value != value
    return int(history.timestamps[index]), int(history.steps[index]), 0.0 if is_nan else value, is_nan


def points_after(history: History, last: SortKey) -> History:
    start = sum(1 for index in range(len(history)) if sort_key(history, index) <= last)
    return History(
        history.run_id, history.key, history.steps[start:], history.timestamps[start:], history.values[start:]
    )
