"""The charts of a grid: their sections, order and layout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from qtui.entities import Run, RunInfo
from qtui.formatting import format_count
from qtui.runs.display_names import short_names
from qtui.tui.present.charts.chart_spec import ChartSpec, RunGroup
from qtui.tui.present.details.detail_rows import SYSTEM_METRICS
from qtui.value_classes import dataclass

PINNED, UNGROUPED = "pinned", "metrics"
"""The names of the sections that are not a common prefix."""


class ChartSize(NamedTuple):
    """The minimum cells and lines of a chart, including the blank line below it."""

    min_cells: int
    min_lines: int


CHART_SIZES = (ChartSize(24, 6), ChartSize(36, 9), ChartSize(56, 13), ChartSize(84, 18))
"""The chart sizes to choose from."""
DEFAULT_SIZE = 1
"""The index of the initial chart size."""
MAX_HEIGHT_FACTOR = 2
"""The maximum height of a chart, as a multiple of its minimum."""
MAX_GRID_RUNS = 24
"""The maximum number of runs in a grid of charts; with more no chart is readable."""
MIN_VALUE_CELLS = 28
"""The minimum cells of a single value."""
GAP_CELLS = 2
"""Blank cells between two charts."""


@dataclass(frozen=True, slots=True)
class GridSpec:
    """The runs whose metrics are drawn over each other, and the metrics that any of them has."""

    runs: tuple[RunInfo, ...] = ()
    metrics: frozenset[str] = frozenset()
    omitted_runs: int = 0
    """The number of runs or groups that were requested but are not drawn."""
    baseline: str = ""
    """The ID of the run that the others are compared with; empty without one."""
    metrics_with_steps: frozenset[str] | None = None
    """The metrics whose last point is after step 0: the others have a single value, as far as is known before they are
    loaded. None if nothing is known."""
    groups: tuple[RunGroup, ...] = ()
    """The groups of the runs that are drawn instead of them, each as its mean with a band."""

    @property
    def run_ids(self) -> frozenset[str]:
        """The IDs of the runs."""
        return frozenset(run.run_id for run in self.runs)

    @property
    def title(self) -> str:
        """The name of the run, or how many of how many runs or groups are drawn."""
        if len(self.runs) == 1 and not self.groups:
            return self.runs[0].name or self.runs[0].run_id
        count, noun = (len(self.groups), "group") if self.groups else (len(self.runs), "run")
        amount = format_count(count + self.omitted_runs, noun)
        return f"{count:,} of {amount}" if self.omitted_runs else amount

    def chart_spec(self, metric: str) -> ChartSpec:
        """Return the chart of a metric."""
        return ChartSpec((metric,), () if self.groups else self.runs, self.groups, baseline=self.baseline)


def grid_spec_of(spec: ChartSpec, metrics_with_steps: frozenset[str] | None = None) -> GridSpec:
    """Return the first runs or groups of a chart with all their metrics."""
    if spec.groups:
        groups = spec.groups[:MAX_GRID_RUNS]
        members = tuple(dict.fromkeys(run for group in groups for run in group.runs))
        omitted = len(spec.groups) - len(groups)
        return GridSpec(members, frozenset(spec.available_metrics), omitted, "", metrics_with_steps, groups)
    runs, metrics = spec.infos[:MAX_GRID_RUNS], frozenset(spec.available_metrics)
    return GridSpec(runs, metrics, len(spec.infos) - len(runs), spec.baseline, metrics_with_steps)


def grid_spec_of_run(run: Run) -> GridSpec:
    """Return the charts of a run."""
    with_steps = frozenset(key for key, point in run.metrics.items() if point.step)
    return GridSpec((run.info,), frozenset(run.metrics), metrics_with_steps=with_steps)


@dataclass(frozen=True, slots=True)
class MetricSection:
    """A section of charts: the pinned ones, or those with a common prefix."""

    name: str
    metrics: tuple[str, ...]

    def labels(self, others: Collection[str] = ()) -> Mapping[str, str]:
        """Return a distinct name of every metric within the section; `others` are the metrics of other sections."""
        if not self.name.endswith("/"):
            return short_names(self.metrics, others)
        names = {metric: metric.removeprefix(self.name) for metric in self.metrics}
        labels = short_names(tuple(names.values()))
        return {metric: labels[name] for metric, name in names.items()}


class GridItem(NamedTuple):
    """A cursor position: a chart, or the heading of a folded section."""

    section: str
    metric: str = ""


class GridCell(NamedTuple):
    """The position and size of a chart in cells and lines."""

    item: GridItem
    label: str
    x: int
    y: int
    width: int
    height: int


class SectionHeading(NamedTuple):
    """The line above a section."""

    section: MetricSection
    y: int
    is_folded: bool

    @property
    def item(self) -> GridItem:
        """The item of the cursor on this heading."""
        return GridItem(self.section.name)


@dataclass(frozen=True, slots=True)
class GridLayout:
    """The layout of a grid, of which a part is visible."""

    cells: tuple[GridCell, ...] = ()
    headings: tuple[SectionHeading, ...] = ()
    lines: int = 0

    def visible_cells(self, first: int, count: int) -> tuple[GridCell, ...]:
        """Return the charts that are partly within these lines."""
        return tuple(cell for cell in self.cells if cell.y < first + count and cell.y + cell.height > first)

    def rows(self) -> tuple[tuple[GridItem, ...], ...]:
        """Return all items, row by row."""
        by_line: dict[int, list[GridItem]] = {}
        for heading in self.headings:
            if heading.is_folded:
                by_line[heading.y] = [heading.item]
        for cell in self.cells:
            by_line.setdefault(cell.y, []).append(cell.item)
        return tuple(tuple(by_line[line]) for line in sorted(by_line))

    def cell_of(self, item: GridItem | None) -> GridCell | None:
        """Return the cell of a chart, or None."""
        return next((cell for cell in self.cells if cell.item == item), None)

    def line_range(self, item: GridItem | None) -> tuple[int, int] | None:
        """Return the lines of an item (first, end), including a heading directly above it."""
        cell = self.cell_of(item)
        if cell is not None:
            has_heading = any(heading.y == cell.y - 1 for heading in self.headings)
            return (cell.y - 1 if has_heading else cell.y), cell.y + cell.height
        lines = ((heading.y, heading.y + 1) for heading in self.headings if heading.is_folded and heading.item == item)
        return next(lines, None)

    def neighbour(self, item: GridItem | None, across: int, down: int) -> GridItem | None:
        """Return the item beside, above or below another; at an edge the item itself."""
        rows = self.rows()
        if not rows:
            return None
        for line, row in enumerate(rows):
            if item in row:
                return _neighbour(rows, line, row.index(item), across, down)
        return rows[0][0]


def _neighbour(rows: Sequence[Sequence[GridItem]], line: int, position: int, across: int, down: int) -> GridItem:
    if across:
        flat = [item for row in rows for item in row]
        index = flat.index(rows[line][position]) + across
        return flat[max(0, min(index, len(flat) - 1))]
    row = rows[max(0, min(line + down, len(rows) - 1))]
    return row[min(position, len(row) - 1)]


def group_metrics(metrics: Collection[str], pins: Sequence[str] = (), search: str = "") -> tuple[MetricSection, ...]:
    """Return the metrics whose names contain `search` in sections: pinned, without prefix, by prefix, system."""
    needle = search.casefold()
    matches = [metric for metric in sorted(metrics) if needle in metric.casefold()]
    pinned = tuple(metric for metric in pins if metric in matches)
    rest = [metric for metric in matches if metric not in pinned]
    counts = Counter(map(metric_prefix, rest))
    by_prefix: dict[str, list[str]] = {}
    for metric in rest:
        prefix = metric_prefix(metric)
        has_section = counts[prefix] > 1 or prefix == SYSTEM_METRICS
        by_prefix.setdefault(prefix if has_section else "", []).append(metric)
    system = by_prefix.pop(SYSTEM_METRICS, [])
    ungrouped = by_prefix.pop("", [])
    sections = [(PINNED, pinned), (UNGROUPED, ungrouped), *sorted(by_prefix.items()), (SYSTEM_METRICS, system)]
    return tuple(MetricSection(name, tuple(members)) for name, members in sections if members)


def metric_prefix(metric: str) -> str:
    """Return the prefix up to and including the first slash."""
    head, slash, tail = metric.partition("/")
    return head + slash if slash and tail else ""


def layout_grid(
    sections: Sequence[MetricSection],
    folded: Collection[str],
    width: int,
    height: int,
    *,
    single: Collection[str] = (),
    size: ChartSize = CHART_SIZES[DEFAULT_SIZE],
) -> GridLayout:
    """Lay out the charts of these sections in `width` cells; their height is chosen so that rows fill `height` lines.

    Metrics with a `single` value are one line each, after the charts of their section.
    """
    unfolded = [section for section in sections if section.name not in folded]
    has_headings = len(sections) > 1 or len(unfolded) < len(sections)
    curves = {section.name: [metric for metric in section.metrics if metric not in single] for section in unfolded}
    values = {section.name: [metric for metric in section.metrics if metric in single] for section in unfolded}
    columns = _columns(curves.values(), width, size.min_cells)
    value_columns = max(columns, _columns(values.values(), width, MIN_VALUE_CELLS))
    value_lines = sum(_rows(metrics, value_columns) + 1 for metrics in values.values() if metrics)
    other_lines = len(sections) * has_headings + value_lines
    chart_rows = sum(_rows(metrics, columns) for metrics in curves.values())
    row_height = _row_height(chart_rows, height, other_lines, size)
    cells: list[GridCell] = []
    headings: list[SectionHeading] = []
    line = 0
    for section in sections:
        if has_headings:
            headings.append(SectionHeading(section, line, section.name in folded))
            line += 1
        if section.name not in folded:
            labels = section.labels([metric for other in sections if other is not section for metric in other.metrics])
            cells += _place_cells(section, labels, curves[section.name], columns, width, row_height, line)
            line += _rows(curves[section.name], columns) * row_height
            cells += _place_cells(section, labels, values[section.name], value_columns, width, 1, line)
            line += _rows(values[section.name], value_columns) + bool(values[section.name])
    return GridLayout(tuple(cells), tuple(headings), line)


def _columns(metrics: Iterable[Sequence[str]], width: int, min_cells: int) -> int:
    """Return the number of columns that fit, at most the number of metrics in a section."""
    longest = max(map(len, metrics), default=0)
    return max(1, min(longest, (width + GAP_CELLS) // (min_cells + GAP_CELLS)))


def _rows(metrics: Sequence[str], columns: int) -> int:
    return -(-len(metrics) // columns)


def _row_height(rows: int, height: int, other_lines: int, size: ChartSize) -> int:
    """Return the lines of a row of charts, including the blank line below, beside `other_lines` of other content."""
    min_lines = min(size.min_lines, max(1, height))
    max_lines = MAX_HEIGHT_FACTOR * size.min_lines
    available = height - other_lines
    if rows and available >= rows * min_lines:
        return min(max_lines, available // rows)
    return max(min_lines, min(max_lines, height // max(1, height // min_lines)))


def _place_cells(
    section: MetricSection,
    labels: Mapping[str, str],
    metrics: Sequence[str],
    columns: int,
    width: int,
    row_height: int,
    line: int,
) -> Iterator[GridCell]:
    cell_width, cell_height = (width + GAP_CELLS) // columns - GAP_CELLS, max(1, row_height - 1)
    for index, metric in enumerate(metrics):
        x, y = index % columns * (cell_width + GAP_CELLS), line + index // columns * row_height
        yield GridCell(GridItem(section.name, metric), labels[metric], x, y, cell_width, cell_height)
