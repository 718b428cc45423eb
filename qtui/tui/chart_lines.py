"""The legend of a large chart as a table: what each line is, and what it says under the cursor or at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from qtui.figures import moment, number
from qtui.plot.reading import Reading
from qtui.text import display, pad, truncate, width
from qtui.tui.charted import Trace
from qtui.tui.widgets.lines import Piece

VALUE = 10
"""The cells of a value: as many as the longest that is usual."""
LEAST_NAME = 10
SAMPLE = 3
GAP = "  "


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the legend."""

    trace: Trace
    sample: str
    reading: Reading | None = None
    faint: bool = False
    """Whether it is hidden, or another one is brought out."""
    note: str = ""
    """What stands in place of values: that it is being read, or why it cannot be."""
    failed: bool = False


class Column(NamedTuple):
    """A column of values."""

    title: str
    cells: int
    text: Callable[[Reading], str]
    main: bool = False
    """Whether it is what the curve says, and not where."""
    left: bool = False


class Columns(NamedTuple):
    """The cells of the names, and the columns after them."""

    name: int = 0
    values: tuple[Column, ...] = ()

    @property
    def cells(self) -> int:
        """The cells of a whole line."""
        return SAMPLE + self.name + sum(len(GAP) + each.cells for each in self.values)


def columns_of(
    names: Sequence[str], greatest_step: int, *, at_cursor: bool, smoothed: bool, banded: bool, logged: bool
) -> Columns:
    """Every column that says something of these curves."""
    name = max((width(display(each)) for each in names), default=0)
    step = max(len("step"), len(f"{greatest_step:,}"))
    values = [Column("value" if at_cursor else "last", VALUE, lambda reading: number(reading.value), main=True)]
    if smoothed:
        values.append(Column("smoothed", VALUE, lambda reading: _known(reading.smoothed), main=True))
    if banded:
        values.append(Column("from", VALUE, lambda reading: _known(reading.low)))
        values.append(Column("to", VALUE, lambda reading: _known(reading.high)))
    if logged:
        values.append(Column("step", step, lambda reading: "" if reading.step is None else f"{reading.step:,}"))
        values.append(Column("time", 19, lambda reading: moment(reading.timestamp), left=True))
    return Columns(name, tuple(values))


def fitted(columns: Columns, cells: int) -> Columns:
    """The columns in at most so many cells: those at the right give way first, then the names are cut."""
    values = columns.values
    while len(values) > 1 and columns._replace(name=min(columns.name, LEAST_NAME), values=values).cells > cells:
        values = values[:-1]
    others = columns._replace(name=0, values=values).cells
    return Columns(max(0, min(columns.name, cells - others)), values)


def heading(columns: Columns) -> str:
    """The titles of the columns."""
    titles = (GAP + pad(each.title, each.cells, "<" if each.left else ">") for each in columns.values)
    return " " * (SAMPLE + columns.name) + "".join(titles)


def drawn(entry: Entry, columns: Columns, cells: int) -> list[Piece]:
    """A line: a sample of the curve, what it is called, what it says."""
    name = pad(truncate(display(entry.trace.name), columns.name), columns.name)
    line = [
        Piece(pad(entry.sample, SAMPLE), "muted" if entry.faint else entry.trace.role),
        Piece(name, "muted" if entry.faint else "text"),
    ]
    if entry.note:
        note = truncate(display(entry.note), max(0, cells - SAMPLE - columns.name - len(GAP)))
        return [*line, Piece(GAP + note, "error" if entry.failed else "muted")]
    return [*line, *_values(entry, columns)] if entry.reading else line


def _values(entry: Entry, columns: Columns) -> Iterator[Piece]:
    for column in columns.values:
        text = column.text(entry.reading) if entry.reading else ""
        role = "text" if column.main and not entry.faint else "muted"
        yield Piece(GAP + pad(truncate(text, column.cells), column.cells, "<" if column.left else ">"), role)


def _known(value: float | None) -> str:
    return "" if value is None else number(value)
