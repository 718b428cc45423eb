"""Queries for the params, metrics, tags, datasets and summaries of many runs, one statement per kind of value."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import fields, replace
from functools import partial
from itertools import chain, islice
from sys import intern
from typing import Any, TypeVar

import sqlalchemy as sa

from qtui.entities import DatasetInput, Listing, Point, Problem, Run, RunInfo, Summary
from qtui.errors import StoreUnreadable
from qtui.query.projection import NO_VALUES, Projection
from qtui.query.sql import MAX_FLOAT, is_one_of, likely
from qtui.store.sql.connections.database import Row, Snapshot
from qtui.store.sql.reading.table_blocks import BLOCK_ROWS, Columns, has_row_ids, read_table_blocks
from qtui.store.sql.schema.cells import as_int, as_metric_value, as_text, text_problem
from qtui.value_classes import dataclass

V = TypeVar("V")
ByRun = dict[str, dict[str, V]]
Cells = Sequence[Any]
Keys = frozenset[str] | None
"""Keys of one kind of value; None means all."""
TEXT_TYPES, INTEGER_TYPES, FLOAT_TYPES = {str}, {int}, {float}
make_point = partial(tuple.__new__, Point)
"""Make a point of a tuple; the constructor of the named tuple takes twice as long."""


@dataclass(frozen=True, slots=True)
class RunIdSet:
    """A set of run IDs; above half of the table, a full scan is twice as fast as `IN`."""

    ids: Sequence[str]
    is_most_runs: bool
    kind: str

    @classmethod
    def of(cls, snapshot: Snapshot, ids: Sequence[str]) -> RunIdSet:
        """Return the set of these IDs in a database."""
        return cls(ids, is_most_runs(snapshot, len(ids)), snapshot.kind)

    def contains(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        """Return the condition that a column holds one of the IDs; it is always true where a full scan is faster."""
        return sa.true() if self.is_most_runs else is_one_of(column, self.ids, self.kind)


def is_most_runs(snapshot: Snapshot, run_count: int) -> bool:
    """Return whether this is more than half of the runs of a database."""
    ((total,),) = snapshot.rows(sa.select(sa.func.count()).select_from(snapshot.tables.runs))
    return 2 * run_count > int(total)


def read_runs(snapshot: Snapshot, infos: Sequence[RunInfo], projection: Projection) -> Listing[Run]:
    """Return runs with these values, in the order of `infos`; runs that no longer exist are left out."""
    problems: list[Problem] = []
    run_ids = RunIdSet.of(snapshot, [info.run_id for info in infos])
    column = snapshot.tables.runs.c.run_uuid
    existing = {as_text(run_id) for (run_id,) in snapshot.rows(sa.select(column).where(run_ids.contains(column)))}
    params = read_texts(snapshot, snapshot.tables.params, run_ids, projection.params, problems)
    tags = read_texts(snapshot, snapshot.tables.tags, run_ids, projection.tags, problems)
    metrics = read_metrics(snapshot, run_ids, projection.metrics, problems)
    inputs = read_inputs(snapshot, run_ids) if projection.inputs else {}
    summaries = read_summaries(snapshot, run_ids, projection.summaries)
    runs = (
        Run(info, params[run_id], metrics[run_id], tags[run_id], inputs.get(run_id, ()), summaries.get(run_id, {}))
        for info in infos
        if (run_id := info.run_id) in existing
    )
    return Listing(tuple(runs), tuple(problems))


def read_kinds_separately(
    read: Callable[[Projection], Listing[Run]], projection: Projection, label: str
) -> Listing[Run]:
    """Read one kind of value at a time, so that damage to one table does not hide the others."""
    bare = read(NO_VALUES)
    runs = {run.info.run_id: run for run in bare.items}
    problems = list(bare.problems)
    for field in fields(Projection):
        kind = field.name
        single = replace(NO_VALUES, **{kind: getattr(projection, kind)})
        if single == NO_VALUES:
            continue
        try:
            listing = read(single)
        except StoreUnreadable as error:
            problems.append(Problem(label, f"has {kind} that cannot be read ({error})"))
            continue
        problems += listing.problems
        for run in listing.items:
            runs[run.info.run_id] = replace(runs[run.info.run_id], **{kind: getattr(run, kind)})
    return Listing(tuple(runs.values()), tuple(problems))


def read_texts(
    snapshot: Snapshot, table: sa.FromClause, run_ids: RunIdSet, keys: Keys, problems: list[Problem]
) -> ByRun[str]:
    """Return the params or tags of the runs; append problems to `problems`."""
    values: ByRun[str] = {run_id: {} for run_id in run_ids.ids}
    discarded: dict[str, str] = {}  # Takes the rows of other runs.
    get_values = values.get
    with closing(value_blocks(snapshot, table, ("run_uuid", "key", "value"), run_ids, keys)) as blocks:
        for block in blocks:
            of_runs, names, texts = block
            if cell_types(names, texts) != TEXT_TYPES:
                add_unexpected_texts(values, zip(*block, strict=True), table.description, problems)
                continue
            # All runs share one string per key, to save memory.
            for run_id, key, text in zip(of_runs, map(intern, names), texts, strict=True):
                get_values(run_id, discarded)[key] = text
    return values


def add_unexpected_texts(values: ByRun[str], rows: Iterable[Row], kind: str, problems: list[Problem]) -> None:
    """Add params or tags that may not be text; append problems to `problems`."""
    for run_id, key, value in rows:
        if (run_values := values.get(run_id)) is None:
            continue
        if type(value) is not str or type(key) is not str:
            problems += text_problems(run_id, kind, key, value)
        run_values[intern(as_text(key))] = as_text(value)


def read_metrics(snapshot: Snapshot, run_ids: RunIdSet, keys: Keys, problems: list[Problem]) -> ByRun[Point]:
    """Return the latest metric values of the runs; append problems to `problems`."""
    values: ByRun[Point] = {run_id: {} for run_id in run_ids.ids}
    discarded: dict[str, Point] = {}  # Takes the rows of other runs.
    get_values = values.get
    columns = ("run_uuid", "key", "step", "timestamp", "value", "is_nan")
    with closing(value_blocks(snapshot, snapshot.tables.latest_metrics, columns, run_ids, keys, "value")) as blocks:
        for block in blocks:
            of_runs, names, steps, timestamps, numbers, nan_flags = block
            types = cell_types(names), cell_types(steps, timestamps), cell_types(numbers)
            if types != (TEXT_TYPES, INTEGER_TYPES, FLOAT_TYPES):
                add_unexpected_points(values, zip(*block, strict=True), problems)
                continue
            points = map(make_point, zip(steps, timestamps, metric_values(numbers, nan_flags), strict=True))
            for run_id, key, point in zip(of_runs, map(intern, names), points, strict=True):
                get_values(run_id, discarded)[key] = point
    return values


def metric_values(numbers: Sequence[float], nan_flags: Cells) -> Sequence[float]:
    """Return numbers as the values of metrics: some stand for NaN or infinity."""
    if not any(nan_flags) and min(numbers) > -MAX_FLOAT and max(numbers) < MAX_FLOAT:
        return numbers
    return [
        math.nan if is_nan else number if -MAX_FLOAT < number < MAX_FLOAT else as_float(number)
        for number, is_nan in zip(numbers, nan_flags, strict=True)
    ]


def add_unexpected_points(values: ByRun[Point], rows: Iterable[Row], problems: list[Problem]) -> None:
    """Add the points of cells that may need a conversion; append problems to `problems`."""
    for run_id, key, *cells in rows:
        if (run_values := values.get(run_id)) is None:
            continue
        if type(key) is not str:
            problems += text_problems(run_id, "metrics", key)
        name, point = intern(as_text(key)), convert_point(*cells)
        if point is None:
            path = f"runs/{run_id}/metrics/{name}"
            problems.append(Problem(path, "has a value that is not a number", run_id=run_id))
        else:
            run_values[name] = point


def cell_types(*columns: Cells) -> set[type]:
    """Return the types of the cells of some columns."""
    return set(map(type, chain.from_iterable(columns)))


def convert_point(step: object, timestamp: object, value: object, is_nan: object) -> Point | None:
    """Return the point of cells that need a conversion, None if they are not numbers."""
    step, timestamp, value = as_int(step or 0), as_int(timestamp or 0), as_metric_value(value, is_nan)
    return None if step is None or timestamp is None or value is None else Point(step, timestamp, value)


def text_problems(run_id: str, kind: str, key: object, value: object = "") -> list[Problem]:
    """Return a problem for each cell that is not text."""
    reasons = (text_problem(cell) for cell in (key, value))
    return [Problem(f"runs/{run_id}/{kind}/{as_text(key)}", reason, run_id=run_id) for reason in reasons if reason]


def value_blocks(
    snapshot: Snapshot,
    table: sa.FromClause,
    columns: Sequence[str],
    run_ids: RunIdSet,
    keys: Keys,
    float_column: str | None = None,
) -> Generator[Columns, None, None]:
    """Yield the columns of these runs and keys in blocks of rows; rows of other runs may be among them."""
    if keys is not None and not keys:
        return
    connection = snapshot.sqlite_connection
    is_whole_table = keys is None and run_ids.is_most_runs and isinstance(table, sa.TableClause)
    if connection and is_whole_table and has_row_ids(connection, table.description):
        yield from read_table_blocks(connection, table.description, columns, float_column)
        return
    statement = sa.select(*(table.c[column] for column in columns)).where(run_ids.contains(table.c.run_uuid))
    if keys is not None:
        statement = statement.where(is_one_of(table.c.key, keys, snapshot.kind))
    rows = snapshot.stream(statement)
    while block := list(islice(rows, BLOCK_ROWS)):
        yield tuple(zip(*block, strict=True))


def read_inputs(snapshot: Snapshot, run_ids: RunIdSet) -> Mapping[str, tuple[DatasetInput, ...]]:
    """Return the datasets of the runs by run ID."""
    inputs, datasets = snapshot.tables.inputs.c, snapshot.tables.datasets.c
    tags = read_input_tags(snapshot, run_ids)
    by_run: defaultdict[str, dict[str, DatasetInput]] = defaultdict(dict)
    columns = (
        inputs.destination_id,
        inputs.input_uuid,
        datasets.dataset_uuid,
        datasets.name,
        datasets.digest,
        datasets.dataset_source_type,
        datasets.dataset_source,
        datasets.dataset_schema,
        datasets.dataset_profile,
    )
    joined = sa.join(snapshot.tables.inputs, snapshot.tables.datasets, inputs.source_id == datasets.dataset_uuid)
    statement = sa.select(*columns).select_from(joined).where(is_run_input(snapshot, run_ids))
    for run_id, input_id, dataset_id, *texts, schema, profile in snapshot.rows(statement):
        name, digest, source_type, source = map(as_text, texts)
        dataset = DatasetInput(
            name,
            digest,
            source_type,
            source,
            None if schema is None else as_text(schema),
            None if profile is None else as_text(profile),
            tags=tags.get(input_id, {}),
        )
        by_run[run_id].setdefault(dataset_id, dataset)
    return {run_id: tuple(run_inputs.values()) for run_id, run_inputs in by_run.items()}


def read_input_tags(snapshot: Snapshot, run_ids: RunIdSet) -> Mapping[str, Mapping[str, str]]:
    """Return the tags of the datasets of the runs by input ID."""
    inputs, input_tags = snapshot.tables.inputs.c, snapshot.tables.input_tags.c
    joined = sa.join(snapshot.tables.inputs, snapshot.tables.input_tags, inputs.input_uuid == input_tags.input_uuid)
    columns = (input_tags.input_uuid, input_tags.name, input_tags.value)
    statement = sa.select(*columns).select_from(joined).where(is_run_input(snapshot, run_ids))
    tags: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for input_id, name, value in snapshot.rows(statement):
        tags[input_id][as_text(name)] = as_text(value)
    return tags


def is_run_input(snapshot: Snapshot, run_ids: RunIdSet) -> sa.ColumnElement[bool]:
    """Return the condition that an input belongs to one of the runs."""
    inputs = snapshot.tables.inputs.c
    return sa.and_(inputs.destination_type == "RUN", run_ids.contains(inputs.destination_id))


def read_summaries(snapshot: Snapshot, run_ids: RunIdSet, keys: Keys) -> Mapping[str, Mapping[str, Summary]]:
    """Return the summaries of the metric histories of the runs."""
    summaries: defaultdict[str, dict[str, Summary]] = defaultdict(dict)
    if keys is None or keys:
        for run_id, key, *cells in snapshot.rows(select_summaries(snapshot, run_ids, keys)):
            summaries[run_id][as_text(key)] = parse_summary(cells)
    return summaries


def select_summaries(snapshot: Snapshot, run_ids: RunIdSet, keys: Keys) -> sa.Select[Any]:
    """Return a query with one row per run and metric: first and last value, extremes and counts."""
    c = snapshot.tables.metrics.c
    order = metric_row_number(c, c.timestamp, c.step, c.value, c.is_nan).label("order")
    reverse_order = metric_row_number(c, c.step.desc(), c.timestamp.desc(), c.value.desc()).label("reverse_order")
    points = sa.select(c.run_uuid, c.key, c.value, c.is_nan, order, reverse_order)
    points = points.where(run_ids.contains(c.run_uuid))
    if keys is not None:
        points = points.where(likely(is_one_of(c.key, keys, snapshot.kind), snapshot.kind))
    p = points.subquery("points").c
    number = sa.case((p.is_nan == sa.false(), p.value))
    is_non_finite = sa.or_(p.is_nan, p.value >= MAX_FLOAT, p.value <= -MAX_FLOAT)
    first, last = (
        sa.func.max(sa.case((sa.and_(rank == 1, p.is_nan == sa.false()), p.value)))
        for rank in (p.order, p.reverse_order)
    )
    counts = (sa.func.count(), sa.func.sum(sa.case((is_non_finite, 1), else_=0)))
    columns = (p.run_uuid, p.key, first, last, sa.func.min(number), sa.func.max(number), *counts)
    return sa.select(*columns).group_by(p.run_uuid, p.key)


def metric_row_number(c: Any, *order_by: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    """Return the row number of a point within its run and metric, in this order."""
    return sa.func.row_number().over(partition_by=(c.run_uuid, c.key), order_by=order_by)


def parse_summary(cells: Sequence[Any]) -> Summary:
    """Return the summary of a row; a NULL first or last value is NaN, NULL extremes mean that all values are NaN."""
    first, last, minimum, maximum, count, non_finite = cells
    return Summary(
        first=as_float(first),
        last=as_float(last),
        min=None if minimum is None else as_metric_value(minimum),
        max=None if maximum is None else as_metric_value(maximum),
        count=int(count),
        non_finite=int(non_finite),
    )


def as_float(cell: object) -> float:
    """Return a cell as a metric value, NaN if it is not a number."""
    value = as_metric_value(cell)
    return float("nan") if value is None else value
