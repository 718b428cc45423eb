"""The part of many rows that is loaded, without a widget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from qtui.artifacts.content import RowCount

LoadedRow = TypeVar("LoadedRow")

WINDOW_PAGES = 3
"""Pages above and below the screen that are loaded with it."""
MIN_WINDOW_ROWS = 100
"""The least number of rows above and below the screen that are loaded with it."""


class RowWindow(NamedTuple, Generic[LoadedRow]):
    """Rows that are loaded, ready to be painted."""

    start: int
    rows: Sequence[LoadedRow]

    @property
    def stop(self) -> int:
        """The row after the last one."""
        return self.start + len(self.rows)

    def row(self, index: int) -> LoadedRow | None:
        """Return a row; None if it is not loaded."""
        return self.rows[index - self.start] if self.start <= index < self.stop else None

    def has_all(self, first: int, last: int, count: RowCount) -> bool:
        """Return whether all rows from the first to the last one are loaded, or there are no rows at all."""
        is_empty = count.is_complete and not count.count
        return is_empty or (self.start <= first and last < self.stop)

    def is_short_of(self, first: int, last: int, count: RowCount, height: int) -> bool:
        """Return whether the rows from the first to the last one, or those a page around them, are not loaded."""
        needs_above = first - height < self.start and self.start > 0
        reaches_end = count.is_complete and self.stop >= count.count
        needs_below = last + height >= self.stop and not reaches_end
        return needs_above or needs_below or not self.has_all(first, last, count)


def window_around(first: int, last: int, height: int) -> range:
    """Return the rows to load for a screen of this height that shows the rows from the first to the last one."""
    margin = max(MIN_WINDOW_ROWS, WINDOW_PAGES * height)
    return range(max(0, first - margin), last + 1 + margin)
