"""Lays out a table: aligned by display width, and fitted to a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from qtui.cli.terminal import Terminal
from qtui.text import ELLIPSIS, MARKS_PER_BASE, pad, truncate, width

GAP = "  "
COMFORT = 22
"""Cells that a column of text may claim before others are left out for want of room."""
TIGHT = 6
"""Cells that a column is never cut below."""
MAX_PADDING = 200
"""Cells to which a column is padded at most where lines may have any length."""
TITLE = 12
"""Cells of its title that a column of numbers shows at least."""


class Column(NamedTuple):
    """A title, and under it one cell for every row, all fit to be shown."""

    title: str
    cells: Sequence[str]
    align: Literal["<", ">"] = "<"
    cut: bool = True
    """Whether its cells may be shortened; half a number would be another number."""
    optional: bool = False
    """Whether it may be left out."""
    styles: Sequence[str] = ()
    """How each cell is painted."""


class Measure(NamedTuple):
    """The cells that a column needs."""

    natural: int
    """To show it whole, as far as a line reaches."""
    least: int
    """Below which it makes no sense."""


def lines(columns: Sequence[Column], terminal: Terminal) -> Iterator[str]:
    """The table's lines: the titles, then the rows."""
    fitted, widths = fit(columns, terminal.width)
    is_cut = terminal.width is not None
    both = list(zip(fitted, widths, strict=True))
    titles = [pad(_end_of(column.title, room) if is_cut else column.title, room, column.align) for column, room in both]
    yield terminal.paint(GAP.join(titles).rstrip(), "dim")
    bodies = [_body(column, room, terminal, is_cut) for column, room in both]
    for row in zip(*bodies, strict=True):
        yield GAP.join(row).rstrip()


def fit(columns: Sequence[Column], room: int | None) -> tuple[list[Column], list[int]]:
    """The columns that fit, and the width of each: what is optional goes first, then the widest are cut.

    Without a room, as in a pipe, every value is whole; one that is wider than its column moves only its own line.
    """
    measures = [_measure(column, MAX_PADDING if room is None else room) for column in columns]
    if room is None:
        return list(columns), [measure.natural for measure in measures]
    both = list(zip(columns, measures, strict=True))
    used = sum(_claim(column, measure) for column, measure in both if not column.optional) - len(GAP)
    kept = []
    for column, measure in both:
        if column.optional and used + _claim(column, measure) > room:
            continue
        used += _claim(column, measure) if column.optional else 0
        kept.append((column, measure))
    return [column for column, _ in kept], _cut([measure for _, measure in kept], room)


def _measure(column: Column, most: int) -> Measure:
    """Measure every cell once, and no further than `most` cells."""
    body = max((width(cell, most) for cell in column.cells), default=0)
    natural = max(body, width(column.title, most))
    return Measure(natural, min(natural, TIGHT if column.cut else max(body, TITLE)))


def _cut(measures: Sequence[Measure], room: int) -> list[int]:
    """The widths in which the columns fit: the widest are cut to one level, the first of them a cell less."""

    def widths(level: int) -> list[int]:
        return [max(measure.least, min(measure.natural, level)) for measure in measures]

    low, high = 0, max((measure.natural for measure in measures), default=0)
    if _total(widths(high)) <= room:
        return widths(high)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _total(widths(middle)) <= room else (low, middle)
    level, spare = widths(low), room - _total(widths(low))
    for index, wider in enumerate(widths(low + 1)):
        if spare > 0 and wider > level[index]:
            level[index], spare = wider, spare - 1
    return level


def _claim(column: Column, measure: Measure) -> int:
    """The cells that a column must have, its gap included, to be kept beside others."""
    return (max(measure.least, min(measure.natural, COMFORT)) if column.cut else measure.least) + len(GAP)


def _total(widths: Sequence[int]) -> int:
    """The cells of a whole line."""
    return sum(widths) + len(GAP) * (len(widths) - 1)


def _body(column: Column, room: int, terminal: Terminal, is_cut: bool) -> Iterator[str]:
    """A column's cells at their width."""
    cells = (truncate(cell, room) for cell in column.cells) if is_cut else iter(column.cells)
    if not column.styles:
        return (pad(cell, room, column.align) for cell in cells)
    return (
        _painted(cell, room, column.align, terminal, style) for cell, style in zip(cells, column.styles, strict=True)
    )


def _painted(text: str, room: int, align: Literal["<", ">"], terminal: Terminal, style: str) -> str:
    """A text at a width; only the text is painted, not the blanks around it."""
    padded = pad(text, room, align)
    return padded.replace(text, terminal.paint(text, style), 1) if text else padded


def _end_of(title: str, room: int) -> str:
    """The end of a title that is too long, since names of metrics differ there."""
    if width(title, room + 1) <= room:
        return title
    end = title[-max(1, room) * (MARKS_PER_BASE + 1) :]
    start = next(at for at in range(len(end) + 1) if width(end[at:]) < room)
    return ELLIPSIS + end[start:]
