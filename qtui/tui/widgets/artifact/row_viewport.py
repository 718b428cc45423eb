"""The visible part of a long list of rows and the cursor in it, without a widget."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Place(NamedTuple):
    """A line on the screen: a row, and which of its lines it is where rows are wrapped."""

    row: int
    line: int = 0


class RowViewport:
    """Cursor and scroll position in rows of which only a window is loaded."""

    def __init__(self) -> None:
        self.height = 0
        """The number of lines on the screen."""
        self.count = 0
        """The number of rows."""
        self.top = Place(0)
        self.cursor = Place(0)
        self.line_count: Callable[[int], int] | None = None
        """Returns the number of lines of a wrapped row, 1 for one that is not loaded; None without wrapping."""

    @property
    def end(self) -> Place:
        """The last line."""
        row = max(0, self.count - 1)
        return Place(row, self.line_count(row) - 1 if self.line_count else 0)

    def step(self, place: Place, lines: int) -> Place:
        """Return the place some lines below or above another one; it stops at the ends."""
        if self.line_count is None:
            return Place(max(0, min(place.row + lines, self.count - 1)))
        row, line = place
        while lines > 0:
            rest = self.line_count(row) - 1 - line
            if lines <= rest or row >= self.count - 1:
                return Place(row, line + min(lines, max(0, rest)))
            row, line, lines = row + 1, 0, lines - rest - 1
        while lines < 0:
            if line + lines >= 0 or row == 0:
                return Place(row, max(0, line + lines))
            row, lines = row - 1, lines + line + 1
            line = self.line_count(row) - 1
        return Place(row, line)

    def places(self) -> list[Place]:
        """Return the places of the lines on the screen."""
        places: list[Place] = []
        place = self.top
        while len(places) < self.height and place.row < self.count:
            places.append(place)
            following = self.step(place, 1)
            if following == place:
                break
            place = following
        return places

    def move_cursor(self, lines: int) -> None:
        """Move the cursor by lines, and scroll to it."""
        self.go_to(self.step(self.cursor, lines))

    def go_to(self, place: Place, *, is_centred: bool = False) -> None:
        """Move the cursor to a place, and scroll to it; with `is_centred` to the middle if it was not visible."""
        self.cursor = self._clamp(place)
        self.scroll_to_cursor(is_centred=is_centred)

    def scroll(self, lines: int) -> None:
        """Scroll, and keep the cursor on the screen."""
        self.top = min(self.step(self.top, lines), self._last_top)
        self.cursor = max(self.top, min(self.cursor, self._bottom))

    def turn_page(self, lines: int) -> None:
        """Scroll by lines and move the cursor with them."""
        self.top = min(self.step(self.top, lines), self._last_top)
        self.move_cursor(lines)

    def scroll_to_cursor(self, *, is_centred: bool = False) -> None:
        """Scroll until the cursor is on the screen."""
        if self.top <= self.cursor <= self._bottom:
            self.top = min(self.top, self._last_top)
            return
        above = self.height // 2 if is_centred else 0 if self.cursor < self.top else self.height - 1
        self.top = min(self.step(self.cursor, -above), self._last_top)

    def resize(self, height: int) -> None:
        """Change the height; keep the cursor on the screen."""
        self.height = height
        self.scroll_to_cursor()

    def set_count(self, count: int) -> None:
        """Change the number of rows."""
        self.count = count
        self.cursor = self._clamp(self.cursor)
        self.top = min(self._clamp(self.top), self._last_top)

    @property
    def _bottom(self) -> Place:
        return self.step(self.top, self.height - 1)

    @property
    def _last_top(self) -> Place:
        return self.step(self.end, 1 - self.height)

    def _clamp(self, place: Place) -> Place:
        row = max(0, min(place.row, self.count - 1))
        lines = self.line_count(row) if self.line_count else 1
        return Place(row, min(place.line, lines - 1) if row == place.row else 0)
