"""How facts are laid out in columns: as many as fit, the most telling first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qtui.runs.column_widths import shorten_title
from qtui.text import display, pad, truncate, width
from qtui.tui.present.detail_rows import Column, DetailRow
from qtui.tui.present.rows import Piece

GAP = 2
KEY_SHARE = 0.45
"""How much of the line the keys may take, at most, where there is something beside them."""


@dataclass(frozen=True, slots=True)
class DetailTable:
    """The widths of keys and columns for some rows in so many cells."""

    columns: tuple[Column, ...]
    key: int
    widths: tuple[int, ...]
    """The width of each column; nothing where it is left out."""

    def draw(self, row: DetailRow, cells: int) -> list[Piece]:
        """The pieces of a row."""
        indent = "  " * row.depth
        label = truncate(indent + shorten_title(display(row.key), max(1, self.key - len(indent))), self.key)
        plain = row.role in ("text", "muted")
        pieces = [Piece(" " + pad(label, self.key), "muted" if plain and row.target is None else row.role)]
        for column, room, cell in zip(self.columns, self.widths, row.cells, strict=False):
            if room:
                text = truncate(display(cell), room)
                pieces.append(Piece(" " * GAP + pad(text, room, ">" if column.right else "<"), column.role or row.role))
        return pieces

    def heading(self) -> str:
        """The titles over the columns."""
        titles = [
            " " * GAP + pad(truncate(column.title, room), room, ">" if column.right else "<")
            for column, room in zip(self.columns, self.widths, strict=True)
            if room
        ]
        return " " + pad("", self.key) + "".join(titles)


def fitted(rows: Sequence[DetailRow], columns: Sequence[Column], cells: int) -> DetailTable:
    """A table for these rows in so many cells; empty columns and those that do not fit are left out."""
    key = max((width(display(row.key)) + 2 * row.depth for row in rows), default=0)
    wanted = [_needed(rows, index, column) for index, column in enumerate(columns)]
    key = min(key, max(8, int(cells * KEY_SHARE))) if any(wanted) else min(key, cells - 1)
    room = cells - 2 - key
    widths = [0] * len(columns)
    for index in sorted(range(len(columns)), key=lambda each: columns[each].rank):
        last_chance = columns[index].rank == 0
        if wanted[index] and (last_chance or wanted[index] + GAP <= room):
            widths[index] = max(0, min(wanted[index], room - GAP))
            room -= widths[index] + GAP
    return DetailTable(tuple(columns), key, tuple(widths))


def _needed(rows: Sequence[DetailRow], index: int, column: Column) -> int:
    """How wide a column wants to be; not at all when it is empty."""
    filled = max((width(display(row.cells[index])) for row in rows if index < len(row.cells)), default=0)
    return max(filled, width(column.title) if column.title != "value" else 0) if filled else 0
