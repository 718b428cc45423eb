"""Histories as the table needs them: summed up for every run, drawn for the runs in sight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

from textual.message import Message

from qtui.entities import Problem, Run, RunInfo
from qtui.errors import MetricNotFound, RunNotFound
from qtui.query.wanted import Wanted
from qtui.recorder import Library
from qtui.runs.history_needs import runs_without_history
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.sparkline import downsample_history
from qtui.tui.load.background import Messages
from qtui.tui.load.runs import Progress, in_turn

POINTS = 64
"""How many points of a curve are kept: the widest column needs no more."""


@dataclass
class SummariesRead(Message):
    """The histories of some metrics of some runs have been summed up."""

    turn: int
    keys: frozenset[str]
    runs: tuple[Run, ...]
    problems: tuple[Problem, ...]
    done: int
    total: int


@dataclass
class SparklinesRead(Message):
    """The curves of some metrics, by metric and run id."""

    turn: int
    curves: Mapping[str, Mapping[str, Sequence[float]]]
    problems: tuple[Problem, ...]
    done: int
    total: int


def summaries(
    library: Library,
    turn: int,
    frame: RunsFrame,
    keys: Set[str],
    read: Mapping[str, Set[str]],
    first: Callable[[], Sequence[str]],
) -> Messages:
    """The summaries of these metrics for every run of which they were not read yet, those in sight first."""
    groups = runs_without_history(frame, range(len(frame)), keys, read)
    total, done = sum(map(len, groups.values())), 0
    for some, infos in groups.items():
        progress = Progress()
        pending = {info.run_id: info for info in infos}
        for batch in in_turn(library, pending, first, Wanted(summaries=some)):
            progress.add(batch.items, batch.problems)
            if progress.is_due:
                so_far = min(done + len(infos) - len(pending), total - 1)
                yield SummariesRead(turn, some, *progress.drained(), so_far, total)
        done += len(infos)
        yield SummariesRead(turn, some, *progress.drained(), done, total)
    if not groups:
        yield SummariesRead(turn, frozenset(), (), (), 0, 0)


def sparklines(
    library: Library,
    turn: int,
    frame: RunsFrame,
    seen: Sequence[str],
    keys: Set[str],
    read: Mapping[str, Set[str]],
) -> Messages:
    """The curves of these metrics for the runs in sight, as far as they were not read yet."""
    rows = [row for run_id in seen if (row := frame.row(run_id)) is not None]
    groups = runs_without_history(frame, rows, keys, read)
    asked = [(info, key) for some, infos in groups.items() for info in infos for key in sorted(some)]
    found: dict[str, dict[str, Sequence[float]]] = defaultdict(dict)
    progress = Progress()
    for done, (info, key) in enumerate(asked, 1):
        values, problems = _sparkline(library, info, key)
        found[key][info.run_id] = values
        progress.add((), problems)
        if progress.is_due or done == len(asked):
            yield SparklinesRead(turn, found, progress.drained()[1], done, len(asked))
            found = defaultdict(dict)


def _sparkline(library: Library, info: RunInfo, key: str) -> tuple[Sequence[float], tuple[Problem, ...]]:
    try:
        history, problems = library.history(info, key)
    except (MetricNotFound, RunNotFound):
        return (), ()
    return downsample_history(history, POINTS), problems
