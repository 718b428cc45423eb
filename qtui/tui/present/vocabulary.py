"""The keys and values that a filter of the loaded runs can contain."""

from __future__ import annotations

import re
from itertools import islice

from qtui.entities import Status
from qtui.query.ast import STALE, Field, Kind
from qtui.runs.runs_frame import RunsFrame
from qtui.tui.present.completion import Vocabulary, quoted

MAX_VALUES = 50
"""The maximum number of distinct values per param or tag."""

SAMPLE_RUNS = 5_000
"""The runs that are sampled for values."""

MAX_VALUE_LENGTH = 60
"""Characters from which a value is not completed."""

ATTRIBUTES = ("status", "run_name", "user_id", "started", "ended", "duration", "run_id", "experiment_id")
_PLAIN = re.compile(r"[\w.]+", re.ASCII)
_KINDS = {Kind.METRIC: "metrics", Kind.PARAM: "params", Kind.TAG: "tags"}


def vocabulary_of(frame: RunsFrame) -> Vocabulary:
    """The fields of these runs, and the values of their params and tags."""
    keys = [*ATTRIBUTES, *(f"best(metrics.{written(key)})" for key in frame.keys(Kind.METRIC))]
    values = {"status": (*(status.value for status in Status), STALE)}
    for kind, prefix in _KINDS.items():
        for key in frame.keys(kind):
            name = f"{prefix}.{written(key)}"
            keys.append(name)
            if kind is not Kind.METRIC:
                values[name] = values_of(frame, Field(kind, key))
    return Vocabulary(tuple(keys), values)


def written(key: str) -> str:
    """Return a key as it stands in a filter."""
    return key if _PLAIN.fullmatch(key) else quoted(key, "`\"'")


def values_of(frame: RunsFrame, field: Field) -> tuple[str, ...]:
    """Some of the values that runs have in a field, in their order."""
    column = frame.column(field)
    if column is None:
        return ()
    some = (column[row] for row in range(min(len(frame), SAMPLE_RUNS)))
    values = dict.fromkeys(value for value in some if isinstance(value, str) and len(value) < MAX_VALUE_LENGTH)
    return tuple(sorted(islice(values, MAX_VALUES)))
