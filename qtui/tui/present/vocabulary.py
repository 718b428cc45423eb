"""What a filter can be made of, as the runs that are known have it."""

from __future__ import annotations

import re
from itertools import islice

from qtui.entities import Status
from qtui.query.ast import STALE, Field, Kind
from qtui.runs.runs_frame import RunsFrame
from qtui.tui.present.completion import Vocabulary, quoted

VALUES = 50
"""How many different values of a param are offered."""

SAMPLE = 5_000
"""In how many runs they are looked for."""

LONG = 60
"""From how many characters on a value is nothing to complete."""

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
    some = (column[row] for row in range(min(len(frame), SAMPLE)))
    found = dict.fromkeys(value for value in some if isinstance(value, str) and len(value) < LONG)
    return tuple(sorted(islice(found, VALUES)))
