"""Load the metrics of the visible charts of a grid in the background."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from textual.message import Message

from qtui.entities import RunInfo
from qtui.recorder.reading.metric_follower import MetricFollower, MetricProgress
from qtui.tui.load.background import MessageStream
from qtui.value_classes import dataclass

MAX_BATCH_METRICS = 8
"""The largest number of metrics of a run that are read together."""


@dataclass
class GridCurvesRead(Message):
    """Histories of some metrics of a run; metrics that it does not have are missing in `progress`."""

    run_id: str
    metrics: tuple[str, ...]
    progress: Mapping[str, MetricProgress]


def load_grid_curves(follower: MetricFollower, runs: Sequence[RunInfo], metrics: Sequence[str]) -> MessageStream:
    """Yield the histories of these metrics: the first one alone, to show a chart soon, then in growing batches."""
    for batch in growing_batches(metrics):
        for run in runs:
            yield GridCurvesRead(run.run_id, batch, follower.poll(run, batch))


def growing_batches(metrics: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the metrics in batches, each twice as long as the one before."""
    start, size = 0, 1
    while start < len(metrics):
        yield tuple(metrics[start : start + size])
        start, size = start + size, min(2 * size, MAX_BATCH_METRICS)
