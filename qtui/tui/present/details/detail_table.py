"""Detail rows as lines of a table: keys, and as many columns as fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from types import MappingProxyType

from qtui.column_fit import ColumnNeed, fit_columns
from qtui.plot.pieces import Piece
from qtui.runs.display_names import short_names
from qtui.text import display, fit_text, pad, truncate, truncate_middle, width
from qtui.tui.present.details.detail_rows import DetailColumn, DetailRow
from qtui.value_classes import dataclass

GAP_CELLS = 2
MIN_KEY_CELLS = 8
MAX_KEY_SHARE = 0.45
"""The share of the line that is reserved for the keys before optional columns get any."""


@dataclass(frozen=True, slots=True)
class DetailTable:
    """The widths in cells of the keys and the columns."""

    columns: tuple[DetailColumn, ...]
    key_cells: int
    widths: tuple[int, ...]
    """The width of each column; 0 where it is left out."""
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The short names of keys that do not fit."""

    def render_row(self, row: DetailRow) -> list[Piece]:
        """Return the pieces of a row."""
        indent = "  " * row.depth
        name = display(self.labels.get(row.key, row.key))
        key = truncate_middle(name, max(1, self.key_cells - len(indent)))
        label = truncate(indent + key, self.key_cells)
        is_plain = row.role in ("text", "muted") and row.target is None
        pieces = [Piece(" " + pad(label, self.key_cells), "muted" if is_plain else row.role)]
        for column, cells, cell in zip(self.columns, self.widths, row.cells, strict=False):
            if cells:
                text = fit_text(display(cell), cells, ">" if column.is_right else "<")
                pieces.append(Piece(" " * GAP_CELLS + text, column.role or row.role))
        return pieces

    def render_heading(self) -> str:
        """Return the line with the column titles."""
        titles = [
            " " * GAP_CELLS + fit_text(column.title, cells, ">" if column.is_right else "<")
            for column, cells in zip(self.columns, self.widths, strict=True)
            if cells
        ]
        return " " + pad("", self.key_cells) + "".join(titles)


def fit_table(
    rows: Sequence[DetailRow], columns: Sequence[DetailColumn], cells: int, *, are_names: bool = False
) -> DetailTable:
    """Return a table for these rows in at most `cells` cells, without empty columns and those that do not fit.

    If the keys are names of metrics or params, those that do not fit lose the prefixes they share.
    """
    table = _fit(rows, columns, cells, {})
    if are_names and any(width(display(row.key)) > table.key_cells for row in rows):
        return _fit(rows, columns, cells, _short_names(tuple(row.key for row in rows)))
    return table


def fit_sections(
    rows: Sequence[DetailRow], columns: Sequence[DetailColumn], cells: int, *, are_names: bool = False
) -> dict[str, DetailTable]:
    """Return a table for each section of the rows; the keys in titled sections are names of metrics or params."""
    sections: dict[str, list[DetailRow]] = {"": []}
    for row in rows:
        sections.setdefault(row.section, []).append(row)
    return {
        section: fit_table(members, columns, cells, are_names=are_names or bool(section))
        for section, members in sections.items()
    }


@lru_cache(maxsize=8)
def _short_names(keys: tuple[str, ...]) -> Mapping[str, str]:
    return short_names(keys)


def _fit(
    rows: Sequence[DetailRow], columns: Sequence[DetailColumn], cells: int, labels: Mapping[str, str]
) -> DetailTable:
    key_cells = max((width(display(labels.get(row.key, row.key))) + 2 * row.depth for row in rows), default=0)
    natural_widths = [_natural_width(rows, index, column) for index, column in enumerate(columns)]
    indices = [index for index, natural_width in enumerate(natural_widths) if natural_width]
    key = ColumnNeed(key_cells, 0, min(key_cells, max(MIN_KEY_CELLS, int(cells * MAX_KEY_SHARE))))
    needs = [_need(natural_widths[index], columns[index].rank) for index in indices]
    key_width, *others = fit_columns([key, *needs], cells - 2, GAP_CELLS)
    by_index = dict(zip(indices, others, strict=True))
    widths = tuple(by_index.get(index) or 0 for index in range(len(columns)))
    return DetailTable(tuple(columns), key_width or 0, widths, labels)


def _need(natural_width: int, rank: int) -> ColumnNeed:
    """Return the widths of a column: one that can be left out is not cut."""
    return ColumnNeed(natural_width, natural_width if rank else 0, natural_width, rank)


def _natural_width(rows: Sequence[DetailRow], index: int, column: DetailColumn) -> int:
    """Return the width that a column needs; 0 where it is empty."""
    cells = max((width(display(row.cells[index])) for row in rows if index < len(row.cells)), default=0)
    # The title "value" is of a single column of texts, whose heading is not shown.
    return max(cells, width(column.title) if column.title != "value" else 0) if cells else 0
