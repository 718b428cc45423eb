"""What a large chart shows: which metrics of which runs, and what each of its lines is called and coloured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from qtui.entities import RunInfo
from qtui.plot.glyphs import CURVE_MARKS
from qtui.runs.display_names import distinct_run_names
from qtui.tui.themes import RUN_COLOURS_ON_DARK, run_colour

COLOURS = len(RUN_COLOURS_ON_DARK)


class CurveKey(NamedTuple):
    """A metric of a run."""

    run_id: str
    metric: str


@dataclass(frozen=True, slots=True)
class RunGroup:
    """Runs that are drawn as one: their mean, with a band."""

    name: str
    runs: tuple[RunInfo, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """A line of the chart: a metric of a run, or of a group of runs."""

    owner: str
    """The id of the run, or what the group is called."""
    metric: str
    name: str
    """What it is called among the others."""
    called: str
    """What the run or the group is called."""
    role: str
    runs: tuple[RunInfo, ...]
    grouped: bool = False
    mark: str = ""
    """What tells it apart where there are no colours, and from the lines of its own colour."""
    is_alike: bool = False
    """Whether a line before it has its colour."""

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def id(self) -> tuple[str, str]:
        """What it stays known by when it is called or coloured otherwise."""
        return self.owner, self.metric

    @property
    def keys(self) -> tuple[CurveKey, ...]:
        """The curves that it is made of."""
        return tuple(CurveKey(run.run_id, self.metric) for run in self.runs)


@dataclass(frozen=True, slots=True)
class Charted:
    """Metrics of runs, each run by itself; or of groups, each group as one."""

    metrics: tuple[str, ...]
    runs: tuple[RunInfo, ...] = ()
    groups: tuple[RunGroup, ...] = ()
    offered: tuple[str, ...] = ()
    """The metrics that there are to choose from."""
    grouped_by: str = ""
    """What the runs of a group have in common."""

    def with_metrics(self, metrics: Sequence[str]) -> Charted:
        """The same runs by other metrics."""
        return replace(self, metrics=tuple(metrics))

    @property
    def infos(self) -> tuple[RunInfo, ...]:
        """Every run, also those in groups."""
        return (*self.runs, *(run for group in self.groups for run in group.runs))

    def traces(self) -> tuple[Trace, ...]:
        """The lines in the order of the legend: metric by metric."""
        used: dict[str, str] = {}
        traces = []
        for index, trace in enumerate(self._traces()):
            others = used.get(trace.role, "")
            mark = _mark(index, others)
            traces.append(replace(trace, mark=mark, is_alike=trace.role in used))
            used[trace.role] = others + mark
        return tuple(traces)

    @property
    def has_several(self) -> bool:
        """Whether there is more than one run or group."""
        return len(self.runs) + len(self.groups) > 1

    def _traces(self) -> Iterator[Trace]:
        names = tuple(distinct_run_names(self.runs))
        for place, metric in enumerate(self.metrics):
            for number, group in enumerate(self.groups):
                role = f"run-{number % COLOURS}"
                yield Trace(group.name, metric, self._name(group.name, metric), group.name, role, group.runs, True)
            for run, called in zip(self.runs, names, strict=True):
                role = run_colour(run.run_id) if self.has_several else _colour_of_metric(run.run_id, place)
                yield Trace(run.run_id, metric, self._name(called, metric), called, role, (run,))

    def _name(self, called: str, metric: str) -> str:
        """What a line is called: no more than tells it from the others."""
        if not self.has_several:
            return metric
        return f"{called} {metric}" if len(self.metrics) > 1 else called

    def title(self) -> str:
        """What the chart is of, in a few words."""
        metrics = ", ".join(self.metrics)
        if len(self.groups) > 1:
            return f"{metrics} of {len(self.groups):,} groups" + (f" by {self.grouped_by}" if self.grouped_by else "")
        if len(self.runs) > 1:
            return f"{metrics} of {len(self.runs):,} runs"
        return f"{metrics} of {next((trace.called for trace in self.traces()), '')}"


def _mark(index: int, others: str) -> str:
    """The mark for a place, or the next one that the lines of the same colour do not have."""
    start = index % len(CURVE_MARKS)
    marks = CURVE_MARKS[start:] + CURVE_MARKS[:start]
    return next((each for each in marks if each not in others), marks[0])


def _colour_of_metric(run_id: str, place: int) -> str:
    """The colour of one of a single run's metrics: of the first that of the run, then those after it."""
    first = int(run_colour(run_id).removeprefix("run-"))
    return f"run-{(first + place) % COLOURS}"
