"""Which columns say most about these runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from qtui.query.ast import Field, Kind
from qtui.runs.columns import KNOWN, ColumnSpec, logged
from qtui.runs.frame import RunsFrame
from qtui.runs.known_metrics import metric_rank

Value: TypeAlias = float | str

SAMPLE = 400
"""How many of the newest runs are looked at."""

METRICS, PARAMS = 7, 4
"""How many of each are shown unless somebody chooses."""

FIRST = ("name", "status", "age", "duration")
LONG = 24
_SYSTEM = re.compile(r"^system/")
_TRAINING = re.compile(r"(?:^|[^a-z])train", re.I)
_BOOKKEEPING = re.compile(
    r"(?:^|[^a-z])(?:epochs?|steps?|iterations?|time|seconds|samples|lr|learning_rate)(?:$|[^a-z])", re.I
)


def default_columns(frame: RunsFrame) -> tuple[ColumnSpec, ...]:
    """Name, status, age and duration, then the metrics and params that differ most usefully."""
    rows = frame.infos.natural[:SAMPLE]
    metrics = _best(frame, rows, Kind.METRIC, METRICS)
    params = _best(frame, rows, Kind.PARAM, PARAMS)
    return (*(KNOWN[name] for name in FIRST), *(logged(frame, each) for each in (*metrics, *params)))


def differing(frame: RunsFrame, rows: Iterable[int], kind: Kind = Kind.PARAM) -> tuple[Field, ...]:
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


def _best(frame: RunsFrame, rows: Sequence[int], kind: Kind, most: int) -> list[Field]:
    """The well-known metrics, then the fields with the greatest use; between equals the order of keys decides."""
    fields = [Field(kind, key) for key in frame.keys(kind)]
    uses = {each: _USES[kind](each.key, _values(frame, each, rows), len(rows)) for each in fields}
    useful = [each for each in fields if uses[each] > 0]
    return sorted(useful, key=lambda field: (_rank(field), -uses[field]))[:most]


def _rank(field: Field) -> int:
    return metric_rank(field.key) if field.kind is Kind.METRIC else 0


def _values(frame: RunsFrame, field: Field, rows: Sequence[int]) -> list[Value]:
    column = frame.column(field)
    return [value for row in rows if column is not None and (value := column[row]) is not None]


def _use_of_metric(key: str, values: Sequence[Value], runs: int) -> float:
    """More for a metric that many runs have and that differs; little for what only counts or measures the training."""
    if not values or _SYSTEM.search(key):
        return 0
    use = 1 + 2 * len(values) / runs + (len(set(values)) > 1)
    return use - 0.5 * bool(_TRAINING.search(key)) - 0.9 * bool(_BOOKKEEPING.search(key))


def _use_of_param(key: str, values: Sequence[Value], runs: int) -> float:
    """More for a param with a few short values; none for one that is the same everywhere."""
    distinct = len(set(values))
    if not values or (distinct == 1 and len(values) == runs):
        return 0
    lengthy = sum(len(str(value)) for value in values) / len(values) > LONG
    unique = runs > 4 and distinct > 0.9 * len(values)
    return 1 + len(values) / runs + min(distinct, 6) / 6 - 0.9 * unique - 2 * lengthy


_USES: Mapping[Kind, Callable[[str, Sequence[Value], int], float]] = {
    Kind.METRIC: _use_of_metric,
    Kind.PARAM: _use_of_param,
}
