"""Summaries and sparklines of one run's metrics, computed again only for metrics that have new points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from qtui.entities import History, Problem, RunInfo, Summary
from qtui.recorder.reading.metric_follower import MetricFollower, MetricProgress
from qtui.runs.sparkline import downsample_history, sparkline

SPARKLINE_CELLS = 12


class MetricSummary(NamedTuple):
    """The summary and sparkline of a metric; a metric without points has no summary."""

    progress: MetricProgress
    summary: Summary | None
    sparkline: str

    @property
    def problems(self) -> Sequence[Problem]:
        """The damage in the metric's history."""
        return self.progress.problems


class MetricSummaries:
    """Cache of the metric summaries of the run that was read last."""

    def __init__(self, follower: MetricFollower) -> None:
        self._follower = follower
        self._run_id = ""
        self._cache: dict[str, MetricSummary] = {}

    def read(self, info: RunInfo, keys: Sequence[str]) -> Mapping[str, MetricSummary]:
        """Read the current summaries of these metrics."""
        cache = self._cache if info.run_id == self._run_id else {}
        histories = self._follower.poll(info, keys)
        current = {key: _summarise(progress, cache.get(key)) for key, progress in histories.items()}
        cache.update(current)
        self._run_id, self._cache = info.run_id, cache
        return current


def _summarise(progress: MetricProgress, cached: MetricSummary | None) -> MetricSummary:
    history = progress.history
    if cached is not None and cached.progress.history is history:
        return cached._replace(progress=progress)
    return MetricSummary(progress, history.summary() if len(history) else None, history_sparkline(history))


def history_sparkline(history: History) -> str:
    """Return the values of a metric by step in one line; a single point has none."""
    if len(history) <= 1:
        return ""
    return sparkline(downsample_history(history, SPARKLINE_CELLS), SPARKLINE_CELLS)
