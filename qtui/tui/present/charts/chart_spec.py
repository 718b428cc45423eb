"""The spec of a large chart: metrics of runs or groups, and the name, colour and mark of every line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from qtui.entities import RunInfo
from qtui.plot.glyphs import CURVE_MARKS
from qtui.runs.display_names import distinct_run_names
from qtui.tui.themes import RUN_COLOURS_ON_DARK, run_colour
from qtui.value_classes import dataclass

COLOUR_COUNT = len(RUN_COLOURS_ON_DARK)


class CurveKey(NamedTuple):
    """The identity of a curve: a metric of a run."""

    run_id: str
    metric: str


@dataclass(frozen=True, slots=True)
class RunGroup:
    """Runs that are drawn as their mean with a band."""

    name: str
    runs: tuple[RunInfo, ...]


@dataclass(frozen=True, slots=True)
class ChartLine:
    """A line of the chart: a metric of a run, or of a group of runs."""

    owner_id: str
    """The ID of the run, or the name of the group."""
    metric: str
    name: str
    """The name in the legend."""
    owner_name: str
    """The name of the run or the group."""
    role: str
    runs: tuple[RunInfo, ...]
    is_group: bool = False
    mark: str = ""
    """The mark that distinguishes it without colours, and from lines of its colour."""
    shares_colour: bool = False
    """Whether an earlier line has its colour."""
    is_baseline: bool = False
    """Whether it belongs to the run that the others are compared with."""

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def id(self) -> tuple[str, str]:
        """The identity that survives a new name or colour."""
        return self.owner_id, self.metric

    @property
    def keys(self) -> tuple[CurveKey, ...]:
        """The curves of the line, one for each run."""
        return tuple(CurveKey(run.run_id, self.metric) for run in self.runs)


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """The metrics and the runs or groups of a large chart."""

    metrics: tuple[str, ...]
    runs: tuple[RunInfo, ...] = ()
    groups: tuple[RunGroup, ...] = ()
    available_metrics: tuple[str, ...] = ()
    """The metrics to choose from."""
    group_fields: str = ""
    """The names of the fields that the runs of a group share."""
    baseline: str = ""
    """The ID of the run that the others are compared with, whose lines are dashed; empty without one."""

    def with_metrics(self, metrics: Sequence[str]) -> ChartSpec:
        """Return a spec with other metrics of the same runs."""
        return replace(self, metrics=tuple(metrics))

    @property
    def infos(self) -> tuple[RunInfo, ...]:
        """All runs, including those in groups."""
        return (*self.runs, *(run for group in self.groups for run in group.runs))

    def lines(self) -> tuple[ChartLine, ...]:
        """Return the lines in the order of the legend: metric by metric."""
        used: dict[str, str] = {}
        lines = []
        for index, line in enumerate(self._unmarked_lines()):
            others = used.get(line.role, "")
            mark = _next_mark(index, others)
            lines.append(replace(line, mark=mark, shares_colour=line.role in used))
            used[line.role] = others + mark
        return tuple(lines)

    @property
    def has_several(self) -> bool:
        """Whether there is more than one run or group."""
        return len(self.runs) + len(self.groups) > 1

    def _unmarked_lines(self) -> Iterator[ChartLine]:
        names = tuple(distinct_run_names(self.runs))
        for index, metric in enumerate(self.metrics):
            for number, group in enumerate(self.groups):
                role = f"run-{number % COLOUR_COUNT}"
                yield ChartLine(group.name, metric, self._name(group.name, metric), group.name, role, group.runs, True)
            for run, owner_name in zip(self.runs, names, strict=True):
                role = run_colour(run.run_id) if self.has_several else _metric_colour(run.run_id, index)
                is_baseline = run.run_id == self.baseline and self.has_several
                name = self._name(owner_name, metric) + (" (baseline)" if is_baseline else "")
                yield ChartLine(run.run_id, metric, name, owner_name, role, (run,), is_baseline=is_baseline)

    def _name(self, owner_name: str, metric: str) -> str:
        """Return the shortest name that distinguishes a line from the others."""
        if not self.has_several:
            return metric
        return f"{owner_name} {metric}" if len(self.metrics) > 1 else owner_name

    def title(self) -> str:
        """Return a short title."""
        metrics = ", ".join(self.metrics)
        if len(self.groups) > 1:
            return f"{metrics} of {len(self.groups):,} groups" + (
                f" by {self.group_fields}" if self.group_fields else ""
            )
        if len(self.runs) > 1:
            return f"{metrics} of {len(self.runs):,} runs"
        return f"{metrics} of {next((line.owner_name for line in self.lines()), '')}"


def _next_mark(index: int, others: str) -> str:
    """Return the mark for an index, or the next one that the other lines of the colour do not have."""
    start = index % len(CURVE_MARKS)
    marks = CURVE_MARKS[start:] + CURVE_MARKS[:start]
    return next((mark for mark in marks if mark not in others), marks[0])


def _metric_colour(run_id: str, index: int) -> str:
    """Return the role of a metric of a single run: the run's colour for the first, then those after it."""
    first = int(run_colour(run_id).removeprefix("run-"))
    return f"run-{(first + index) % COLOUR_COUNT}"
