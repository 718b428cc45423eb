"""Detail rows as lines of a table: keys, and as many columns as fit."""

from __future__ import annotations

from collections.abc import Sequence

from qtui.runs.column_widths import shorten_title
from qtui.text import display, pad, truncate, width
from qtui.tui.present.detail_rows import DetailColumn, DetailRow
from qtui.tui.present.rows import Piece
from qtui.value_classes import dataclass

GAP_CELLS = 2
MAX_KEY_SHARE = 0.45
"""The share of the line that the keys take at most beside columns."""


@dataclass(frozen=True, slots=True)
class DetailTable:
    """The widths in cells of the keys and the columns."""

    columns: tuple[DetailColumn, ...]
    key_cells: int
    widths: tuple[int, ...]
    """The width of each column; 0 where it is left out."""

    def render_row(self, row: DetailRow) -> list[Piece]:
        """Return the pieces of a row."""
        indent = "  " * row.depth
        key = shorten_title(display(row.key), max(1, self.key_cells - len(indent)))
        label = truncate(indent + key, self.key_cells)
        is_plain = row.role in ("text", "muted") and row.target is None
        pieces = [Piece(" " + pad(label, self.key_cells), "muted" if is_plain else row.role)]
        for column, cells, cell in zip(self.columns, self.widths, row.cells, strict=False):
            if cells:
                text = pad(truncate(display(cell), cells), cells, ">" if column.right else "<")
                pieces.append(Piece(" " * GAP_CELLS + text, column.role or row.role))
        return pieces

    def render_heading(self) -> str:
        """Return the line with the column titles."""
        titles = [
            " " * GAP_CELLS + pad(truncate(column.title, cells), cells, ">" if column.right else "<")
            for column, cells in zip(self.columns, self.widths, strict=True)
            if cells
        ]
        return " " + pad("", self.key_cells) + "".join(titles)


def fit_table(rows: Sequence[DetailRow], columns: Sequence[DetailColumn], cells: int) -> DetailTable:
    """Return a table for these rows in at most `cells` cells, without empty columns and those that do not fit."""
    key_cells = max((width(display(row.key)) + 2 * row.depth for row in rows), default=0)
    natural = [_natural_width(rows, index, column) for index, column in enumerate(columns)]
    key_cells = min(key_cells, max(8, int(cells * MAX_KEY_SHARE))) if any(natural) else min(key_cells, cells - 1)
    available = cells - 2 - key_cells
    widths = [0] * len(columns)
    for index in sorted(range(len(columns)), key=lambda index: columns[index].rank):
        is_first = columns[index].rank == 0
        if natural[index] and (is_first or natural[index] + GAP_CELLS <= available):
            widths[index] = max(0, min(natural[index], available - GAP_CELLS))
            available -= widths[index] + GAP_CELLS
    return DetailTable(tuple(columns), key_cells, tuple(widths))


def _natural_width(rows: Sequence[DetailRow], index: int, column: DetailColumn) -> int:
    """Return the width that a column needs; 0 where it is empty."""
    cells = max((width(display(row.cells[index])) for row in rows if index < len(row.cells)), default=0)
    return max(cells, width(column.title) if column.title != "value" else 0) if cells else 0
