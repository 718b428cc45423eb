"""Load the values of compared runs: all of them, statistics of metrics, or values computed from their histories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.message import Message

from qtui.compare.run_comparison import MetricChoice
from qtui.entities import Problem, Run, RunInfo
from qtui.errors import MetricNotFound
from qtui.query.projection import ALL_VALUES, Projection
from qtui.recorder import Library
from qtui.tui.load.background import MessageStream
from qtui.value_classes import dataclass


@dataclass
class ComparedRunsLoaded(Message):
    """Values of runs were loaded; `projection` says which."""

    runs: tuple[Run, ...]
    projection: Projection
    problems: tuple[Problem, ...]
    done: int
    total: int


@dataclass
class HistoryValuesLoaded(Message):
    """Values that are computed from histories were loaded: by metric and run ID."""

    choice: MetricChoice
    values: Mapping[str, Mapping[str, float]]
    done: int
    total: int


def load_compared_runs(
    library: Library, infos: Sequence[RunInfo], projection: Projection = ALL_VALUES
) -> MessageStream:
    """Load values of runs; a run that cannot be read has a problem instead."""
    done = 0
    for batch in library.values(infos, projection):
        done += len(batch.items)
        yield ComparedRunsLoaded(batch.items, projection, batch.problems, done, len(infos))
    yield ComparedRunsLoaded((), projection, (), len(infos), len(infos))


def load_history_values(
    library: Library, infos: Sequence[RunInfo], keys: Sequence[str], choice: MetricChoice
) -> MessageStream:
    """Load the chosen value of each metric: at the last step that is not after one, or smoothed."""
    for done, info in enumerate(infos, 1):
        values: dict[str, dict[str, float]] = {}
        for key in keys:
            try:
                history, _ = library.history(info, key)
            except MetricNotFound:
                continue
            value = choice.value_of(history)
            if value is not None:
                values[key] = {info.run_id: value}
            yield HistoryValuesLoaded(choice, {}, done - 1, len(infos))
        yield HistoryValuesLoaded(choice, values, done, len(infos))
