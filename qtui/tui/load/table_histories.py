"""Load metric histories for the runs table: summaries for every run, sparklines for the visible runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set

from textual.message import Message

from qtui.entities import Problem, Run, RunInfo
from qtui.errors import MetricNotFound, RunNotFound
from qtui.query.projection import Projection
from qtui.recorder import Library
from qtui.runs.history_needs import group_unloaded_runs
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.sparkline import downsample_history
from qtui.tui.load.background import MessageStream
from qtui.tui.load.run_list import BatchBuffer, read_visible_first
from qtui.value_classes import dataclass

MAX_SPARKLINE_POINTS = 64
"""The points that a sparkline keeps: the widest column needs no more."""


@dataclass
class SummariesLoaded(Message):
    """Summaries of some metrics were loaded for a batch of runs."""

    request_id: int
    keys: frozenset[str]
    runs: tuple[Run, ...]
    problems: tuple[Problem, ...]
    done: int
    total: int


@dataclass
class SparklinesLoaded(Message):
    """Sparklines were loaded: values by metric and run ID."""

    request_id: int
    curves: Mapping[str, Mapping[str, Sequence[float]]]
    problems: tuple[Problem, ...]
    done: int
    total: int


def load_summaries(
    library: Library,
    request_id: int,
    frame: RunsFrame,
    keys: Set[str],
    loaded: Mapping[str, Set[str]],
    visible_runs: Callable[[], Sequence[str]],
) -> MessageStream:
    """Load the summaries of these metrics for every run that is not in `loaded`, the visible runs first."""
    groups = group_unloaded_runs(frame, range(len(frame)), keys, loaded)
    total, done = sum(map(len, groups.values())), 0
    for group_keys, infos in groups.items():
        buffer = BatchBuffer()
        pending = {info.run_id: info for info in infos}
        for batch in read_visible_first(library, pending, visible_runs, Projection(summaries=group_keys)):
            buffer.add(batch.items, batch.problems)
            if buffer.timer.is_due():
                # Only the last message reports the total.
                done_now = min(done + len(infos) - len(pending), total - 1)
                yield SummariesLoaded(request_id, group_keys, *buffer.drain(), done_now, total)
        done += len(infos)
        yield SummariesLoaded(request_id, group_keys, *buffer.drain(), done, total)
    if not groups:
        yield SummariesLoaded(request_id, frozenset(), (), (), 0, 0)


def load_sparklines(
    library: Library,
    request_id: int,
    frame: RunsFrame,
    visible_runs: Sequence[str],
    keys: Set[str],
    loaded: Mapping[str, Set[str]],
) -> MessageStream:
    """Load the sparklines of these metrics for the visible runs that are not in `loaded`."""
    rows = [row for run_id in visible_runs if (row := frame.row(run_id)) is not None]
    groups = group_unloaded_runs(frame, rows, keys, loaded)
    pending = [(info, key) for group_keys, infos in groups.items() for info in infos for key in sorted(group_keys)]
    curves: dict[str, dict[str, Sequence[float]]] = defaultdict(dict)
    buffer = BatchBuffer()
    for done, (info, key) in enumerate(pending, 1):
        values, problems = _read_sparkline(library, info, key)
        curves[key][info.run_id] = values
        buffer.add((), problems)
        if buffer.timer.is_due() or done == len(pending):
            yield SparklinesLoaded(request_id, curves, buffer.drain()[1], done, len(pending))
            curves = defaultdict(dict)


def _read_sparkline(library: Library, info: RunInfo, key: str) -> tuple[Sequence[float], tuple[Problem, ...]]:
    try:
        history, problems = library.history(info, key)
    except (MetricNotFound, RunNotFound):
        return (), ()
    return downsample_history(history, MAX_SPARKLINE_POINTS), problems
