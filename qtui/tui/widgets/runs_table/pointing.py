"""What the mouse does: it points at lines and titles, drags borders and the scroll bar, turns its wheel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from textual import events
from textual.message import Message

from qtui.query.ast import Field
from qtui.runs.column_specs import ColumnSpec
from qtui.runs.column_widths import INDENT_CELLS, MAX_INDENT_DEPTH, NAME_FIELD
from qtui.runs.table_view import TableLine
from qtui.tui.widgets.runs_table.choosing import Choosing
from qtui.tui.widgets.runs_table.painter import OPEN
from qtui.tui.widgets.runs_table.slots import GUTTER, border_at, slot_at
from qtui.tui.widgets.runs_table.window import HEADER

WHEEL = 3
"""The lines that one notch of the wheel goes."""

LEAST = 3
"""The cells that a column keeps, however far its border is dragged."""


class Pointing(Choosing):
    """Answers the mouse."""

    @dataclass
    class SortRequested(Message):
        """The runs are to be sorted by a field; with `add`, after those that sort them already."""

        field: Field
        add: bool

    @dataclass
    class ColumnResized(Message):
        """A column was given another width."""

        column: ColumnSpec

    @dataclass
    class ColumnMoved(Message):
        """A column was carried to the place of another."""

        column: ColumnSpec
        to: ColumnSpec

    def __init__(self) -> None:
        super().__init__()
        self._drag: Callable[[events.MouseEvent], None] | None = None
        self._dragged = False
        self._resized: ColumnSpec | None = None
        self._carried: Pointing.ColumnMoved | None = None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take a column by its border or its title, or the scroll bar."""
        self._dragged = False
        border = border_at(self.sheet.slots, event.x) if event.y < HEADER else None
        if border is not None:
            column = self.view.columns[border.column].with_width(border.width)
            self._drag = partial(self._resize, column, event.screen_x - border.width)
        elif event.y < HEADER and (slot := slot_at(self.sheet.slots, event.x)) is not None:
            self._drag = partial(self._carry, self.view.columns[slot.column])
        elif event.x == self.sheet.cells and self.thumb:
            self._drag = self._scroll
            self._scroll(event)
        if self._drag is not None:
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag what was taken."""
        if self._drag is not None:
            self._drag(event)

    def on_mouse_up(self) -> None:
        """Let it go."""
        self.release_mouse()
        self._drag = None
        if self._resized is not None:
            self.post_message(self.ColumnResized(self._resized))
            self._resized = None
        if self._carried is not None:
            self.post_message(self._carried)
            self._carried = None

    def _carry(self, column: ColumnSpec, event: events.MouseEvent) -> None:
        """Know over which other column one is carried; within its own title a trembling hand only clicks."""
        slot = slot_at(self.sheet.slots, event.x)
        over = column if slot is None else self.view.columns[slot.column]
        self._carried = None if over.key == column.key else self.ColumnMoved(column, over)
        self._dragged = self._dragged or self._carried is not None

    def _resize(self, column: ColumnSpec, origin: int, event: events.MouseEvent) -> None:
        self._dragged = True
        self._resized = column.with_width(max(LEAST, event.screen_x - origin))
        self.view = replace(self.view, layout=self.view.layout.with_column(self._resized))

    def _scroll(self, event: events.MouseEvent) -> None:
        """Put the middle of the thumb under the mouse."""
        self._dragged = True
        lines = len(self.view) - self.frozen - self.page
        room = max(1, self.page - len(self.thumb))
        self.top = round((event.y - HEADER - self.frozen - len(self.thumb) // 2) * lines / room)

    def on_click(self, event: events.Click) -> None:
        """Sort by the title, go to the line, fold, mark."""
        if self._dragged or event.x == self.sheet.cells:
            return
        if event.y < HEADER:
            self._click_title(event)
        elif (index := self.index_at(event.y)) is not None:
            self._click_line(index, event)

    def _click_title(self, event: events.Click) -> None:
        slot = slot_at(self.sheet.slots, event.x)
        if slot is not None:
            self.column = slot.column
            field = self.view.columns[slot.column].field
            self.post_message(self.SortRequested(field, add=event.shift or event.ctrl))

    def _click_line(self, index: int, event: events.Click) -> None:
        if event.shift:
            self.mark_to(index)
        elif event.ctrl or event.x < GUTTER:
            self.toggle(self.runs_on(index))
        else:
            self._go_to_cell(index, event)

    def _go_to_cell(self, index: int, event: events.Click) -> None:
        self.go_to(index)
        slot = slot_at(self.sheet.slots, event.x)
        if slot is None:
            return
        self.column = slot.column
        if self.view.columns[slot.column].field == NAME_FIELD and on_fold(self.view[index], event.x - slot.x):
            self.action_fold()
        elif event.chain == 2:
            self.action_open()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll the lines, or with shift the columns."""
        self._wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll back."""
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, direction: int) -> None:
        event.stop()
        if event.shift or event.ctrl:
            self.column += direction
        else:
            self.top += direction * WHEEL


def on_fold(line: TableLine, x: int) -> bool:
    """Whether a cell of a name is the sign that opens and closes its line."""
    sign = INDENT_CELLS * min(line.depth, MAX_INDENT_DEPTH)
    return line.is_open is not None and sign <= x < sign + len(OPEN)
