"""Read many runs in batches: a small one first, the others with helper processes if these pay off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from qtui.entities import Problem, RunInfo
from qtui.query.projection import Projection
from qtui.store.files.cached.reader_pool import ReaderPool
from qtui.store.files.cached.run_reader import CacheRecord, RunReader, RunReading
from qtui.store.files.cached.value_cache import ExperimentRecords
from qtui.store.files.cached.worker import decode_reading, encode_request, encode_settings
from qtui.store.files.reading.rereads import RereadBudget, reread_fresh
from qtui.store.io_timer import IoTimer

FIRST_BATCH_RUNS = 64
BATCH_RUNS = 512
TASK_RUNS = 32


class RunBatchReader:
    """Reader of the selected values of many runs, in their order; it uses valid cache records."""

    def __init__(
        self, root: str, projection: Projection, records: Mapping[str, ExperimentRecords], make_records: bool
    ) -> None:
        """`records` are cache records by experiment ID; `make_records` makes new ones for the runs read from files."""
        self._root = root
        self._projection = projection
        self._records = records
        self._make_records = make_records
        self._reader = RunReader(root, projection, make_records)
        self._budget = RereadBudget(root)

    def read(self, infos: Sequence[RunInfo]) -> Iterator[list[RunReading]]:
        """Yield the runs in batches; the first one is small, to have something to show early."""
        timer = IoTimer()
        first = self._read_runs(infos[:FIRST_BATCH_RUNS])
        reads_histories = self._projection.summaries != frozenset()
        helper_count = 0 if reads_histories else timer.useful_helpers(len(first), len(infos) - len(first))
        yield self._reread_fresh(first)
        tasks = [infos[start : start + TASK_RUNS] for start in range(FIRST_BATCH_RUNS, len(infos), TASK_RUNS)]
        with self._results(tasks, helper_count) as results:
            batch: list[RunReading] = []
            for readings in results:
                batch += readings
                if len(batch) >= BATCH_RUNS:
                    yield self._reread_fresh(batch)
                    batch = []
            if batch:
                yield self._reread_fresh(batch)

    @contextmanager
    def _results(self, tasks: Sequence[Sequence[RunInfo]], helper_count: int) -> Iterator[Iterator[list[RunReading]]]:
        if not helper_count:
            yield map(self._read_runs, tasks)
            return
        settings = encode_settings(self._root, self._projection, self._make_records)
        with ReaderPool(tasks, self._read_runs, self._encode, self._decode).start(helper_count, settings) as pool:
            yield pool.results()

    def _record(self, info: RunInfo) -> CacheRecord | None:
        records = self._records.get(info.experiment_id)
        return records.get(info.run_id) if records else None

    def _read_runs(self, infos: Sequence[RunInfo]) -> list[RunReading]:
        return [self._reader.read(info, self._record(info)) for info in infos]

    def _encode(self, infos: Sequence[RunInfo]) -> list[tuple[object, ...]]:
        return [encode_request(info, self._record(info)) for info in infos]

    def _decode(self, infos: Sequence[RunInfo], answers: Sequence[tuple[object, ...] | None]) -> list[RunReading]:
        pairs = zip(infos, answers, strict=True)
        return [decode_reading(info, self._record(info), answer) for info, answer in pairs]

    def _reread_fresh(self, readings: list[RunReading]) -> list[RunReading]:
        """Return the readings, with runs read again whose damage may come from a writer in progress."""
        if not any(reading.problems for reading in readings):
            return readings
        results = ((index, reading, reading.problems) for index, reading in enumerate(readings))
        by_index = {
            index: reading
            for index, reading, _ in reread_fresh(
                results, lambda index: self._reread(readings[index].info), self._budget
            )
        }
        return [by_index[index] for index in range(len(readings))]

    def _reread(self, info: RunInfo) -> tuple[RunReading, Sequence[Problem]]:
        reading = self._reader.read(info)
        return reading, reading.problems
