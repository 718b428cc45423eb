"""Worker process that reads runs, and the messages between it and the process that started it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from operator import attrgetter
from typing import Any

from qtui.entities import DatasetInput, Problem, RunInfo
from qtui.helper_process import receive, row_with_tags, send
from qtui.query.projection import Projection
from qtui.store.files.cached.run_reader import (
    CacheRecord,
    RunReader,
    RunReading,
    build_run,
    decode_values,
    encode_values,
)
from qtui.store.gc_pause import paused_gc

_projection_fields = attrgetter(*Projection.__dataclass_fields__)
_problem_fields = attrgetter(*Problem.__dataclass_fields__)


def main() -> None:
    """Serve requests on standard input until it is closed."""
    with suppress(EOFError, BrokenPipeError), paused_gc():
        serve()


def serve() -> None:
    """Receive the settings of the reader, then read one batch of runs per request."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    root, projection, make_records = receive(requests)
    reader = RunReader(root, Projection(*projection), make_records)
    while True:
        batch = map(decode_request, receive(requests))
        send(answers, [encode_reading(reader.read(info, record)) for info, record in batch])


def encode_settings(root: str, projection: Projection, make_records: bool) -> tuple[Any, ...]:
    """Return the first message to a worker."""
    return root, _projection_fields(projection), make_records


def encode_request(info: RunInfo, record: CacheRecord | None) -> tuple[Any, ...]:
    """Return the request for a run that may have a cache record."""
    return info.experiment_id, info.run_id, record and tuple(record)


def decode_request(message: Sequence[Any]) -> tuple[RunInfo, CacheRecord | None]:
    """Return the run to read, with only its IDs, and its cache record."""
    experiment_id, run_id, record = message
    return RunInfo(run_id, experiment_id), CacheRecord(*record) if record else None


def encode_reading(reading: RunReading) -> tuple[Any, ...] | None:
    """Return the answer for a run: None if it is gone, without values if the cache record is still valid."""
    if reading.run is None:
        return None
    record = reading.record
    values = record.values if record else encode_values(reading.run)
    inputs = [row_with_tags(dataset) for dataset in reading.run.inputs]
    problems = [_problem_fields(problem) for problem in reading.problems]
    return None if reading.is_from_cache else values, record.fingerprint if record else "", inputs, problems


def decode_reading(info: RunInfo, cached: CacheRecord | None, message: Sequence[Any] | None) -> RunReading:
    """Return the result of reading a run from the answer of a worker."""
    if message is None:
        return RunReading(info)
    values, fingerprint, inputs, problems = message
    is_from_cache = values is None
    record = cached
    if not is_from_cache:
        record = CacheRecord(values, fingerprint) if fingerprint else None
    run = build_run(info, decode_values(cached.values if is_from_cache and cached else values))
    run = replace(run, inputs=tuple(DatasetInput(*fields) for fields in inputs)) if inputs else run
    return RunReading(info, run, tuple(Problem(*fields) for fields in problems), record, is_from_cache)
