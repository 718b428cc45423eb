"""What a large chart reads off the event loop: its curves as they come, and from then on what they grow by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

from textual.message import Message

from qtui.entities import History, RunInfo
from qtui.errors import QtuiError
from qtui.recorder.reading.metric_follower import MetricFollower
from qtui.tui.load.background import MessageStream
from qtui.tui.present.chart_spec import CurveKey

AT_ONCE = 4
"""So many histories are read at the same time: a server or a slow disk makes wait, not work."""

Wanted: TypeAlias = Sequence[tuple[RunInfo, str]]
"""Runs and metrics, those of a run together."""


@dataclass
class HistoryRead(Message):
    """A metric of a run was read, or read on, or could not be."""

    question: int
    run_id: str
    metric: str
    history: History | None = None
    failure: str = ""
    absent: bool = False
    """Whether the run has no such metric, which is no failure."""


@dataclass
class GrowthRead(Message):
    """Every curve was looked at once more."""

    question: int
    anything_new: bool


def histories(follower: MetricFollower, question: int, wanted: Wanted) -> MessageStream:
    """These metrics, in the order in which they are there."""
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="history")
    try:
        futures = [pool.submit(_read, follower, question, info, metric) for info, metric in wanted]
        for future in as_completed(futures):
            yield future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def growth(follower: MetricFollower, question: int, wanted: Wanted, known: Mapping[CurveKey, History]) -> MessageStream:
    """Those of these metrics that are not as they are known any more."""
    anything_new = False
    for message in _grown(follower, question, wanted, known):
        anything_new = True
        yield message
    yield GrowthRead(question, anything_new)


def _read(follower: MetricFollower, question: int, info: RunInfo, metric: str) -> HistoryRead:
    """One metric, or why there is none."""
    try:
        found = follower.poll(info, (metric,)).get(metric)
    except QtuiError as error:
        return HistoryRead(question, info.run_id, metric, failure=str(error))
    if found is None:
        return HistoryRead(question, info.run_id, metric, absent=True)
    return HistoryRead(question, info.run_id, metric, found.history)


def _grown(
    follower: MetricFollower, question: int, wanted: Wanted, known: Mapping[CurveKey, History]
) -> Iterator[HistoryRead]:
    for info, pairs in groupby(wanted, key=itemgetter(0)):
        for metric, found in follower.poll(info, [metric for _, metric in pairs]).items():
            # Whether it is fresh to the follower says nothing: others look through it too.
            if found.history is not known.get(CurveKey(info.run_id, metric)):
                yield HistoryRead(question, info.run_id, metric, found.history)
