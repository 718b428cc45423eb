"""Which lines of a view are in sight, and which has the cursor."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message
from textual.reactive import var

from qtui.runs.table_view import TableGroup, TableLine, TableView
from qtui.tui.widgets.runs_table.slots import thumb_of
from qtui.tui.widgets.runs_table.surface import Surface

HEADER = 1
"""The lines of titles above the runs."""

PINNED_SHARE = 3
"""Pinned runs take at most one in so many lines."""


@dataclass(frozen=True, slots=True)
class CursorPlace:
    """The line under the cursor, and how far below the first line in sight it stands."""

    key: str
    height: int


class Window(Surface):
    """Looks at a part of a view, as high as there is room; the cursor is on one of its lines."""

    view: var[TableView] = var(TableView, init=False)
    """The lines and columns."""

    cursor: var[int] = var(0, init=False)
    """The line with the cursor."""

    top: var[int] = var(0, init=False)
    """How many lines are scrolled out of sight, not counting those that are frozen."""

    @dataclass
    class Highlighted(Message):
        """The cursor is on another run or group, or on neither."""

        run_id: str | None
        group: TableGroup | None = None

    def __init__(self) -> None:
        super().__init__()
        self._was_moved = False
        self._held: CursorPlace | None = None
        self._highlighted: tuple[str | None, TableGroup | None] = None, None

    def on_mount(self) -> None:
        """Say where the cursor is."""
        self._say_where()

    @property
    def line(self) -> TableLine | None:
        """The line under the cursor."""
        return self.view[self.cursor] if self.cursor < len(self.view) else None

    @property
    def frozen(self) -> int:
        """How many pinned lines stay in sight."""
        return min(self.view.pinned_count, max(0, self.room.height - HEADER) // PINNED_SHARE)

    @property
    def page(self) -> int:
        """How many lines there is room for below the titles and the frozen ones."""
        return max(0, self.room.height - HEADER - self.frozen)

    def index_at(self, y: int) -> int | None:
        """The line of the view that stands at a line of the widget."""
        index = y - HEADER
        if index >= self.frozen:
            index += self.top
        return index if y >= HEADER and index < len(self.view) else None

    @property
    def thumb(self) -> range:
        """Which lines of the page the thumb of the scroll bar covers."""
        return thumb_of(len(self.view) - self.frozen, self.page, self.top)

    def watch_view(self, old: TableView, new: TableView) -> None:
        """Show another view; the cursor stays on its run."""
        self._follow(old, new)
        self.repaint()
        self._say_where()

    def _follow(self, old: TableView, new: TableView) -> None:
        """Find the run under the cursor again. What was in sight stays where it stood: the line with the cursor, or
        the first one when the cursor was scrolled away."""
        cursor = _moved(self.cursor, old, new) if self._was_moved else 0
        in_sight = self._is_in_sight(self.cursor)
        anchor = cursor if in_sight else _moved(self.top + self.frozen, old, new)
        height = (self.cursor if in_sight else self.top + self.frozen) - self.top
        if self._held is not None and (index := new.index(self._held.key)) is not None:
            self._was_moved, in_sight = True, True
            cursor, anchor, height, self._held = index, index, self._held.height, None
        self.set_reactive(Window.cursor, self.validate_cursor(cursor))
        self.set_reactive(Window.top, self.validate_top(anchor - height))
        if in_sight:
            self._keep_in_sight()

    def validate_cursor(self, index: int) -> int:
        """Stay within the lines."""
        return max(0, min(index, len(self.view) - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Keep the cursor in sight and say where it is."""
        self._keep_in_sight(is_step=abs(new - old) == 1)
        self.repaint()
        self._say_where()

    def validate_top(self, line: int) -> int:
        """Scroll no further than to the last line."""
        return max(0, min(line, len(self.view) - self.frozen - self.page))

    def watch_top(self) -> None:
        """Show other lines."""
        self.repaint()

    def go_to(self, index: int) -> None:
        """Move the cursor to a line, at the wish of the user: from now on it stays on its run."""
        self._was_moved = True
        self._held = None
        self.cursor = index

    def begin_anew(self) -> None:
        """Put the cursor on the first line, and keep it there until the user moves it: for other runs."""
        self.hold(None)

    @property
    def place(self) -> CursorPlace | None:
        """The line that the cursor stays on; None while it stays at the top."""
        if self.line is None or not self._was_moved:
            return self._held
        return CursorPlace(self.line.key, self.cursor - self.top)

    def hold(self, place: CursorPlace | None) -> None:
        """Put the cursor at the top, and in this place as soon as its line is there."""
        self._was_moved = False
        self._held = place
        self.cursor = 0

    def _is_in_sight(self, index: int) -> bool:
        return index < self.frozen or self.top <= index - self.frozen < self.top + self.page

    def _keep_in_sight(self, *, is_step: bool = False) -> None:
        """Scroll to the cursor. A step over the edge scrolls by half a page, not by a line: each line that moves must
        be sent to the terminal, and this way one step in many moves them."""
        if self._is_in_sight(self.cursor):
            self.top = self.validate_top(self.top)
            return
        line = self.cursor - self.frozen
        above = self.page // 2 if is_step else 0 if line < self.top else self.page - 1
        self.top = line - above

    def _say_where(self) -> None:
        line = self.line
        run_id = line.key if line and line.row is not None else None
        group = line.head if line and isinstance(line.head, TableGroup) else None
        if (run_id, group) != self._highlighted:
            self._highlighted = run_id, group
            self.post_message(self.Highlighted(run_id, group))


def _moved(index: int, old: TableView, new: TableView) -> int:
    """Where a line of one view is in another; its number when it is gone."""
    found = new.index(old[index].key) if 0 <= index < len(old) else None
    return index if found is None else found
