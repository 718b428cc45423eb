"""Cache of run values across sessions; a fingerprint of the files decides whether a record is still valid."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from threading import Lock

from qtui import settings
from qtui.entities import RunInfo
from qtui.query.projection import Projection
from qtui.store.files.cached.disk_cache import DiskCache
from qtui.store.files.cached.run_reader import CacheRecord, RunReading
from qtui.store.files.layout.folders import is_run_id

MIN_NEW_SHARE_TO_SAVE = 0.02
"""Share of an experiment's records that must be new to save them before the store is closed."""

MIN_RUNS_TO_CACHE = 500
"""Number of runs in one request; fewer are read as fast as their records are verified."""


def is_cacheable(infos: Sequence[RunInfo], projection: Projection) -> bool:
    """Return whether a request is large enough to cache, and selects the values that records hold."""
    values = (projection.params, projection.metrics, projection.tags, projection.summaries)
    return len(infos) >= MIN_RUNS_TO_CACHE and values == (None, None, None, frozenset())


class ExperimentRecords:
    """The cache records of an experiment: lines of text that are decoded one by one, and new records."""

    def __init__(self, text: bytes, new_records: Mapping[str, CacheRecord]) -> None:
        self._text = text
        self._lines = dict(_find_lines(text))
        self._new_records = new_records

    def __len__(self) -> int:
        return len(self._lines)

    def get(self, run_id: str) -> CacheRecord | None:
        """Return the record of a run, None if there is none."""
        if run_id in self._new_records:
            return self._new_records[run_id]
        line = self._lines.get(run_id)
        if line is None:
            return None
        _, fingerprint, values = self._text[line].decode().split("\t", 2)
        return CacheRecord(values, fingerprint)

    def encode(self, run_ids: set[str] | None) -> Iterator[bytes]:
        """Yield the lines of these runs, or of all runs."""
        for run_id, record in self._new_records.items():
            if run_ids is None or run_id in run_ids:
                yield f"{run_id}\t{record.fingerprint}\t{record.values}\n".encode()
        for run_id, line in self._lines.items():
            if run_id not in self._new_records and (run_ids is None or run_id in run_ids):
                yield self._text[line] + b"\n"


class ValueCache:
    """Records of runs, one cache file per experiment; safe for several threads and processes."""

    def __init__(self, folder: Path, root: str) -> None:
        self._cache = DiskCache(folder / "runs", settings.current().cache.limit_mb << 20)
        self._root = os.path.realpath(root)
        self._new_records: dict[str, dict[str, CacheRecord]] = defaultdict(dict)
        self._lock = Lock()

    def load(self, infos: Iterable[RunInfo]) -> dict[str, ExperimentRecords]:
        """Return the records of these runs' experiments by experiment ID."""
        with self._lock:
            experiment_ids = dict.fromkeys(info.experiment_id for info in infos)
            return {experiment_id: self._load_records(experiment_id) for experiment_id in experiment_ids}

    def add(self, readings: Iterable[RunReading]) -> None:
        """Add the records of runs that were read from files."""
        with self._lock:
            for info, _, _, record, is_from_cache in readings:
                if record is not None and not is_from_cache and is_run_id(info.run_id):
                    self._new_records[info.experiment_id][info.run_id] = record

    def save(self, *, force: bool = False) -> None:
        """Save the new records of every experiment that has enough of them; of all experiments if forced."""
        with self._lock:
            for experiment_id in list(self._new_records):
                records = self._load_records(experiment_id)
                if force or len(self._new_records[experiment_id]) >= MIN_NEW_SHARE_TO_SAVE * len(records):
                    del self._new_records[experiment_id]
                    lines = list(records.encode(self._existing_run_ids(experiment_id)))
                    self._cache.save(self._cache_name(experiment_id), lines)

    def _existing_run_ids(self, experiment_id: str) -> set[str] | None:
        """Return the runs that still exist; None if the experiment is not in the root."""
        try:
            return set(os.listdir(f"{self._root}/{experiment_id}"))
        except OSError:
            return None

    def _load_records(self, experiment_id: str) -> ExperimentRecords:
        text = self._cache.load(self._cache_name(experiment_id))
        return ExperimentRecords(text, dict(self._new_records.get(experiment_id, {})))

    def _cache_name(self, experiment_id: str) -> str:
        return f"{self._root}\n{experiment_id}"


def _find_lines(text: bytes) -> Iterator[tuple[str, slice]]:
    """Yield the run ID of every line and the line's position in the text."""
    start = 0
    while (end := text.find(b"\n", start)) >= 0:
        yield text[start : text.index(b"\t", start, end)].decode(), slice(start, end)
        start = end + 1
