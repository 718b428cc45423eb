"""The legend of a large chart as a table: what each line is, and what it says under the cursor or at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from qtui.formatting import format_number, format_time
from qtui.plot.axis import Unit, format_value, x_unit
from qtui.plot.readout import Readout
from qtui.plot.series import XAxis
from qtui.runs.column_widths import shorten_title
from qtui.text import display, pad, truncate, width
from qtui.tui.present.chart_spec import Charted, Trace
from qtui.tui.present.rows import Piece

VALUE = 10
"""The cells of a value: as many as the longest that is usual."""
BAND = 21
MOMENT = 19
SPAN = 8
LEAST_NAME = 12
SAMPLE = 3
GAP = "  "


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the legend."""

    trace: Trace
    sample: str
    reading: Readout | None = None
    faint: bool = False
    """Whether it is hidden, or another one is brought out."""
    beside: bool = False
    """Whether the curve does not reach to the cursor: what is said is of its end."""
    note: str = ""
    """What stands in place of values: that it is being read, or why it cannot be."""
    failed: bool = False


class Column(NamedTuple):
    """A column of values."""

    title: str
    cells: int
    text: Callable[[Readout], str]
    main: bool = False
    """Whether it is what the curve says, and not where."""
    left: bool = False


class Columns(NamedTuple):
    """The cells of the names and of the metrics, and the columns after them."""

    name: int = 0
    metric: int = 0
    """0 where all lines are of one metric, or of one run and called by their metrics."""
    values: tuple[Column, ...] = ()

    @property
    def titles(self) -> int:
        """The cells before the values."""
        return SAMPLE + self.name + (len(GAP) + self.metric if self.metric else 0)

    @property
    def cells(self) -> int:
        """The cells of a whole line."""
        return self.titles + sum(len(GAP) + each.cells for each in self.values)


class Extent(NamedTuple):
    """What the columns have to hold."""

    greatest_step: int
    x_axis: XAxis
    at_cursor: bool
    smoothed: bool
    banded: bool


def columns_of(charted: Charted, traces: Sequence[Trace], extent: Extent) -> Columns:
    """Every column that says something of these curves."""
    apart = charted.has_several and len(charted.metrics) > 1
    names = max((width(display(each.called if apart else each.name)) for each in traces), default=0)
    metrics = max((width(display(each)) for each in charted.metrics), default=0) if apart else 0
    values = [
        Column("value" if extent.at_cursor else "last", VALUE, lambda reading: format_number(reading.value), main=True)
    ]
    if extent.smoothed:
        values.append(Column("smoothed", VALUE, lambda reading: _known(reading.smoothed), main=True))
    if extent.banded:
        values.append(Column("runs", 4, lambda reading: f"{reading.count:,}"))
        values.append(Column("band", BAND, lambda reading: f"{_known(reading.low)} … {_known(reading.high)}"))
    return Columns(names, metrics, (*values, *_places(charted, extent)))


def _places(charted: Charted, extent: Extent) -> Iterator[Column]:
    """The columns that say where that is: step and time of a point, or the place of a mean."""
    step = max(len("step"), len(f"{extent.greatest_step:,}"))
    if charted.runs:
        yield Column("step", step, lambda reading: "" if reading.step is None else f"{reading.step:,}")
        yield Column("time", MOMENT, lambda reading: format_time(reading.timestamp), left=True)
    else:
        unit = x_unit(extent.x_axis)
        cells = {Unit.TIMESTAMP: MOMENT, Unit.DURATION: SPAN}.get(unit, step)
        yield Column(extent.x_axis.value, cells, lambda reading: format_value(unit, reading.x))


def fitted(columns: Columns, cells: int) -> Columns:
    """The columns in at most so many cells: those at the right give way first, then the names are cut."""
    name, values = min(columns.name, LEAST_NAME), columns.values
    while len(values) > 1 and columns._replace(name=name, values=values).cells > cells:
        values = values[:-1]
    found = columns._replace(name=0, values=values)
    metric = max(0, min(columns.metric, cells - found._replace(name=name, metric=0).cells - len(GAP)))
    found = found._replace(metric=metric)
    return found._replace(name=max(0, min(columns.name, cells - found.cells)))


def heading(columns: Columns) -> str:
    """The titles of the columns."""
    titles = (GAP + pad(each.title, each.cells, "<" if each.left else ">") for each in columns.values)
    return " " * columns.titles + "".join(titles)


def drawn(entry: Entry, columns: Columns, cells: int) -> list[Piece]:
    """A line: a sample of the curve, what it is called, what it says."""
    trace, role = entry.trace, "muted" if entry.faint else "text"
    line = [
        Piece(pad(entry.sample, SAMPLE), "muted" if entry.faint else trace.role),
        Piece(_cut(trace.called if columns.metric else trace.name, columns.name), role),
    ]
    if columns.metric:
        line.append(Piece(GAP + _cut(trace.metric, columns.metric), role))
    if entry.note:
        note = truncate(display(entry.note), max(0, cells - columns.titles - len(GAP)))
        return [*line, Piece(GAP + note, "error" if entry.failed else "muted")]
    return [*line, *_values(entry, columns)] if entry.reading else line


def _cut(text: str, cells: int) -> str:
    """A name in exactly so many cells; its end tells as much as its beginning."""
    return pad(shorten_title(display(text), cells), cells)


def _values(entry: Entry, columns: Columns) -> Iterator[Piece]:
    for column in columns.values:
        text = column.text(entry.reading) if entry.reading else ""
        role = "text" if column.main and not entry.faint and not entry.beside else "muted"
        yield Piece(GAP + pad(truncate(text, column.cells), column.cells, "<" if column.left else ">"), role)


def _known(value: float | None) -> str:
    return "" if value is None else format_number(value)
