"""Choose the columns that distinguish these runs best."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from qtui.lazy_pattern import lazy_pattern
from qtui.query.ast import Field, FieldKind
from qtui.runs.column_specs import RUN_COLUMNS, ColumnSpec, logged_column
from qtui.runs.metric_ranks import is_training_metric, metric_rank
from qtui.runs.runs_frame import RunsFrame

FieldValue: TypeAlias = float | str

SAMPLE_RUNS = 400
"""The newest runs that are sampled."""

MAX_METRICS, MAX_PARAMS = 7, 4
"""The numbers of metrics and params among the default columns."""

FIRST_COLUMNS = ("name", "status")
LAST_COLUMNS = ("age", "duration")
MAX_SHORT_LENGTH = 24
"""Characters up to which a key or a value counts as short."""
_SYSTEM = lazy_pattern(r"^system/")
_BOOKKEEPING = lazy_pattern(
    r"(?:^|[^a-z])(?:epochs?|steps?|iterations?|time|seconds|samples|lr|learning_rate)(?:$|[^a-z])", re.I
)


class RankedFields(NamedTuple):
    """Metrics and params, the most informative first."""

    metrics: tuple[Field, ...]
    """The default metrics."""
    params: tuple[Field, ...]
    """The default params."""
    others: tuple[Field, ...]
    """The remaining metrics and params, for tables with room to spare."""


def default_columns(frame: RunsFrame) -> tuple[ColumnSpec, ...]:
    """Return name and status, the most informative metrics, age and duration, then the most informative params."""
    rows = frame.infos.default_order[:SAMPLE_RUNS]
    values = {kind: {key: _values(frame, Field(kind, key), rows) for key in frame.keys(kind)} for kind in _SCORES}
    ranked = ranked_fields(values[FieldKind.METRIC], values[FieldKind.PARAM], len(rows))
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

    Well-known metrics come first, then the most informative fields, short names before long ones.
    """
    useful_metrics, useless_metrics = _split_by_score(FieldKind.METRIC, metrics, runs)
    useful_params, useless_params = _split_by_score(FieldKind.PARAM, params, runs)
    others = (*useful_metrics[MAX_METRICS:], *useful_params[MAX_PARAMS:], *useless_metrics, *useless_params)
    return RankedFields(tuple(useful_metrics[:MAX_METRICS]), tuple(useful_params[:MAX_PARAMS]), others)


def differing_params(frame: RunsFrame, rows: Iterable[int]) -> tuple[Field, ...]:
    """Return the params that are not equal in all of these rows, by key."""
    compared = list(rows)
    fields = (Field(FieldKind.PARAM, key) for key in frame.keys(FieldKind.PARAM))
    return tuple(field for field in fields if _differs(frame, field, compared))


def _differs(frame: RunsFrame, field: Field, rows: Sequence[int]) -> bool:
    column = frame.column(field)
    if column is None or not rows:
        return False
    first = column[rows[0]]
    return any(column[row] != first for row in rows)


def _split_by_score(
    kind: FieldKind, values: Mapping[str, Sequence[FieldValue]], runs: int
) -> tuple[list[Field], list[Field]]:
    """Return the fields of a kind with a positive score, the best first, and the others."""
    scores = {key: _SCORES[kind](key, sample, runs) for key, sample in values.items()}
    ranks = {key: metric_rank(key) if kind is FieldKind.METRIC else 0 for key in scores}
    keys = sorted(scores, key=lambda key: (ranks[key], -scores[key], len(key) > MAX_SHORT_LENGTH, key))
    fields = [(Field(kind, key), scores[key] > 0) for key in keys]
    return [field for field, useful in fields if useful], [field for field, useful in fields if not useful]


def _values(frame: RunsFrame, field: Field, rows: Sequence[int]) -> list[FieldValue]:
    column = frame.column(field)
    return [value for row in rows if column is not None and (value := column[row]) is not None]


def _metric_score(key: str, values: Sequence[FieldValue], runs: int) -> float:
    """Return a high score for a metric that differs between many runs, a low one for counters and training values."""
    if not values or _SYSTEM.search(key):
        return 0
    score = 1 + 2 * len(values) / runs + (len(set(values)) > 1)
    return score - 0.5 * is_training_metric(key) - 0.9 * bool(_BOOKKEEPING.search(key))


def _param_score(key: str, values: Sequence[FieldValue], runs: int) -> float:
    """Return a high score for a param with a few short values, 0 for one that is equal in all runs."""
    distinct = len(set(values))
    if not values or (distinct == 1 and len(values) == runs):
        return 0
    is_long = sum(len(str(value)) for value in values) / len(values) > MAX_SHORT_LENGTH
    is_unique = runs > 4 and distinct > 0.9 * len(values)
    return 1 + len(values) / runs + min(distinct, 6) / 6 - 0.9 * is_unique - 2 * is_long


_SCORES: Mapping[FieldKind, Callable[[str, Sequence[FieldValue], int], float]] = {
    FieldKind.METRIC: _metric_score,
    FieldKind.PARAM: _param_score,
}
