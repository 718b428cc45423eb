"""The list widget: rows with a cursor, for trees, details, legends, dialogs and completions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, ClassVar, Generic, TypeVar

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from qtui.plot.pieces import Piece
from qtui.plot.rows import fit_row
from qtui.tui.commands import Command, CommandHost
from qtui.tui.commands.cursor import CURSOR_COMMANDS, Open
from qtui.tui.widgets.row_painter import RowCursor, RowPainter, refresh_changed_lines
from qtui.value_classes import dataclass

RowT = TypeVar("RowT")


class RowList(ScrollView, Generic[RowT], can_focus=False):
    """Shows rows of any type, one on a line, rendered by a function into pieces.

    A list never takes the focus: its owner moves the cursor. `FocusableList` has the keys for that.
    """

    DEFAULT_CSS = """
    RowList {
        background: transparent;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 0;
        overflow-x: hidden;
        &.-menu { height: auto; }
    }
    """

    cursor: var[int] = var(0, init=False)
    """The index of the row with the cursor."""

    @dataclass
    class RowHighlighted(Message):
        """The cursor is on another row, or on none."""

        row_list: RowList[Any]
        row: Any

        @property
        def control(self) -> RowList[Any]:
            """Return the list that posted the message."""
            return self.row_list

    @dataclass
    class RowSelected(Message):
        """A row was selected by key or mouse."""

        row_list: RowList[Any]
        row: Any

        @property
        def control(self) -> RowList[Any]:
            """Return the list that posted the message."""
            return self.row_list

    def __init__(
        self,
        render_row: Callable[[RowT, int], Sequence[Piece]],
        row_key: Callable[[RowT], object] = id,
        rows: Sequence[RowT] = (),
        *,
        is_menu: bool = False,
        is_heading: Callable[[RowT], bool] = lambda row: False,
    ) -> None:
        """Set the rows; the cursor skips headings.

        `render_row` returns the pieces of a row for a width; `row_key` returns a key that survives a reload. A menu is
        controlled by a focused input: its cursor always looks focused, a single click selects a row, and it is as high
        as its rows.
        """
        super().__init__(classes="-menu" if is_menu else None)
        self.rows = tuple(rows)
        self._render_row = render_row
        self._row_key = row_key
        self._is_menu = is_menu
        self._is_heading = is_heading
        self._highlighted = self._current_row_key()
        self._painter: RowPainter | None = None
        self._rendered: dict[int, Strip] = {}

    def on_mount(self) -> None:
        """Set the size of the contents."""
        self.virtual_size = Size(0, len(self.rows))

    @property
    def current(self) -> RowT | None:
        """The row under the cursor, or None."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    def set_rows(self, rows: Sequence[RowT], *, reset_cursor: bool = False) -> None:
        """Show these rows; the cursor stays on its row, or on its index if that row is gone.

        With `reset_cursor` the cursor goes to the first row.
        """
        before, count = self.current, len(self.rows)
        self.rows = tuple(rows)
        self.virtual_size = Size(0, len(self.rows))
        self.refresh(layout=self._is_menu and count != len(self.rows))
        self.cursor = 0 if reset_cursor else self._index_of(before)
        if reset_cursor:
            self.scroll_to(y=0, animate=False)
        self._post_highlighted()

    def _index_of(self, row: RowT | None) -> int:
        if row is not None:
            row_key = self._row_key(row)
            for index, other in enumerate(self.rows):
                if self._row_key(other) == row_key:
                    return index
        return self.validate_cursor(self.cursor)

    def go_to(self, row_key: object) -> None:
        """Put the cursor on the row with this key, if there is one."""
        indices = (index for index, row in enumerate(self.rows) if self._row_key(row) == row_key)
        self.cursor = next(indices, self.cursor)

    def move_cursor(self, rows: int) -> None:
        """Move the cursor by rows."""
        self.cursor += rows

    def validate_cursor(self, cursor: int) -> int:
        """Clamp the cursor to the rows, and skip headings in the direction in which it moves."""
        count = len(self.rows)
        nearest = max(0, min(cursor, count - 1))
        below, above = range(nearest, count), range(min(nearest, count - 1), -1, -1)
        indices = chain(below, above) if cursor >= self.cursor else chain(above, below)
        return next((index for index in indices if not self._is_heading(self.rows[index])), nearest)

    def watch_cursor(self, before: int, after: int) -> None:
        """Redraw both lines, scroll to the cursor, and post RowHighlighted."""
        self.refresh_line(before)
        self.refresh_line(after)
        top = next((index for index in range(after, 0, -1) if not self._is_heading(self.rows[index - 1])), 0)
        self.scroll_to_region(Region(0, top, 1, after - top + 1), animate=False, force=True)
        self._post_highlighted()

    def _current_row_key(self) -> tuple[object, ...]:
        return () if self.current is None else (self._row_key(self.current),)

    def _post_highlighted(self) -> None:
        row_key = self._current_row_key()
        if row_key != self._highlighted:
            self._highlighted = row_key
            self.post_message(self.RowHighlighted(self, self.current))

    # Rendering

    def render_line(self, y: int) -> Strip:
        """Render a visible line."""
        strip = self._rendered[y] = self._render_now(y)
        return strip

    def _render_now(self, y: int) -> Strip:
        index, cells = y + self.scroll_offset.y, self.scrollable_content_region.width
        self._painter = self._painter or RowPainter.of(self)
        row = self._render_row(self.rows[index], cells) if index < len(self.rows) else ()
        return self._painter.paint(fit_row(cells, *row), cells, self._cursor_of(index))

    def _cursor_of(self, index: int) -> RowCursor:
        if index != self.cursor or index >= len(self.rows):
            return RowCursor.NONE
        return RowCursor.FOCUSED if self._is_menu or self.has_focus else RowCursor.BLURRED

    def refresh_changed(self) -> None:
        """Refresh the lines that have changed since they were rendered."""
        refresh_changed_lines(self, self._rendered, self._render_now, self.size.width, range(self.size.height))

    def notify_style_update(self) -> None:
        """Use the colours of a new theme."""
        super().notify_style_update()
        self._painter = None

    def on_focus(self) -> None:
        """Redraw the cursor, whose style depends on the focus."""
        self.refresh_line(self.cursor)

    def on_blur(self) -> None:
        """Redraw the cursor, whose style depends on the focus."""
        self.refresh_line(self.cursor)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked row; a second click selects it, in a menu the first one."""
        index = event.y + self.scroll_offset.y
        if index < len(self.rows):
            is_selected = self._is_menu or index == self.cursor or event.chain > 1
            self.cursor = index
            if is_selected:
                self.select()

    def select(self) -> None:
        """Select the row under the cursor."""
        if self.current is not None:
            self.post_message(self.RowSelected(self, self.current))


class FocusableList(CommandHost, RowList[RowT], can_focus=True):
    """A list with the keys that move its cursor."""

    OWN_COMMANDS: ClassVar[tuple[type[Command[Any]], ...]] = (Open, *CURSOR_COMMANDS)

    @property
    def at_line(self) -> bool:
        """Whether there is a row under the cursor."""
        return self.current is not None

    def set_rows(self, rows: Sequence[RowT], *, reset_cursor: bool = False) -> None:
        """Show these rows; `Open` works while there are any."""
        if bool(rows) is not bool(self.rows):
            self.refresh_bindings()
        super().set_rows(rows, reset_cursor=reset_cursor)

    def action_open(self) -> None:
        self.select()

    def turn_page(self, direction: int) -> None:
        """Go a page down, or with a negative direction up."""
        self.cursor += direction * max(1, self.size.height - 1)

    def turn_half_page(self, direction: int) -> None:
        """Go half a page down, or with a negative direction up."""
        self.cursor += direction * max(1, self.size.height // 2)

    def action_scroll_home(self) -> None:
        """Go to the first row."""
        self.cursor = 0

    def action_scroll_end(self) -> None:
        """Go to the last row."""
        self.cursor = len(self.rows) - 1
