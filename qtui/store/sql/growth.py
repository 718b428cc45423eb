"""What a metric has grown by, without reading its history again.

Points have no number of their own, and one that is logged late belongs before others. So a mark holds what proves that
nothing came in between; where that cannot be proved, everything is read again.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, NamedTuple

import sqlalchemy as sa

from qtui.entities import History, RunInfo
from qtui.query.sql import same
from qtui.store.protocol import Growth
from qtui.store.sql.database import Look, Row
from qtui.store.sql.history import history, history_of, read_points, select_points

Place = tuple[int, int, float, bool]
"""A point by what MLflow orders points by: time, step, value, and whether that is NaN."""


class Mark(NamedTuple):
    """How far a metric was read."""

    points: int
    last: Place
    row: Row | None = None
    """The newest row of sqlite's whole table, its number first; a row that is added later has a greater number."""


def grown(look: Look, info: RunInfo, key: str, mark: Hashable) -> Growth:
    """The points since a mark."""
    return (_since(look, info, key, mark) if isinstance(mark, Mark) else None) or _everything(look, info, key)


def _everything(look: Look, info: RunInfo, key: str) -> Growth:
    found, problems = history(look, info, key)
    if not len(found) or (problems and not has_row_numbers(look)):
        return Growth(found, None, problems, anew=True)
    return Growth(found, Mark(len(found), place_of(found, -1), newest_row(look)), problems, anew=True)


def _since(look: Look, info: RunInfo, key: str, mark: Mark) -> Growth | None:
    """The points since a mark; None where it cannot be told which these are."""
    statement = _by_number(look, info, key, mark.row) if mark.row else _by_count(look, info, key, mark)
    if statement is None:
        return None
    points, problems = read_points(look, statement, info, key)
    found = history_of(info.run_id, key, points)
    if mark.row is None:
        found = _behind(found, mark.last)
        if mark.points + len(found) != _count(look, info, key):
            return None
    if not len(found):
        return Growth(found, mark._replace(row=newest_row(look)), problems)
    if place_of(found, 0) < mark.last:
        return None
    return Growth(found, Mark(mark.points + len(found), place_of(found, -1), newest_row(look)), problems)


def _by_number(look: Look, info: RunInfo, key: str, row: Row) -> sa.Select[Any] | None:
    """The points in rows of greater numbers, unless a VACUUM or `mlflow gc` has numbered the rows anew."""
    if not has_row_numbers(look) or look.rows(_numbered_rows(look).where(number == row[0])) != [row]:
        return None
    c = look.tables.metrics.c
    # A plus keeps sqlite from an index, in which it would read all that the run has logged to find the new rows.
    run_id, name = (sa.literal_column(f'+"{column}"', sa.Text) for column in ("run_uuid", "key"))
    of_metric = same(run_id, info.run_id, look.kind), same(name, key, look.kind)
    return sa.select(c.timestamp, c.step, c.value, c.is_nan).where(number > row[0], *of_metric)


def _by_count(look: Look, info: RunInfo, key: str, mark: Mark) -> sa.Select[Any]:
    return select_points(look, info, key).where(look.tables.metrics.c.timestamp >= mark.last[0])


def _count(look: Look, info: RunInfo, key: str) -> int:
    counted = select_points(look, info, key).with_only_columns(sa.func.count(), maintain_column_froms=True)
    ((count,),) = look.rows(counted)
    return int(count)


def _behind(found: History, last: Place) -> History:
    """The part of a history in MLflow's order that comes behind a place."""
    start = sum(1 for index in range(len(found)) if place_of(found, index) <= last)
    return History(found.run_id, found.key, found.steps[start:], found.timestamps[start:], found.values[start:])


def place_of(found: History, index: int) -> Place:
    """The place of a point; NaN stands where zero would, as in the database."""
    value = float(found.values[index])
    is_nan = value != value
    return int(found.timestamps[index]), int(found.steps[index]), 0.0 if is_nan else value, is_nan


number: sa.ColumnClause[int] = sa.literal_column("rowid", sa.BigInteger)


def has_row_numbers(look: Look) -> bool:
    """Whether this is sqlite, with a table of metrics that is read as it is."""
    return look.kind == "sqlite" and isinstance(look.tables.metrics, sa.TableClause)


def newest_row(look: Look) -> Row | None:
    """The row that was added last, by any run; None where rows have no numbers."""
    if not has_row_numbers(look):
        return None
    return next(iter(look.rows(_numbered_rows(look).order_by(number.desc()).limit(1))), None)


def _numbered_rows(look: Look) -> sa.Select[Any]:
    return sa.select(number, *look.tables.metrics.c).select_from(look.tables.metrics)
