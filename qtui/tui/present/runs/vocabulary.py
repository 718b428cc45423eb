"""The keys and values that a filter of the loaded runs can contain."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice

from qtui.entities import Status
from qtui.lazy_pattern import lazy_pattern
from qtui.query.ast import LOGGED_KINDS, STALE, Field, FieldKind
from qtui.query.render import KEY_QUOTES, KIND_PREFIXES, quote_text
from qtui.runs.runs_frame import RunsFrame
from qtui.tui.present.runs.completion import Vocabulary

MAX_VALUES = 50
"""The maximum number of distinct values per param or tag."""

SAMPLE_RUNS = 5_000
"""The runs that are sampled for values."""

MAX_VALUE_LENGTH = 60
"""Characters from which a value is not completed."""

ATTRIBUTES = ("status", "run_name", "user_id", "started", "ended", "duration", "run_id", "experiment_id")
_PLAIN = lazy_pattern(r"[\w.]+", re.ASCII)


def collect_vocabulary(frame: RunsFrame) -> Vocabulary:
    """Return the fields of these runs, and the values of their params and tags."""
    keys = [*ATTRIBUTES, *(f"best(metrics.{quote_key(key)})" for key in frame.keys(FieldKind.METRIC))]
    values = {"status": (*(status.value for status in Status), STALE)}
    for kind in LOGGED_KINDS:
        for key in frame.keys(kind):
            name = f"{KIND_PREFIXES[kind]}.{quote_key(key)}"
            keys.append(name)
            if kind is not FieldKind.METRIC:
                values[name] = values_of(frame, Field(kind, key))
    return Vocabulary(tuple(keys), values)


def tag_vocabulary(frame: RunsFrame) -> Mapping[str, Sequence[str]]:
    """Return the tags of these runs, with some of their values."""
    return {key: values_of(frame, Field(FieldKind.TAG, key)) for key in frame.keys(FieldKind.TAG)}


def quote_key(key: str) -> str:
    """Return a key in the syntax of a filter, quoted if necessary."""
    return key if _PLAIN.fullmatch(key) else quote_text(key, KEY_QUOTES)


def values_of(frame: RunsFrame, field: Field) -> tuple[str, ...]:
    """Return some of the values of a field, sorted."""
    column = frame.column(field)
    if column is None:
        return ()
    sampled = (column[row] for row in range(min(len(frame), SAMPLE_RUNS)))
    values = dict.fromkeys(value for value in sampled if isinstance(value, str) and len(value) < MAX_VALUE_LENGTH)
    return tuple(sorted(islice(values, MAX_VALUES)))
