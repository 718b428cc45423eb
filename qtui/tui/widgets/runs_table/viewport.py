"""The visible part of a table view and the cursor in it, without a widget."""

from __future__ import annotations

from collections.abc import Sequence

from qtui.query.ast import Field, FieldKind
from qtui.runs.column_specs import ColumnFormat, ColumnSpec
from qtui.runs.table_view import TableLine, TableView
from qtui.value_classes import dataclass

HEADER_LINES = 1
"""The line of titles above the runs."""

MAX_PINNED_FRACTION = 3
"""Pinned lines take at most one in this many lines."""


@dataclass(frozen=True, slots=True)
class CursorPosition:
    """The key of the line under the cursor, and its distance from the first visible line."""

    key: str
    offset: int


class Viewport:
    """Cursor, scroll position and current column of a table of `height` lines, including the titles.

    Until the user moves the cursor it stays on the first line; from then on it follows its run from view to view.
    """

    def __init__(self) -> None:
        self.view = TableView()
        self.height = 0
        self.cursor = 0
        """The index of the line under the cursor."""
        self.top = 0
        """The number of lines scrolled out at the top, not counting frozen ones."""
        self.column = 0
        """The index of the column under the cursor."""
        self.first_column = 0
        """The first column after the pinned ones."""
        self._follows_run = False
        self._pending: CursorPosition | None = None

    @property
    def line(self) -> TableLine | None:
        """The line under the cursor."""
        return self.view[self.cursor] if self.cursor < len(self.view) else None

    @property
    def current_column(self) -> ColumnSpec | None:
        """The column under the cursor."""
        columns = self.view.columns
        return columns[self.column] if self.column < len(columns) else None

    @property
    def at_run(self) -> bool:
        """Whether the cursor is on a run."""
        return self.line is not None and self.line.row is not None

    @property
    def at_metric(self) -> bool:
        """Whether the cursor is in a column with values of a metric."""
        column = self.current_column
        is_curve = column is not None and column.format is ColumnFormat.SPARKLINE
        return column is not None and column.field.kind is FieldKind.METRIC and not is_curve

    @property
    def frozen_count(self) -> int:
        """The number of pinned lines that do not scroll."""
        return min(self.view.pinned_count, max(0, self.height - HEADER_LINES) // MAX_PINNED_FRACTION)

    @property
    def page_lines(self) -> int:
        """The number of lines that scroll: below the titles and the frozen lines."""
        return max(0, self.height - HEADER_LINES - self.frozen_count)

    def line_index(self, y: int) -> int | None:
        """Return the index of the line at line `y` of the table, None for the titles and below the last line."""
        index = y - HEADER_LINES
        if index >= self.frozen_count:
            index += self.top
        return index if y >= HEADER_LINES and index < len(self.view) else None

    def visible_lines(self) -> list[TableLine]:
        """Return the lines that are visible."""
        return [self.view[index] for index in self.visible_indices]

    @property
    def visible_indices(self) -> Sequence[int]:
        """The indices of the visible lines, from the first one below the titles."""
        first = self.frozen_count + self.top
        return (*range(self.frozen_count), *range(first, min(first + self.page_lines, len(self.view))))

    @property
    def thumb(self) -> range:
        """The lines of the table that the thumb of the scroll bar covers."""
        first = HEADER_LINES + self.frozen_count
        thumb = scrollbar_thumb(len(self.view) - self.frozen_count, self.page_lines, self.top)
        return range(first + thumb.start, first + thumb.stop)

    def show(self, view: TableView) -> None:
        """Show another view; keep the run under the cursor, the first visible line and the current column.

        If the cursor is visible its line stays at its height on the screen, otherwise the first visible line does.
        """
        old, old_column = self.view, self.current_column
        cursor = _line_in(view, self.cursor, old) if self._follows_run else 0
        is_visible = self._is_visible(self.cursor)
        first_line = self.top + self.frozen_count
        anchor = cursor if is_visible else _line_in(view, first_line, old)
        offset = (self.cursor if is_visible else first_line) - self.top
        if self._pending is not None and (index := view.index(self._pending.key)) is not None:
            self._follows_run, is_visible = True, True
            cursor, anchor, offset, self._pending = index, index, self._pending.offset, None
        self.view = view
        self.cursor = self._clamp_line(cursor)
        self.top = self._clamp_top(anchor - offset)
        if is_visible:
            self.scroll_to_cursor()
            if view.layout.group_by != old.layout.group_by:
                self._scroll_to_group()
        keys = [column.key for column in view.columns]
        self.go_to_column(keys.index(old_column.key) if old_column and old_column.key in keys else self.column)

    def resize(self, height: int) -> None:
        """Change the height; keep the cursor visible."""
        self.height = height
        self.scroll_to_cursor()

    def move_cursor(self, index: int) -> None:
        """Move the cursor to a line; from now on it follows its run."""
        self._follows_run = True
        self._pending = None
        self._set_cursor(index)

    def turn_pages(self, lines: int) -> None:
        """Move the lines and the cursor with them; a negative number moves up."""
        self.scroll_to(self.top + lines)
        self.move_cursor(self.cursor + lines)

    def scroll_to(self, top: int) -> None:
        """Scroll without the cursor, at most to the last line."""
        self.top = self._clamp_top(top)

    def reset_cursor(self) -> None:
        """Move the cursor to the first line, where it stays until the user moves it."""
        self.restore(None)
        self.scroll_to(0)

    @property
    def position(self) -> CursorPosition | None:
        """The position to `restore` later; None while the cursor stays at the top."""
        if self.line is None or not self._follows_run:
            return self._pending
        return CursorPosition(self.line.key, self.cursor - self.top)

    def restore(self, position: CursorPosition | None) -> None:
        """Move the cursor to the first line, and to this position as soon as a view has its line."""
        self._follows_run = False
        self._pending = position
        self._set_cursor(0)

    def await_line(self) -> None:
        """Return to the line under the cursor as soon as a view has it, if the next ones do not have it yet."""
        self._pending = self.position

    def go_to_column(self, index: int) -> None:
        """Move the cursor to a column."""
        self.column = max(0, min(index, len(self.view.columns) - 1))

    def go_to_field(self, field: Field | None) -> None:
        """Move the cursor to the column with the values of a field, if there is one."""
        for index, column in enumerate(self.view.columns):
            if column.field == field and column.format is not ColumnFormat.SPARKLINE:
                self.go_to_column(index)

    def reset_columns(self) -> None:
        """Scroll to the first column."""
        self.column = self.first_column = 0

    def scroll_to_cursor(self, *, is_step: bool = False) -> None:
        """Scroll until the cursor is visible.

        A step over the edge scrolls by half a page: every line that moves is sent to the terminal, and so only one
        step in many moves them.
        """
        if self._is_visible(self.cursor):
            self.top = self._clamp_top(self.top)
            return
        line = self.cursor - self.frozen_count
        lines_above = self.page_lines // 2 if is_step else 0 if line < self.top else self.page_lines - 1
        self.scroll_to(line - lines_above)

    def _scroll_to_group(self) -> None:
        """Scroll up to the group or parent of the line under the cursor, as far as the cursor stays visible."""
        line = self.line
        if line is not None and line.depth:
            above = range(self.cursor - 1, -1, -1)
            group = next((index for index in above if self.view[index].depth < line.depth), self.cursor)
            top = max(group - self.frozen_count, self.cursor - self.frozen_count - self.page_lines + 1)
            self.scroll_to(min(self.top, top))

    def _set_cursor(self, index: int) -> None:
        old, self.cursor = self.cursor, self._clamp_line(index)
        if self.cursor != old:
            self.scroll_to_cursor(is_step=abs(self.cursor - old) == 1)

    def _is_visible(self, index: int) -> bool:
        return index < self.frozen_count or self.top <= index - self.frozen_count < self.top + self.page_lines

    def _clamp_line(self, index: int) -> int:
        return max(0, min(index, len(self.view) - 1))

    def _clamp_top(self, line: int) -> int:
        return max(0, min(line, len(self.view) - self.frozen_count - self.page_lines))


def scrollbar_thumb(lines: int, page: int, top: int) -> range:
    """Return the lines of a scroll bar, which is a page long, that its thumb covers; empty if all lines fit."""
    if lines <= page:
        return range(0)
    length = max(1, page * page // lines)
    start = round(top * (page - length) / (lines - page))
    return range(start, start + length)


def _line_in(new: TableView, index: int, old: TableView) -> int:
    """Return the index that a line of the old view has in the new one; the same index if it is gone."""
    new_index = new.index(old[index].key) if 0 <= index < len(old) else None
    return index if new_index is None else new_index
