"""What metrics did over their whole history, summed up by the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from qtui.entities import Summary
from qtui.query.sql import LARGEST
from qtui.store.sql.connections.database import Look
from qtui.store.sql.reading.members import Members, among, common
from qtui.store.sql.schema.cells import measured, text


def summaries_of(look: Look, chosen: Members, keys: frozenset[str] | None) -> Mapping[str, Mapping[str, Summary]]:
    """The summaries of these runs' metrics, of which None means every one."""
    summaries: defaultdict[str, dict[str, Summary]] = defaultdict(dict)
    if keys is None or keys:
        for run_id, key, *sums in look.rows(summed(look, chosen, keys)):
            summaries[run_id][text(key)] = summary_of(sums)
    return summaries


def summed(look: Look, chosen: Members, keys: frozenset[str] | None) -> sa.Select[Any]:
    """One row for each run and metric: its ends, its extremes and its counts."""
    c = look.tables.metrics.c
    in_order = numbered(c, c.timestamp, c.step, c.value, c.is_nan)
    by_step = numbered(c, c.step.desc(), c.timestamp.desc(), c.value.desc())
    points = sa.select(c.run_uuid, c.key, c.value, c.is_nan, in_order.label("place"), by_step.label("age"))
    points = points.where(chosen.hold(c.run_uuid))
    if keys is not None:
        points = points.where(common(among(c.key, keys, look.kind), look.kind))
    p = points.subquery("points").c
    number = sa.case((p.is_nan == sa.false(), p.value))
    odd = sa.or_(p.is_nan, p.value >= LARGEST, p.value <= -LARGEST)
    ends = [sa.func.max(sa.case((sa.and_(rank == 1, p.is_nan == sa.false()), p.value))) for rank in (p.place, p.age)]
    sums = (*ends, sa.func.min(number), sa.func.max(number), sa.func.count(), sa.func.sum(sa.case((odd, 1), else_=0)))
    return sa.select(p.run_uuid, p.key, *sums).group_by(p.run_uuid, p.key)


def numbered(c: Any, *order_by: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    """The place of every point of a metric in this order."""
    return sa.func.row_number().over(partition_by=(c.run_uuid, c.key), order_by=order_by)


def summary_of(sums: Sequence[Any]) -> Summary:
    """The summary in a row, where an end that is NaN is nothing, and so are the extremes if all are NaN."""
    first, last, least, greatest, count, odd = sums
    return Summary(
        first=ended(first),
        last=ended(last),
        min=None if least is None else measured(least),
        max=None if greatest is None else measured(greatest),
        count=int(count),
        non_finite=int(odd),
    )


def ended(cell: object) -> float:
    """The value at one end of a history."""
    value = measured(cell)
    return float("nan") if value is None else value
