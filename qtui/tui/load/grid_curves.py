"""What a grid of charts reads off the event loop: the metrics that are in sight, and from then on what they grow by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from textual.message import Message

from qtui.entities import RunInfo
from qtui.recorder.reading.metric_follower import MetricFollower, MetricProgress
from qtui.tui.load.background import MessageStream

MOST = 8
"""So many metrics of a run are read together, after smaller beginnings."""


@dataclass
class CurvesRead(Message):
    """Some metrics of a run were read, or read on; those that it does not have are left out."""

    run_id: str
    metrics: tuple[str, ...]
    found: Mapping[str, MetricProgress]


def curves(follower: MetricFollower, infos: Sequence[RunInfo], metrics: Sequence[str]) -> MessageStream:
    """These metrics of these runs: the first alone, so that something is seen at once, then more and more together."""
    for batch in growing(metrics):
        for info in infos:
            yield CurvesRead(info.run_id, batch, follower.poll(info, batch))


def growing(metrics: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The metrics in batches, each twice as long as the one before."""
    start, size = 0, 1
    while start < len(metrics):
        yield tuple(metrics[start : start + size])
        start, size = start + size, min(2 * size, MOST)
