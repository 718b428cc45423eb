"""A run's values as a line of text, with a fingerprint that tells whether it still holds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from sys import intern
from typing import Any, NamedTuple

from qtui.entities import Point, Run, RunInfo
from qtui.store.files import layout
from qtui.store.files.fingerprint import fingerprint_of

_written = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


class Line(NamedTuple):
    """A run's params, latest metrics and tags as JSON, and a fingerprint of the files they were read from."""

    values: str
    fingerprint: str


def values_text(run: Run, folders: Sequence[str] = ()) -> str:
    """The values of a run, and the folders they were found in."""
    return _written((folders, run.params, run.metrics, run.tags))


class Values(NamedTuple):
    """What a text of values says."""

    folders: list[str]
    params: dict[str, str]
    metrics: dict[str, list[Any]]
    tags: dict[str, str]


def values_of(text: str) -> Values:
    """What a text of values says."""
    return Values(*json.loads(text))


def run_of(info: RunInfo, values: Values) -> Run:
    """The run with these values; equal keys are one string, for the same ones come again in every run."""
    # A hundred thousand times over, the named tuple's own constructor takes twice as long.
    new = tuple.__new__
    return Run(
        info,
        {intern(key): value for key, value in values.params.items()},
        {intern(key): new(Point, value) for key, value in values.metrics.items()},
        {intern(key): value for key, value in values.tags.items()},
    )


def still_hold(values: Values, fingerprint: str, run_folder: str) -> bool:
    """Whether no file that values were read from has changed; every one is looked at."""
    try:
        return fingerprint == fingerprint_of(run_folder, values.folders, _files(values))
    except OSError:
        return False


def _files(values: Values) -> list[str]:
    """The files of the values, in the order in which they were read."""
    return [
        *(f"{layout.PARAMS}/{key}" for key in values.params),
        *(f"{layout.METRICS}/{key}" for key in values.metrics),
        *(f"{layout.TAGS}/{key}" for key in values.tags),
    ]
