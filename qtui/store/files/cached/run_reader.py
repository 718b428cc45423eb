"""Read the values of single runs from their files, or from a cache record if no file has changed since."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from sys import intern
from typing import Any, NamedTuple

from qtui.entities import Point, Problem, Run, RunInfo
from qtui.query.projection import Projection
from qtui.store.files.damage import DamageReport
from qtui.store.files.layout import folders
from qtui.store.files.layout.folders import RunLocator
from qtui.store.files.reading.fingerprint import ReadFingerprint, current_fingerprint
from qtui.store.files.reading.values import ValueReader

_encode_json = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


class CacheRecord(NamedTuple):
    """The values of a run as JSON, and the fingerprint of the files they were read from."""

    values: str
    fingerprint: str


class RunReading(NamedTuple):
    """The result of reading a run."""

    info: RunInfo
    run: Run | None = None
    """None if the run is gone."""
    problems: tuple[Problem, ...] = ()
    record: CacheRecord | None = None
    """The record to cache; None if the values must not be cached."""
    is_from_cache: bool = False
    """Whether the values come from a record that was cached before."""


class StoredValues(NamedTuple):
    """The decoded values of a cache record."""

    folders: list[str]
    """The folders that were listed, relative to the run's folder."""
    params: dict[str, str]
    metrics: dict[str, list[Any]]
    """The latest point of every metric."""
    tags: dict[str, str]


class RunReader:
    """Reader of the selected values of single runs."""

    def __init__(self, root: str, projection: Projection, make_records: bool) -> None:
        """`make_records` makes a cache record for every run that is read without problems."""
        self._report = DamageReport(root)
        self._locator = RunLocator(root)
        self._values = ValueReader(self._locator, self._report, projection)
        self._make_records = make_records

    def read(self, info: RunInfo, record: CacheRecord | None = None) -> RunReading:
        """Return the values of a run from its cache record if that is still valid, otherwise from its files."""
        folder = self._locator.run_folder(info)
        if folder is None:
            return RunReading(info)
        if record is not None:
            values = decode_values(record.values)
            if is_unchanged(values, record.fingerprint, folder):
                return self._from_record(build_run(info, values), folder, record)
        return self._from_files(info, folder)

    def _from_record(self, run: Run, folder: str, record: CacheRecord) -> RunReading:
        # Dataset inputs are not in the record.
        inputs = self._values.inputs(folder)
        run = replace(run, inputs=inputs) if inputs else run
        return RunReading(run.info, run, self._report.drain(), record, is_from_cache=True)

    def _from_files(self, info: RunInfo, folder: str) -> RunReading:
        try:
            fingerprint = ReadFingerprint(folder) if self._make_records else None
        except OSError:
            return RunReading(info)
        run = self._values.read(info, fingerprint)
        problems = self._report.drain()
        if run is None:
            return RunReading(info)
        if fingerprint is None or problems or not (digest := fingerprint.digest()):
            return RunReading(info, run, problems)
        return RunReading(info, run, problems, CacheRecord(encode_values(run, fingerprint.folders), digest))


def encode_values(run: Run, listed_folders: Sequence[str] = ()) -> str:
    """Return the values of a run, and the folders listed to read them, as JSON."""
    return _encode_json((listed_folders, run.params, run.metrics, run.tags))


def decode_values(text: str) -> StoredValues:
    """Decode the JSON of `encode_values`."""
    return StoredValues(*json.loads(text))


def build_run(info: RunInfo, values: StoredValues) -> Run:
    """Return a run with these values; keys are interned, because the same ones occur in every run."""
    # For 100,000 runs the constructor of the named tuple takes twice as long.
    new = tuple.__new__
    return Run(
        info,
        {intern(key): value for key, value in values.params.items()},
        {intern(key): new(Point, value) for key, value in values.metrics.items()},
        {intern(key): value for key, value in values.tags.items()},
    )


def is_unchanged(values: StoredValues, fingerprint: str, run_folder: str) -> bool:
    """Return whether none of the files that the values were read from has changed; checks the state of each."""
    try:
        return fingerprint == current_fingerprint(run_folder, values.folders, _value_files(values))
    except OSError:
        return False


def _value_files(values: StoredValues) -> list[str]:
    """Return the files of the values in reading order."""
    return [
        *(f"{folders.PARAMS}/{key}" for key in values.params),
        *(f"{folders.METRICS}/{key}" for key in values.metrics),
        *(f"{folders.TAGS}/{key}" for key in values.tags),
    ]
