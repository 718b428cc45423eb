"""The params, metrics, tags, datasets and summaries of many runs, with one statement for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import sqlalchemy as sa

from qtui.entities import Listing, Point, Problem, Run, RunInfo
from qtui.query.sql import LARGEST
from qtui.query.wanted import Wanted
from qtui.store.sql.connections.database import Look, Row
from qtui.store.sql.reading.inputs import inputs_of
from qtui.store.sql.reading.members import Members, among, members
from qtui.store.sql.reading.summaries import summaries_of
from qtui.store.sql.schema.cells import measured, oddity, text, whole

V = TypeVar("V")
ByRun = dict[str, dict[str, V]]


def runs_of(look: Look, infos: Sequence[RunInfo], wanted: Wanted) -> Listing[Run]:
    """These runs with the wanted values, in their order; those that are gone are left out."""
    problems: list[Problem] = []
    chosen = members(look, [info.run_id for info in infos])
    run_id = look.tables.runs.c.run_uuid
    there = {text(each) for (each,) in look.rows(sa.select(run_id).where(chosen.hold(run_id)))}
    params = texts_of(look, look.tables.params, chosen, wanted.params, problems)
    tags = texts_of(look, look.tables.tags, chosen, wanted.tags, problems)
    metrics = metrics_of(look, chosen, wanted.metrics, problems)
    inputs = inputs_of(look, chosen) if wanted.inputs else {}
    summaries = summaries_of(look, chosen, wanted.summaries)
    runs = (
        Run(info, params[each], metrics[each], tags[each], inputs.get(each, ()), summaries.get(each, {}))
        for info in infos
        if (each := info.run_id) in there
    )
    return Listing(tuple(runs), tuple(problems))


def texts_of(
    look: Look, table: sa.FromClause, chosen: Members, keys: frozenset[str] | None, problems: list[Problem]
) -> ByRun[str]:
    """The params or tags of these runs."""
    values: ByRun[str] = {each: {} for each in chosen.ids}
    known: dict[str, str] = {}
    for run_id, key, value in wanted_rows(look, table, ("run_uuid", "key", "value"), chosen, keys):
        if (of_run := values.get(run_id)) is None:
            continue
        if type(value) is not str or type(key) is not str:
            problems += odd_texts(run_id, table.description, key, value)
            key, value = text(key), text(value)
        # A key is kept once, however many runs have it.
        of_run[known.setdefault(key, key)] = value
    return values


def metrics_of(look: Look, chosen: Members, keys: frozenset[str] | None, problems: list[Problem]) -> ByRun[Point]:
    """The latest values of these runs' metrics."""
    values: ByRun[Point] = {each: {} for each in chosen.ids}
    known: dict[str, str] = {}
    new = tuple.__new__
    columns = ("run_uuid", "key", "step", "timestamp", "value", "is_nan")
    rows = wanted_rows(look, look.tables.latest_metrics, columns, chosen, keys)
    for run_id, key, step, timestamp, value, is_nan in rows:
        if (of_run := values.get(run_id)) is None:
            continue
        if type(key) is not str:
            problems += odd_texts(run_id, "metrics", key)
            key = text(key)
        # A hundred thousand times over, the named tuple's own constructor takes twice as long.
        point: Point | None = new(Point, (step, timestamp, value))
        if is_nan or not (type(value) is float and -LARGEST < value < LARGEST and type(step) is type(timestamp) is int):
            point = odd_point(step, timestamp, value, is_nan)
        if point is None:
            problems.append(Problem(f"runs/{run_id}/metrics/{key}", "has a value that is no number", run_id=run_id))
        else:
            of_run[known.setdefault(key, key)] = point
    return values


def odd_point(step: object, timestamp: object, value: object, is_nan: object) -> Point | None:
    """The point of a value that is no finite number, or None if it is none at all."""
    place, moment, number = whole(step or 0), whole(timestamp or 0), measured(value, is_nan)
    return None if place is None or moment is None or number is None else Point(place, moment, number)


def odd_texts(run_id: str, kind: str, key: object, value: object = "") -> list[Problem]:
    """What is wrong with a key and its value."""
    reasons = (oddity(each) for each in (key, value))
    return [Problem(f"runs/{run_id}/{kind}/{text(key)}", reason, run_id=run_id) for reason in reasons if reason]


def wanted_rows(
    look: Look, table: sa.FromClause, columns: Sequence[str], chosen: Members, keys: frozenset[str] | None
) -> Iterator[Row]:
    """The rows of these runs and keys, of which None means every one."""
    if keys is not None and not keys:
        return iter(())
    statement = sa.select(*(table.c[each] for each in columns)).where(chosen.hold(table.c.run_uuid))
    return look.each(statement if keys is None else statement.where(among(table.c.key, keys, look.kind)))
