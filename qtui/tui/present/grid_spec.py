"""Which charts a grid has, in what order, and where each of them is: pure, for the grid to draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from qtui.entities import RunInfo
from qtui.formatting import format_count
from qtui.tui.present.detail_rows import SYSTEM_METRICS
from qtui.value_classes import dataclass

PINNED, UNGROUPED = "pinned", "metrics"
"""The sections that are no prefix."""


class ChartSize(NamedTuple):
    """The minimum cells and lines of a chart, including the blank line below it."""

    min_cells: int
    min_lines: int


CHART_SIZES = (ChartSize(24, 6), ChartSize(36, 9), ChartSize(56, 13), ChartSize(84, 18))
"""The chart sizes to choose from."""
DEFAULT_SIZE = 1
"""Which of them is chosen at first."""
MAX_HEIGHT_FACTOR = 2
"""The maximum height of a chart, as a multiple of its minimum."""
MIN_VALUE_CELLS = 28
"""The cells that a single value has at least."""
GAP_CELLS = 2
"""Blank cells between two charts."""


@dataclass(frozen=True, slots=True)
class GridSpec:
    """The runs whose metrics are drawn over each other, and the metrics that any of them has."""

    runs: tuple[RunInfo, ...] = ()
    metrics: frozenset[str] = frozenset()
    omitted_runs: int = 0
    """The number of runs that were requested but are not drawn."""

    @property
    def title(self) -> str:
        """The name of the run, or how many of how many runs are drawn."""
        if len(self.runs) == 1:
            return self.runs[0].name or self.runs[0].run_id
        amount = format_count(len(self.runs) + self.omitted_runs, "run")
        return f"{len(self.runs):,} of {amount}" if self.omitted_runs else amount


@dataclass(frozen=True, slots=True)
class MetricSection:
    """Charts that belong together: those that are pinned, or have a prefix in common."""

    name: str
    metrics: tuple[str, ...]

    def label(self, metric: str) -> str:
        """What a metric is called below the name of the section."""
        return metric.removeprefix(self.name) if self.name.endswith("/") else metric


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
    folded: bool

    @property
    def item(self) -> GridItem:
        """What the cursor is on when it is here."""
        return GridItem(self.section.name)


@dataclass(frozen=True, slots=True)
class GridLayout:
    """The layout of a grid, of which a part is visible."""

    cells: tuple[GridCell, ...] = ()
    headings: tuple[SectionHeading, ...] = ()
    lines: int = 0

    def visible_cells(self, first: int, count: int) -> tuple[GridCell, ...]:
        """The charts of which any of these lines shows a part."""
        return tuple(cell for cell in self.cells if cell.y < first + count and cell.y + cell.height > first)

    def rows(self) -> tuple[tuple[GridItem, ...], ...]:
        """Return all items, row by row."""
        by_line: dict[int, list[GridItem]] = {}
        for heading in self.headings:
            if heading.folded:
                by_line[heading.y] = [heading.item]
        for cell in self.cells:
            by_line.setdefault(cell.y, []).append(cell.item)
        return tuple(tuple(by_line[line]) for line in sorted(by_line))

    def cell_of(self, item: GridItem | None) -> GridCell | None:
        """Return the cell of a chart, or None."""
        return next((cell for cell in self.cells if cell.item == item), None)

    def line_range(self, item: GridItem | None) -> tuple[int, int] | None:
        """The lines of a stop, from the first to behind the last; the first chart below a heading brings it along."""
        cell = self.cell_of(item)
        if cell is not None:
            return (cell.y - 1 if any(each.y == cell.y - 1 for each in self.headings) else cell.y), cell.y + cell.height
        return next(((each.y, each.y + 1) for each in self.headings if each.folded and each.item == item), None)

    def neighbour(self, item: GridItem | None, across: int, down: int) -> GridItem | None:
        """The stop beside another, or above or below it; at an edge the same one."""
        rows = self.rows()
        if not rows:
            return None
        for line, row in enumerate(rows):
            if item in row:
                return _neighbour(rows, line, row.index(item), across, down)
        return rows[0][0]


def _neighbour(rows: Sequence[Sequence[GridItem]], line: int, place: int, across: int, down: int) -> GridItem:
    if across:
        flat = [item for row in rows for item in row]
        index = flat.index(rows[line][place]) + across
        return flat[max(0, min(index, len(flat) - 1))]
    row = rows[max(0, min(line + down, len(rows) - 1))]
    return row[min(place, len(row) - 1)]


def group_metrics(metrics: Collection[str], pins: Sequence[str] = (), wanted: str = "") -> tuple[MetricSection, ...]:
    """The metrics that hold what is wanted: pinned ones, those without company, prefix by prefix, the system's."""
    needle = wanted.casefold()
    shown = [each for each in sorted(metrics) if needle in each.casefold()]
    pinned = tuple(each for each in pins if each in shown)
    rest = [each for each in shown if each not in pinned]
    company = Counter(map(metric_prefix, rest))
    homes: dict[str, list[str]] = {}
    for each in rest:
        prefix = metric_prefix(each)
        homes.setdefault(prefix if company[prefix] > 1 or prefix == SYSTEM_METRICS else "", []).append(each)
    system = homes.pop(SYSTEM_METRICS, [])
    named = [(PINNED, pinned), (UNGROUPED, homes.pop("", [])), *sorted(homes.items()), (SYSTEM_METRICS, system)]
    return tuple(MetricSection(name, tuple(found)) for name, found in named if found)


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
    """The charts of these sections in so many cells, as high as lets rows of them fill the lines that are seen.

    A metric of a `single` value has nothing to draw: it is a line behind the charts of its section.
    """
    open_ones = [each for each in sections if each.name not in folded]
    headed = len(sections) > 1 or len(open_ones) < len(sections)
    curves = {each.name: [metric for metric in each.metrics if metric not in single] for each in open_ones}
    values = {each.name: [metric for metric in each.metrics if metric in single] for each in open_ones}
    across = _columns(curves.values(), width, size.min_cells)
    beside = max(across, _columns(values.values(), width, MIN_VALUE_CELLS))
    taken = len(sections) * headed + sum(_rows(each, beside) + 1 for each in values.values() if each)
    pitch = _row_height(sum(_rows(each, across) for each in curves.values()), height, taken, size)
    cells: list[GridCell] = []
    headings: list[SectionHeading] = []
    line = 0
    for section in sections:
        if headed:
            headings.append(SectionHeading(section, line, section.name in folded))
            line += 1
        if section.name not in folded:
            cells += _place_cells(section, curves[section.name], across, width, pitch, line)
            line += _rows(curves[section.name], across) * pitch
            cells += _place_cells(section, values[section.name], beside, width, 1, line)
            line += _rows(values[section.name], beside) + bool(values[section.name])
    return GridLayout(tuple(cells), tuple(headings), line)


def _columns(metrics: Iterable[Sequence[str]], width: int, min_cells: int) -> int:
    """How many stand beside each other: as many as fit, and no more than there are."""
    most = max(map(len, metrics), default=0)
    return max(1, min(most, (width + GAP_CELLS) // (min_cells + GAP_CELLS)))


def _rows(metrics: Sequence[str], columns: int) -> int:
    return -(-len(metrics) // columns)


def _row_height(rows: int, height: int, taken: int, size: ChartSize) -> int:
    """The lines from one row of charts to the next, where so many lines are taken by other things."""
    least = min(size.min_lines, max(1, height))
    most = MAX_HEIGHT_FACTOR * size.min_lines
    room = height - taken
    if rows and room >= rows * least:
        return min(most, room // rows)
    return max(least, min(most, height // max(1, height // least)))


def _place_cells(
    section: MetricSection, metrics: Sequence[str], columns: int, width: int, pitch: int, line: int
) -> Iterator[GridCell]:
    width_cells = (width + GAP_CELLS) // columns - GAP_CELLS
    for index, metric in enumerate(metrics):
        x, y = index % columns * (width_cells + GAP_CELLS), line + index // columns * pitch
        yield GridCell(GridItem(section.name, metric), section.label(metric), x, y, width_cells, max(1, pitch - 1))
