"""The params, metrics, tags, datasets and summaries of many runs, with one statement for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import sqlalchemy as sa

from qtui.entities import Listing, Point, Problem, Run, RunInfo
from qtui.query.wanted import Wanted
from qtui.store.sql.cells import LARGEST, measured, text
from qtui.store.sql.database import Look, Row
from qtui.store.sql.inputs import inputs_of
from qtui.store.sql.members import among
from qtui.store.sql.summaries import summaries_of

V = TypeVar("V")
ByRun = dict[str, dict[str, V]]


def runs_of(look: Look, infos: Sequence[RunInfo], wanted: Wanted) -> Listing[Run]:
    """These runs with the wanted values, in their order; those that are gone are left out."""
    problems: list[Problem] = []
    ids = [info.run_id for info in infos]
    c = look.tables.runs.c
    there = {text(each) for (each,) in look.rows(sa.select(c.run_uuid).where(among(c.run_uuid, ids, look.kind)))}
    params = texts_of(look, look.tables.params, ids, wanted.params)
    tags = texts_of(look, look.tables.tags, ids, wanted.tags)
    metrics = metrics_of(look, ids, wanted.metrics, problems)
    inputs = inputs_of(look, ids) if wanted.inputs else {}
    summaries = summaries_of(look, ids, wanted.summaries)
    runs = tuple(
        Run(
            info,
            params[info.run_id],
            metrics[info.run_id],
            tags[info.run_id],
            inputs.get(info.run_id, ()),
            summaries.get(info.run_id, {}),
        )
        for info in infos
        if info.run_id in there
    )
    return Listing(runs, tuple(problems))


def wanted_rows(
    look: Look, table: sa.FromClause, columns: Sequence[str], ids: Sequence[str], keys: frozenset[str] | None
) -> list[Row]:
    """The rows of these runs and keys, of which None means every one."""
    if keys is not None and not keys:
        return []
    chosen = sa.select(*(table.c[each] for each in columns)).where(among(table.c.run_uuid, ids, look.kind))
    if keys is not None:
        chosen = chosen.where(among(table.c.key, keys, look.kind))
    return look.rows(chosen)


def texts_of(look: Look, table: sa.FromClause, ids: Sequence[str], keys: frozenset[str] | None) -> ByRun[str]:
    """The params or tags of these runs."""
    values: ByRun[str] = {each: {} for each in ids}
    one: dict[str, str] = {}
    """Every key once, however many runs have it."""
    for run_id, key, value in wanted_rows(look, table, ("run_uuid", "key", "value"), ids, keys):
        if type(value) is not str or type(key) is not str:
            key, value = text(key), text(value)
        values[run_id][one.setdefault(key, key)] = value
    return values


def metrics_of(look: Look, ids: Sequence[str], keys: frozenset[str] | None, problems: list[Problem]) -> ByRun[Point]:
    """The latest values of these runs' metrics."""
    values: ByRun[Point] = {each: {} for each in ids}
    one: dict[str, str] = {}
    columns = ("run_uuid", "key", "step", "timestamp", "value", "is_nan")
    rows = wanted_rows(look, look.tables.latest_metrics, columns, ids, keys)
    for run_id, key, step, timestamp, value, is_nan in rows:
        if type(value) is not float or is_nan or not -LARGEST < value < LARGEST:
            number = measured(value, is_nan)
            if number is None:
                problems.append(no_number(run_id, key, value))
                continue
            value = number
        values[run_id][one.setdefault(key, key)] = Point(step, timestamp, value)
    return values


def no_number(run_id: str, key: object, value: object) -> Problem:
    """The latest value of a metric is something else than a number."""
    return Problem(f"latest_metrics/{text(key)}", f"The metric's value {value!r} is no number.", run_id=run_id)
