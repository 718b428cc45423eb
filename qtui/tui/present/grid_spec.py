"""Which charts a grid has, in what order, and where each of them is: pure, for the grid to draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from qtui.entities import RunInfo
from qtui.formatting import format_count
from qtui.tui.present.detail_rows import SYSTEM_METRICS

PINNED, OTHERS = "pinned", "metrics"
"""The sections that are no prefix."""


class Measure(NamedTuple):
    """The cells and lines that a chart has at least, with the blank line below it."""

    narrowest: int
    flattest: int


MEASURES = (Measure(24, 6), Measure(36, 9), Measure(56, 13), Measure(84, 18))
"""The sizes of charts to choose from."""
USUAL = 1
"""Which of them is chosen at first."""
TALLEST = 2
"""How many times its least lines a chart has at most."""
NARROWEST_VALUE = 28
"""The cells that a single value has at least."""
GAP = 2
"""Blank cells between two charts."""


@dataclass(frozen=True, slots=True)
class Gridded:
    """The runs whose metrics are drawn over each other, and the metrics that any of them has."""

    runs: tuple[RunInfo, ...] = ()
    metrics: frozenset[str] = frozenset()
    left_out: int = 0
    """How many further runs were asked for."""

    @property
    def title(self) -> str:
        """The name of the run, or how many of how many runs are drawn."""
        if len(self.runs) == 1:
            return self.runs[0].name or self.runs[0].run_id
        amount = format_count(len(self.runs) + self.left_out, "run")
        return f"{len(self.runs):,} of {amount}" if self.left_out else amount


@dataclass(frozen=True, slots=True)
class Section:
    """Charts that belong together: those that are pinned, or have a prefix in common."""

    name: str
    metrics: tuple[str, ...]

    def label(self, metric: str) -> str:
        """What a metric is called below the name of the section."""
        return metric.removeprefix(self.name) if self.name.endswith("/") else metric


class Stop(NamedTuple):
    """Something that the cursor can be on: a chart, or the heading of a section that is folded."""

    section: str
    metric: str = ""


class Slot(NamedTuple):
    """Where a chart is: its first cell and line, and how many of each it has."""

    stop: Stop
    label: str
    x: int
    y: int
    width: int
    height: int


class Heading(NamedTuple):
    """The line above a section."""

    section: Section
    y: int
    folded: bool

    @property
    def stop(self) -> Stop:
        """What the cursor is on when it is here."""
        return Stop(self.section.name)


@dataclass(frozen=True, slots=True)
class Plan:
    """A grid laid out in lines, of which a part is seen."""

    slots: tuple[Slot, ...] = ()
    headings: tuple[Heading, ...] = ()
    lines: int = 0

    def seen(self, first: int, count: int) -> tuple[Slot, ...]:
        """The charts of which any of these lines shows a part."""
        return tuple(slot for slot in self.slots if slot.y < first + count and slot.y + slot.height > first)

    def rows(self) -> tuple[tuple[Stop, ...], ...]:
        """All stops, line by line."""
        by_line: dict[int, list[Stop]] = {}
        for heading in self.headings:
            if heading.folded:
                by_line[heading.y] = [heading.stop]
        for slot in self.slots:
            by_line.setdefault(slot.y, []).append(slot.stop)
        return tuple(tuple(by_line[line]) for line in sorted(by_line))

    def slot_of(self, stop: Stop | None) -> Slot | None:
        """Where a chart is; none for a heading, and for what is not shown."""
        return next((slot for slot in self.slots if slot.stop == stop), None)

    def span_of(self, stop: Stop | None) -> tuple[int, int] | None:
        """The lines of a stop, from the first to behind the last; the first chart below a heading brings it along."""
        slot = self.slot_of(stop)
        if slot is not None:
            return (slot.y - 1 if any(each.y == slot.y - 1 for each in self.headings) else slot.y), slot.y + slot.height
        return next(((each.y, each.y + 1) for each in self.headings if each.folded and each.stop == stop), None)

    def moved(self, stop: Stop | None, across: int, down: int) -> Stop | None:
        """The stop beside another, or above or below it; at an edge the same one."""
        rows = self.rows()
        if not rows:
            return None
        for line, row in enumerate(rows):
            if stop in row:
                return _beside(rows, line, row.index(stop), across, down)
        return rows[0][0]


def _beside(rows: Sequence[Sequence[Stop]], line: int, place: int, across: int, down: int) -> Stop:
    if across:
        flat = [stop for row in rows for stop in row]
        index = flat.index(rows[line][place]) + across
        return flat[max(0, min(index, len(flat) - 1))]
    row = rows[max(0, min(line + down, len(rows) - 1))]
    return row[min(place, len(row) - 1)]


def sections_of(metrics: Collection[str], pins: Sequence[str] = (), wanted: str = "") -> tuple[Section, ...]:
    """The metrics that hold what is wanted: pinned ones, those without company, prefix by prefix, the system's."""
    needle = wanted.casefold()
    shown = [each for each in sorted(metrics) if needle in each.casefold()]
    pinned = tuple(each for each in pins if each in shown)
    rest = [each for each in shown if each not in pinned]
    company = Counter(map(prefix_of, rest))
    homes: dict[str, list[str]] = {}
    for each in rest:
        prefix = prefix_of(each)
        homes.setdefault(prefix if company[prefix] > 1 or prefix == SYSTEM_METRICS else "", []).append(each)
    system = homes.pop(SYSTEM_METRICS, [])
    named = [(PINNED, pinned), (OTHERS, homes.pop("", [])), *sorted(homes.items()), (SYSTEM_METRICS, system)]
    return tuple(Section(name, tuple(found)) for name, found in named if found)


def prefix_of(metric: str) -> str:
    """What stands before the first slash, with the slash."""
    head, slash, tail = metric.partition("/")
    return head + slash if slash and tail else ""


def laid_out(
    sections: Sequence[Section],
    folded: Collection[str],
    width: int,
    height: int,
    *,
    single: Collection[str] = (),
    measure: Measure = MEASURES[USUAL],
) -> Plan:
    """The charts of these sections in so many cells, as high as lets rows of them fill the lines that are seen.

    A metric of a `single` value has nothing to draw: it is a line behind the charts of its section.
    """
    open_ones = [each for each in sections if each.name not in folded]
    headed = len(sections) > 1 or len(open_ones) < len(sections)
    curves = {each.name: [metric for metric in each.metrics if metric not in single] for each in open_ones}
    values = {each.name: [metric for metric in each.metrics if metric in single] for each in open_ones}
    across = _columns(curves.values(), width, measure.narrowest)
    beside = max(across, _columns(values.values(), width, NARROWEST_VALUE))
    taken = len(sections) * headed + sum(_rows(each, beside) + 1 for each in values.values() if each)
    pitch = _pitch(sum(_rows(each, across) for each in curves.values()), height, taken, measure)
    slots: list[Slot] = []
    headings: list[Heading] = []
    line = 0
    for section in sections:
        if headed:
            headings.append(Heading(section, line, section.name in folded))
            line += 1
        if section.name not in folded:
            slots += _placed(section, curves[section.name], across, width, pitch, line)
            line += _rows(curves[section.name], across) * pitch
            slots += _placed(section, values[section.name], beside, width, 1, line)
            line += _rows(values[section.name], beside) + bool(values[section.name])
    return Plan(tuple(slots), tuple(headings), line)


def _columns(metrics: Iterable[Sequence[str]], width: int, narrowest: int) -> int:
    """How many stand beside each other: as many as fit, and no more than there are."""
    most = max(map(len, metrics), default=0)
    return max(1, min(most, (width + GAP) // (narrowest + GAP)))


def _rows(metrics: Sequence[str], columns: int) -> int:
    return -(-len(metrics) // columns)


def _pitch(rows: int, height: int, taken: int, measure: Measure) -> int:
    """The lines from one row of charts to the next, where so many lines are taken by other things."""
    least = min(measure.flattest, max(1, height))
    most = TALLEST * measure.flattest
    room = height - taken
    if rows and room >= rows * least:
        return min(most, room // rows)
    return max(least, min(most, height // max(1, height // least)))


def _placed(
    section: Section, metrics: Sequence[str], columns: int, width: int, pitch: int, line: int
) -> Iterator[Slot]:
    cells = (width + GAP) // columns - GAP
    for index, metric in enumerate(metrics):
        x, y = index % columns * (cells + GAP), line + index // columns * pitch
        yield Slot(Stop(section.name, metric), section.label(metric), x, y, cells, max(1, pitch - 1))
