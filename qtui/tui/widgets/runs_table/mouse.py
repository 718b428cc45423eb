"""Mouse gestures on the runs table: clicks, drags of columns and of the scroll bar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual import events

from qtui.runs.column_specs import ColumnSpec
from qtui.runs.column_widths import NAME_FIELD
from qtui.tui.widgets.runs_table.line_renderer import is_fold_icon
from qtui.tui.widgets.runs_table.viewport import HEADER_LINES
from qtui.tui.widgets.runs_table.visible_columns import GUTTER_CELLS, border_at, column_at

if TYPE_CHECKING:
    from qtui.tui.widgets.runs_table.table import RunsTable

MIN_COLUMN_CELLS = 3
"""The width that a column keeps, however far its border is dragged."""


class TableMouse:
    """The state of a drag, and the meaning of clicks; the table passes its mouse events on."""

    def __init__(self, table: RunsTable) -> None:
        self._table = table
        self._drag: Callable[[events.MouseEvent], None] | None = None
        self._has_dragged = False
        self._resized: ColumnSpec | None = None
        self._move: tuple[ColumnSpec, ColumnSpec] | None = None

    def press(self, event: events.MouseDown) -> None:
        """Start to drag the border of a column, its title, or the scroll bar."""
        table = self._table
        columns, visible = table.view.columns, table.renderer.visible
        is_header = event.y < HEADER_LINES
        self._has_dragged = False
        if is_header and (border := border_at(visible, event.x)) is not None:
            column = columns[border.index].with_width(border.width)
            self._drag = partial(self._resize_column, column, event.screen_x - border.width)
        elif is_header and (title := column_at(visible, event.x)) is not None:
            self._drag = partial(self._move_column, columns[title.index])
        elif event.x == table.renderer.cells and table.viewport.thumb:
            self._drag = self._drag_thumb
            self._drag_thumb(event)
        if self._drag is not None:
            table.capture_mouse()

    def move(self, event: events.MouseMove) -> None:
        """Continue a drag."""
        if self._drag is not None:
            self._drag(event)

    def release(self) -> None:
        """End a drag, and post its result."""
        table = self._table
        table.release_mouse()
        self._drag = None
        if self._resized is not None:
            table.post_message(table.ColumnResized(self._resized))
            self._resized = None
        if self._move is not None:
            table.post_message(table.ColumnMoved(*self._move))
            self._move = None

    def _move_column(self, column: ColumnSpec, event: events.MouseEvent) -> None:
        """Remember the column under the pointer; a movement within one title is a click."""
        visible = column_at(self._table.renderer.visible, event.x)
        target = column if visible is None else self._table.view.columns[visible.index]
        self._move = None if target.key == column.key else (column, target)
        self._has_dragged = self._has_dragged or self._move is not None

    def _resize_column(self, column: ColumnSpec, origin: int, event: events.MouseEvent) -> None:
        table = self._table
        self._has_dragged = True
        self._resized = column.with_width(max(MIN_COLUMN_CELLS, event.screen_x - origin))
        table.view = replace(table.view, layout=table.view.layout.with_column(self._resized))

    def _drag_thumb(self, event: events.MouseEvent) -> None:
        """Move the middle of the thumb to the pointer."""
        viewport = self._table.viewport
        self._has_dragged = True
        hidden_lines = len(viewport.view) - viewport.frozen_count - viewport.page_lines
        track = max(1, viewport.page_lines - len(viewport.thumb))
        y = event.y - HEADER_LINES - viewport.frozen_count - len(viewport.thumb) // 2
        self._table.scroll_lines(round(y * hidden_lines / track) - viewport.top)

    def click(self, event: events.Click) -> None:
        """Sort by a title, go to a line, fold it, mark it, or open it on a double click."""
        table = self._table
        if self._has_dragged or event.x == table.renderer.cells:
            return
        if event.y < HEADER_LINES:
            self._click_title(event)
        elif (index := table.viewport.line_index(event.y)) is not None:
            self._click_line(index, event)

    def _click_title(self, event: events.Click) -> None:
        table = self._table
        visible = column_at(table.renderer.visible, event.x)
        if visible is not None:
            table.go_to_column(visible.index)
            field = table.view.columns[visible.index].field
            table.post_message(table.SortRequested(field, add=event.shift or event.ctrl))

    def _click_line(self, index: int, event: events.Click) -> None:
        table = self._table
        if event.shift:
            table.mark_to(index)
        elif event.ctrl or event.x < GUTTER_CELLS:
            table.toggle_marks(table.run_ids_at(index))
        else:
            self._click_cell(index, event)

    def _click_cell(self, index: int, event: events.Click) -> None:
        table = self._table
        table.go_to(index)
        visible = column_at(table.renderer.visible, event.x)
        if visible is None:
            return
        table.go_to_column(visible.index)
        is_name = table.view.columns[visible.index].field == NAME_FIELD
        if is_name and is_fold_icon(table.view[index], event.x - visible.x):
            table.action_fold()
        elif event.chain == 2:
            table.action_open()
