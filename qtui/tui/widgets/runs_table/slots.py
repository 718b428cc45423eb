"""Which columns are in sight, and where: arithmetic of cells, without a screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

GUTTER = 3
"""The cells before the first column: a mark, the colour of the run, a blank."""

GAP = 2
"""The blanks between two columns; they are also where a column is taken to be resized."""

LEAST = 6
"""The cells that the last column in sight may be cut to; with less it says nothing."""

PINNED_SHARE = 0.6
"""How much of the width pinned columns may take from the others."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A column in sight: its place among all, where it begins, how many cells it has."""

    column: int
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Row:
    """All columns of a table, those that are pinned first; a width is asked for only when its column is seen."""

    width_of: Callable[[int], int]
    count: int
    pinned: int

    def slots(self, first: int, cells: int) -> tuple[Slot, ...]:
        """The columns in sight: those that are pinned, then the others from `first` on; the last may be cut."""
        found: list[Slot] = []
        x = GUTTER
        others = range(max(first, self.pinned), self.count)
        for column in (*range(self.pinned), *others):
            is_pinned = column < self.pinned
            whole = self.width_of(column)
            width = min(whole, (int(cells * PINNED_SHARE) if is_pinned and others else cells) - x)
            enough = 1 if is_pinned or column == others.start else min(whole, LEAST)
            if width >= enough:
                found.append(Slot(column, x, width))
                x += width + GAP
            elif not is_pinned:
                break
        return tuple(found)

    def first_showing(self, column: int, first: int, cells: int) -> int:
        """The first column to scroll to so that one is seen whole, moving as little as possible."""
        if column < self.pinned:
            return first
        first = min(first, column)
        while first < column and not self._shows_whole(column, self.slots(first, cells)):
            first += 1
        return first

    def _shows_whole(self, column: int, seen: Sequence[Slot]) -> bool:
        return any(slot.column == column and slot.width == self.width_of(column) for slot in seen)


def slot_at(seen: Sequence[Slot], x: int) -> Slot | None:
    """The column at a cell."""
    return next((slot for slot in seen if slot.x <= x < slot.x + slot.width), None)


def border_at(seen: Sequence[Slot], x: int) -> Slot | None:
    """The column whose right border is at a cell."""
    return next((slot for slot in seen if slot.x + slot.width <= x < slot.x + slot.width + GAP), None)


def thumb_of(lines: int, page: int, top: int) -> range:
    """Which lines of a scroll bar, as long as a page, stand for what is in sight; none when all is."""
    if lines <= page:
        return range(0)
    length = max(1, page * page // lines)
    start = round(top * (page - length) / (lines - page))
    return range(start, start + length)
