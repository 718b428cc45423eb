"""Positions of the visible columns: arithmetic of cells, without a widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qtui.value_classes import dataclass

GUTTER_CELLS = 3
"""The cells before the first column: a mark, the colour of the run, a blank."""

GAP_CELLS = 2
"""The blanks between two columns, where a column can be dragged to resize it."""

MIN_VISIBLE_CELLS = 6
"""The width to which the last visible column can be cut; below it the column is left out."""

MAX_PINNED_SHARE = 0.6
"""The share of the width that pinned columns can take while there are others."""


@dataclass(frozen=True, slots=True)
class VisibleColumn:
    """A visible column: its index among all columns, its first cell, its visible width."""

    index: int
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class ColumnStrip:
    """All columns of a table side by side, pinned ones first; `width_of` is called only for visible columns."""

    width_of: Callable[[int], int]
    count: int
    pinned_count: int
    gutter: int = GUTTER_CELLS
    """The cells before the first column."""

    def visible(self, first: int, cells: int) -> tuple[VisibleColumn, ...]:
        """Return the columns in `cells` cells: the pinned ones, then the others from `first` on."""
        columns: list[VisibleColumn] = []
        x = self.gutter
        scrolled = range(max(first, self.pinned_count), self.count)
        for index in (*range(self.pinned_count), *scrolled):
            is_pinned = index < self.pinned_count
            full_width = self.width_of(index)
            width = min(full_width, (int(cells * MAX_PINNED_SHARE) if is_pinned and scrolled else cells) - x)
            min_width = 1 if is_pinned or index == scrolled.start else min(full_width, MIN_VISIBLE_CELLS)
            if width >= min_width:
                columns.append(VisibleColumn(index, x, width))
                x += width + GAP_CELLS
            elif not is_pinned:
                break
        return tuple(columns)

    def first_showing(self, index: int, first: int, cells: int) -> int:
        """Return the first column to scroll to so that column `index` is fully visible, the nearest one.

        Scroll back where the columns after it would leave cells unused. A table that is hidden does not scroll.
        """
        if cells <= self.gutter:
            return first
        first = max(first, self.pinned_count)
        if index >= self.pinned_count:
            first = min(first, index)
            while first < index and not self._is_fully_visible(index, self.visible(first, cells)):
                first += 1
        while first > self.pinned_count and self._shows_end(first, cells) and self._shows_end(first - 1, cells):
            first -= 1
        return first

    def _shows_end(self, first: int, cells: int) -> bool:
        return self._is_fully_visible(self.count - 1, self.visible(first, cells))

    def _is_fully_visible(self, index: int, columns: Sequence[VisibleColumn]) -> bool:
        return any(column.index == index and column.width == self.width_of(index) for column in columns)


def column_at(columns: Sequence[VisibleColumn], x: int) -> VisibleColumn | None:
    """Return the column at a cell."""
    return next((column for column in columns if column.x <= x < column.x + column.width), None)


def border_at(columns: Sequence[VisibleColumn], x: int) -> VisibleColumn | None:
    """Return the column whose right border is at a cell."""
    ends = ((column, column.x + column.width) for column in columns)
    return next((column for column, end in ends if end <= x < end + GAP_CELLS), None)
