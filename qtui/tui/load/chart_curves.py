"""Load the curves of a large chart in the background, and the points that are added to them later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

from textual.message import Message

from qtui.entities import History, RunInfo
from qtui.errors import QtuiError
from qtui.recorder.reading.metric_follower import MetricFollower
from qtui.tui.load.background import MessageStream
from qtui.tui.present.charts.chart_spec import CurveKey
from qtui.value_classes import dataclass

MAX_PARALLEL_READS = 4
"""Histories read in parallel: a server or a slow disk costs waiting time, not CPU time."""

RunMetrics: TypeAlias = Sequence[tuple[RunInfo, str]]
"""Pairs of a run and a metric; those of one run are neighbours."""


@dataclass
class HistoryRead(Message):
    """The history of a metric, or why it cannot be read."""

    request_id: int
    run_id: str
    metric: str
    history: History | None = None
    failure: str = ""
    is_absent: bool = False
    """Whether the run does not have this metric, which is not a failure."""


@dataclass
class UpdatesRead(Message):
    """All curves have been checked for new points."""

    request_id: int
    has_new_points: bool


def load_histories(follower: MetricFollower, request_id: int, metrics: RunMetrics) -> MessageStream:
    """Yield the history of each of these metrics, in the order in which they arrive."""
    pool = ThreadPoolExecutor(MAX_PARALLEL_READS, thread_name_prefix="history")
    try:
        futures = [pool.submit(_read, follower, request_id, run, metric) for run, metric in metrics]
        for future in as_completed(futures):
            yield future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def load_updates(
    follower: MetricFollower, request_id: int, metrics: RunMetrics, histories: Mapping[CurveKey, History]
) -> MessageStream:
    """Yield the histories that differ from these, then `UpdatesRead`."""
    has_new_points = False
    for message in _changed_histories(follower, request_id, metrics, histories):
        has_new_points = True
        yield message
    yield UpdatesRead(request_id, has_new_points)


def _read(follower: MetricFollower, request_id: int, run: RunInfo, metric: str) -> HistoryRead:
    """Return the history of a metric, or why there is none."""
    try:
        progress = follower.poll(run, (metric,)).get(metric)
    except QtuiError as error:
        return HistoryRead(request_id, run.run_id, metric, failure=str(error))
    if progress is None:
        return HistoryRead(request_id, run.run_id, metric, is_absent=True)
    return HistoryRead(request_id, run.run_id, metric, progress.history)


def _changed_histories(
    follower: MetricFollower, request_id: int, metrics: RunMetrics, histories: Mapping[CurveKey, History]
) -> Iterator[HistoryRead]:
    for run, pairs in groupby(metrics, key=itemgetter(0)):
        for metric, progress in follower.poll(run, [metric for _, metric in pairs]).items():
            # `progress.new_points` does not help here: other screens share the follower and may have polled before.
            if progress.history is not histories.get(CurveKey(run.run_id, metric)):
                yield HistoryRead(request_id, run.run_id, metric, progress.history)
