"""The layout of tables: columns aligned by display width and fitted to the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from qtui.cli.terminal import Terminal
from qtui.column_fit import ColumnNeed, fit_columns
from qtui.text import ELLIPSIS, MARKS_PER_BASE, pad, truncate, width

GAP = "  "
PREFERRED_CELLS = 22
"""The width of a text column up to which optional columns are left out rather than it is cut."""
MIN_CELLS = 6
"""The least width of a cut column."""
MAX_PADDING = 200
"""The width to which a column is padded at most where lines may have any length."""
MIN_TITLE_CELLS = 12
"""The width of its title that a column of numbers keeps."""


class Column(NamedTuple):
    """A title, and a displayable cell for every row."""

    title: str
    cells: Sequence[str]
    align: Literal["<", ">"] = "<"
    can_be_cut: bool = True
    """Whether its cells may be cut; a cut number would be another number."""
    is_optional: bool = False
    """Whether it may be left out."""
    styles: Sequence[str] = ()
    """The style of every cell."""


def lines(columns: Sequence[Column], terminal: Terminal, widths: Sequence[int] | None = None) -> Iterator[str]:
    """Return the lines of the table: the titles, then the rows; `widths` are those of columns that were fitted."""
    if widths is None:
        columns, widths = fit(columns, terminal.width)
    is_cut = terminal.width is not None
    titles = [
        pad(_keep_title_end(column.title, room) if is_cut else column.title, room, column.align)
        for column, room in zip(columns, widths, strict=True)
    ]
    yield terminal.paint(GAP.join(titles).rstrip(), "dim")
    yield from body_lines(columns, widths, terminal)


def body_lines(columns: Sequence[Column], widths: Sequence[int], terminal: Terminal) -> Iterator[str]:
    """Return the rows of columns that were fitted."""
    is_cut = terminal.width is not None
    bodies = [_body(column, room, terminal, is_cut) for column, room in zip(columns, widths, strict=True)]
    for row in zip(*bodies, strict=True):
        yield GAP.join(row).rstrip()


def fit(columns: Sequence[Column], room: int | None) -> tuple[list[Column], list[int]]:
    """Return the columns that fit, and their widths: optional ones are left out first, then the widest are cut.

    With None, as in a pipe, no value is cut; one that is wider than its column moves only its own line.
    """
    needs = [_need(column, MAX_PADDING if room is None else room) for column in columns]
    if room is None:
        return list(columns), [need.natural for need in needs]
    widths = fit_columns(needs, room, len(GAP))
    fitting = [(column, cells) for column, cells in zip(columns, widths, strict=True) if cells is not None]
    return [column for column, _ in fitting], [cells for _, cells in fitting]


def _need(column: Column, max_cells: int) -> ColumnNeed:
    """Measure every cell once, up to `max_cells`."""
    body = max((width(cell, max_cells) for cell in column.cells), default=0)
    natural = max(body, width(column.title, max_cells))
    least = min(natural, MIN_CELLS if column.can_be_cut else max(body, MIN_TITLE_CELLS))
    preferred = max(least, min(natural, PREFERRED_CELLS)) if column.can_be_cut else least
    return ColumnNeed(natural, least, preferred, int(column.is_optional))


def _body(column: Column, room: int, terminal: Terminal, is_cut: bool) -> Iterator[str]:
    """Return the cells of a column, padded or cut to its width."""
    cells = (truncate(cell, room) for cell in column.cells) if is_cut else iter(column.cells)
    if not column.styles:
        return (pad(cell, room, column.align) for cell in cells)
    return (
        _paint_padded(cell, room, column.align, terminal, style)
        for cell, style in zip(cells, column.styles, strict=True)
    )


def _paint_padded(text: str, room: int, align: Literal["<", ">"], terminal: Terminal, style: str) -> str:
    """Pad a text; only the text is painted, not the padding."""
    padded = pad(text, room, align)
    return padded.replace(text, terminal.paint(text, style), 1) if text else padded


def _keep_title_end(title: str, room: int) -> str:
    """Cut a title at its start, since names of metrics differ at their end."""
    if width(title, room + 1) <= room:
        return title
    end = title[-max(1, room) * (MARKS_PER_BASE + 1) :]
    start = next(at for at in range(len(end) + 1) if width(end[at:]) < room)
    return ELLIPSIS + end[start:]
