"""What a large chart shows: which metrics of which runs, and what each of its lines is called and coloured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from qtui.entities import RunInfo
from qtui.plot.glyphs import CURVE_MARKS
from qtui.runs.display_names import distinct_run_names
from qtui.tui.themes import RUN_COLOURS_ON_DARK, run_colour

COLOUR_COUNT = len(RUN_COLOURS_ON_DARK)


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
class ChartLine:
    """A line of the chart: a metric of a run, or of a group of runs."""

    owner_id: str
    """The id of the run, or what the group is called."""
    metric: str
    name: str
    """What it is called among the others."""
    owner_name: str
    """What the run or the group is called."""
    role: str
    runs: tuple[RunInfo, ...]
    grouped: bool = False
    mark: str = ""
    """What tells it apart where there are no colours, and from the lines of its own colour."""
    shares_colour: bool = False
    """Whether a line before it has its colour."""

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def id(self) -> tuple[str, str]:
        """What it stays known by when it is called or coloured otherwise."""
        return self.owner_id, self.metric

    @property
    def keys(self) -> tuple[CurveKey, ...]:
        """The curves that it is made of."""
        return tuple(CurveKey(run.run_id, self.metric) for run in self.runs)


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """Metrics of runs, each run by itself; or of groups, each group as one."""

    metrics: tuple[str, ...]
    runs: tuple[RunInfo, ...] = ()
    groups: tuple[RunGroup, ...] = ()
    available_metrics: tuple[str, ...] = ()
    """The metrics that there are to choose from."""
    group_fields: str = ""
    """What the runs of a group have in common."""

    def with_metrics(self, metrics: Sequence[str]) -> ChartSpec:
        """The same runs by other metrics."""
        return replace(self, metrics=tuple(metrics))

    @property
    def infos(self) -> tuple[RunInfo, ...]:
        """Every run, also those in groups."""
        return (*self.runs, *(run for group in self.groups for run in group.runs))

    def lines(self) -> tuple[ChartLine, ...]:
        """The lines in the order of the legend: metric by metric."""
        used: dict[str, str] = {}
        lines = []
        for index, line in enumerate(self._traces()):
            others = used.get(line.role, "")
            mark = _next_mark(index, others)
            lines.append(replace(line, mark=mark, shares_colour=line.role in used))
            used[line.role] = others + mark
        return tuple(lines)

    @property
    def has_several(self) -> bool:
        """Whether there is more than one run or group."""
        return len(self.runs) + len(self.groups) > 1

    def _traces(self) -> Iterator[ChartLine]:
        names = tuple(distinct_run_names(self.runs))
        for place, metric in enumerate(self.metrics):
            for number, group in enumerate(self.groups):
                role = f"run-{number % COLOUR_COUNT}"
                yield ChartLine(group.name, metric, self._name(group.name, metric), group.name, role, group.runs, True)
            for run, owner_name in zip(self.runs, names, strict=True):
                role = run_colour(run.run_id) if self.has_several else _metric_colour(run.run_id, place)
                yield ChartLine(run.run_id, metric, self._name(owner_name, metric), owner_name, role, (run,))

    def _name(self, owner_name: str, metric: str) -> str:
        """What a line is called: no more than tells it from the others."""
        if not self.has_several:
            return metric
        return f"{owner_name} {metric}" if len(self.metrics) > 1 else owner_name

    def title(self) -> str:
        """What the chart is of, in a few words."""
        metrics = ", ".join(self.metrics)
        if len(self.groups) > 1:
            return f"{metrics} of {len(self.groups):,} groups" + (
                f" by {self.group_fields}" if self.group_fields else ""
            )
        if len(self.runs) > 1:
            return f"{metrics} of {len(self.runs):,} runs"
        return f"{metrics} of {next((line.owner_name for line in self.lines()), '')}"


def _next_mark(index: int, others: str) -> str:
    """The mark for a place, or the next one that the lines of the same colour do not have."""
    start = index % len(CURVE_MARKS)
    marks = CURVE_MARKS[start:] + CURVE_MARKS[:start]
    return next((each for each in marks if each not in others), marks[0])


def _metric_colour(run_id: str, place: int) -> str:
    """The colour of one of a single run's metrics: of the first that of the run, then those after it."""
    first = int(run_colour(run_id).removeprefix("run-"))
    return f"run-{(first + place) % COLOUR_COUNT}"
