"""Which columns say most about these runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from qtui.query.ast import Field, Kind
from qtui.runs.column_specs import RUN_COLUMNS, ColumnSpec, logged_column
from qtui.runs.metric_ranks import metric_rank
from qtui.runs.runs_frame import RunsFrame

FieldValue: TypeAlias = float | str

SAMPLE_RUNS = 400
"""How many of the newest runs are looked at."""

MAX_METRICS, MAX_PARAMS = 7, 4
"""How many of each are shown unless somebody chooses."""

FIRST_COLUMNS = ("name", "status")
LAST_COLUMNS = ("age", "duration")
MAX_SHORT_LENGTH = 24
_SYSTEM = re.compile(r"^system/")
_TRAINING = re.compile(r"(?:^|[^a-z])train", re.I)
_BOOKKEEPING = re.compile(
    r"(?:^|[^a-z])(?:epochs?|steps?|iterations?|time|seconds|samples|lr|learning_rate)(?:$|[^a-z])", re.I
)


class RankedFields(NamedTuple):
    """Metrics and params in the order in which they tell most about some runs."""

    metrics: tuple[Field, ...]
    """The metrics to show unless somebody chooses."""
    params: tuple[Field, ...]
    """The params to show unless somebody chooses."""
    others: tuple[Field, ...]
    """The remaining metrics and params, for tables with room to spare."""


def default_columns(frame: RunsFrame) -> tuple[ColumnSpec, ...]:
    """Return name and status, the metrics that tell most, age and duration, then the params that tell most."""
    rows = frame.infos.natural[:SAMPLE_RUNS]
    values = {kind: {key: _values(frame, Field(kind, key), rows) for key in frame.keys(kind)} for kind in _USES}
    ranked = ranked_fields(values[Kind.METRIC], values[Kind.PARAM], len(rows))
    metrics, params = (tuple(logged_column(frame, field) for field in fields) for fields in ranked[:2])
    return (
        *(RUN_COLUMNS[name] for name in FIRST_COLUMNS),
        *metrics,
        *(RUN_COLUMNS[name] for name in LAST_COLUMNS),
        *params,
    )


def ranked_fields(
    metrics: Mapping[str, Sequence[FieldValue]], params: Mapping[str, Sequence[FieldValue]], runs: int
) -> RankedFields:
    """Rank metrics and params by their values in a sample of this many runs.

    Well-known metrics come first, then what differs most usefully, short names before long ones.
    """
    useful_metrics, useless_metrics = _by_use(Kind.METRIC, metrics, runs)
    useful_params, useless_params = _by_use(Kind.PARAM, params, runs)
    others = (*useful_metrics[MAX_METRICS:], *useful_params[MAX_PARAMS:], *useless_metrics, *useless_params)
    return RankedFields(tuple(useful_metrics[:MAX_METRICS]), tuple(useful_params[:MAX_PARAMS]), others)


def differing_fields(frame: RunsFrame, rows: Iterable[int], kind: Kind = Kind.PARAM) -> tuple[Field, ...]:
    """The params, or the metrics or tags, that are not the same in all of these rows, by key."""
    places = list(rows)
    fields = (Field(kind, key) for key in frame.keys(kind))
    return tuple(each for each in fields if _differs(frame, each, places))


def _differs(frame: RunsFrame, field: Field, rows: Sequence[int]) -> bool:
    column = frame.column(field)
    if column is None or not rows:
        return False
    first = column[rows[0]]
    return any(column[row] != first for row in rows)


def _by_use(kind: Kind, values: Mapping[str, Sequence[FieldValue]], runs: int) -> tuple[list[Field], list[Field]]:
    """Return the fields of a kind that are of use, the best first, and those that are of none."""
    uses = {key: _USES[kind](key, some, runs) for key, some in values.items()}
    ranks = {key: metric_rank(key) if kind is Kind.METRIC else 0 for key in uses}
    ordered = sorted(uses, key=lambda key: (ranks[key], -uses[key], len(key) > MAX_SHORT_LENGTH, key))
    fields = [(Field(kind, key), uses[key] > 0) for key in ordered]
    return [field for field, useful in fields if useful], [field for field, useful in fields if not useful]


def _values(frame: RunsFrame, field: Field, rows: Sequence[int]) -> list[FieldValue]:
    column = frame.column(field)
    return [value for row in rows if column is not None and (value := column[row]) is not None]


def _use_of_metric(key: str, values: Sequence[FieldValue], runs: int) -> float:
    """More for a metric that many runs have and that differs; little for what only counts or measures the training."""
    if not values or _SYSTEM.search(key):
        return 0
    use = 1 + 2 * len(values) / runs + (len(set(values)) > 1)
    return use - 0.5 * bool(_TRAINING.search(key)) - 0.9 * bool(_BOOKKEEPING.search(key))


def _use_of_param(key: str, values: Sequence[FieldValue], runs: int) -> float:
    """More for a param with a few short values; none for one that is the same everywhere."""
    distinct = len(set(values))
    if not values or (distinct == 1 and len(values) == runs):
        return 0
    lengthy = sum(len(str(value)) for value in values) / len(values) > MAX_SHORT_LENGTH
    unique = runs > 4 and distinct > 0.9 * len(values)
    return 1 + len(values) / runs + min(distinct, 6) / 6 - 0.9 * unique - 2 * lengthy


_USES: Mapping[Kind, Callable[[str, Sequence[FieldValue], int], float]] = {
    Kind.METRIC: _use_of_metric,
    Kind.PARAM: _use_of_param,
}
