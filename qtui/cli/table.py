"""Lays out a table: aligned by display width, and fitted to a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from qtui.cli.terminal import Terminal
from qtui.text import ELLIPSIS, pad, truncate, width

GAP = "  "
COMFORT = 22
"""Cells that a column of text may claim before others are left out for want of room."""
TIGHT = 6
"""Cells that a column is never cut below."""
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

    @property
    def body(self) -> int:
        """The cells of the terminal that the widest cell fills."""
        return max(map(width, self.cells), default=0)

    @property
    def natural(self) -> int:
        """The cells that it takes to show it whole."""
        return max(self.body, width(self.title))

    @property
    def least(self) -> int:
        """The cells below which it makes no sense."""
        return min(self.natural, TIGHT if self.cut else max(self.body, TITLE))


def lines(columns: Sequence[Column], terminal: Terminal) -> Iterator[str]:
    """The table's lines: the titles, then the rows."""
    fitted, widths = fit(columns, terminal.width)
    titles = [_cell(_end_of(each.title, room), room, each.align) for each, room in zip(fitted, widths, strict=True)]
    yield terminal.paint(GAP.join(titles).rstrip(), "dim")
    bodies = [_body(each, room, terminal) for each, room in zip(fitted, widths, strict=True)]
    for row in zip(*bodies, strict=True):
        yield GAP.join(row).rstrip()


def fit(columns: Sequence[Column], room: int | None) -> tuple[list[Column], list[int]]:
    """The columns that fit, and the width of each: what is optional goes first, then the widest are cut."""
    if room is None:
        return list(columns), [each.natural for each in columns]
    used = sum(_claim(each) for each in columns if not each.optional) - len(GAP)
    kept = []
    for each in columns:
        if each.optional and used + _claim(each) > room:
            continue
        used += _claim(each) if each.optional else 0
        kept.append(each)
    widths = [each.natural for each in kept]
    while _total(widths) > room:
        spare = [(widths[index], index) for index, each in enumerate(kept) if widths[index] > each.least]
        if not spare:
            break
        widths[max(spare)[1]] -= 1
    return kept, widths


def _claim(column: Column) -> int:
    """The cells that a column must have, its gap included, to be kept beside others."""
    return (max(column.least, min(column.natural, COMFORT)) if column.cut else column.least) + len(GAP)


def _total(widths: Sequence[int]) -> int:
    """The cells of a whole line."""
    return sum(widths) + len(GAP) * (len(widths) - 1)


def _body(column: Column, room: int, terminal: Terminal) -> Iterator[str]:
    """A column's cells at their width."""
    if not column.styles:
        return (_cell(cell, room, column.align) for cell in column.cells)
    return (
        _cell(cell, room, column.align, terminal, style)
        for cell, style in zip(column.cells, column.styles, strict=True)
    )


def _cell(text: str, room: int, align: Literal["<", ">"], terminal: Terminal | None = None, style: str = "") -> str:
    """A text at a width; only the text is painted, not the blanks around it."""
    shown = truncate(text, room)
    padded = pad(shown, room, align)
    return padded.replace(shown, terminal.paint(shown, style), 1) if terminal and shown else padded


def _end_of(title: str, room: int) -> str:
    """The end of a title that is too long, since names of metrics differ there."""
    if width(title) <= room:
        return title
    start = next(at for at in range(len(title) + 1) if width(title[at:]) < room)
    return ELLIPSIS + title[start:]
