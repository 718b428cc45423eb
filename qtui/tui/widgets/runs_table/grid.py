"""What is seen of a view: which lines and columns, the line with the cursor, what breathes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeAlias

from rich.style import Style
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from qtui.entities import Status
from qtui.query.ast import Field
from qtui.runs.columns import Look
from qtui.runs.view import Line, TableView
from qtui.runs.widths import NAME, indent, natural_width
from qtui.tui.widgets.runs_table.painter import Sheet, blank, body, header
from qtui.tui.widgets.runs_table.palette import Palette, palette_of
from qtui.tui.widgets.runs_table.slots import Row, thumb
from qtui.tui.widgets.runs_table.surface import Surface

ColumnKey: TypeAlias = tuple[Field, Look]

HEADER = 1
"""The lines of titles above the runs."""

NARROW = 64
"""The cells below which columns do with less."""

BAR = 1
"""The cells of the scroll bar."""

PINNED_SHARE = 3
"""Pinned runs take at most one in so many lines."""

BREATH = 0.8
"""The seconds of half a breath."""

KEPT = 1024
"""How many lines are remembered as they were drawn."""


class Grid(Surface):
    """Shows a view of runs, with one line and one column under the cursor."""

    view: var[TableView] = var(TableView, init=False)
    """The lines and columns."""

    cursor: var[int] = var(0, init=False)
    """The line with the cursor."""

    column: var[int] = var(0, init=False)
    """The column with the cursor."""

    top: var[int] = var(0, init=False)
    """How many lines are scrolled out of sight, not counting those that are frozen."""

    marks: var[frozenset[str]] = var(frozenset[str], init=False)
    """The runs that are marked, also those that are not shown."""

    @dataclass
    class Highlighted(Message):
        """The cursor is on another run, or on none."""

        run_id: str | None

    @dataclass
    class VisibleRowsChanged(Message):
        """Other runs are in sight."""

        run_ids: tuple[str, ...]

    def __init__(self) -> None:
        super().__init__()
        self._first = 0
        self._resting = False
        self._was_moved = False
        self._measured: dict[ColumnKey, int] = {}
        self._widest: dict[ColumnKey, int] = {}
        self._sheet: Sheet | None = None
        self._palette: Palette | None = None
        self._strips: dict[Hashable, Strip] = {}
        self._highlighted: str | None = None
        self._seen: tuple[str, ...] = ()

    def on_mount(self) -> None:
        """Begin to breathe when there is something that runs."""
        self._breathing = self.set_interval(BREATH, self._breathe, pause=True)

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        return self.view[self.cursor] if self.cursor < len(self.view) else None

    @property
    def frozen(self) -> int:
        """How many pinned lines stay in sight."""
        return min(self.view.pinned, max(0, self.room.height - HEADER) // PINNED_SHARE)

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
    def sheet(self) -> Sheet:
        """What all lines have in common as they are drawn now."""
        if self._sheet is None:
            self._palette = self._palette or palette_of(self.rich_style, self._component)
            columns, cells = self.view.columns, self.room.width - BAR
            row = Row(self._width_of, len(columns), sum(column.pinned for column in columns))
            self._first = row.first_showing(self.column, self._first, cells)
            seen = row.slots(self._first, cells)
            self._sheet = Sheet(self.view, columns, seen, cells, self.column, self._palette, self.has_focus)
        return self._sheet

    def _width_of(self, index: int) -> int:
        """The width of a column; while runs come in it may grow, but never shrinks."""
        column = self.view.columns[index]
        if column.width is not None:
            return column.width
        if column.key not in self._measured:
            needed = natural_width(self.view, column, narrow=self.room.width < NARROW)
            self._measured[column.key] = self._widest[column.key] = max(needed, self._widest.get(column.key, 0))
        return self._measured[column.key] + (indent(self.view) if column.field == NAME else 0)

    def _component(self, name: str) -> Style:
        return self.get_component_rich_style(name, partial=True)

    def draw(self, y: int) -> Strip:
        """One line: the titles, a run or a group, or nothing; at its end the scroll bar."""
        sheet = self.sheet
        if y < HEADER:
            return self._kept((sheet.slots, sheet.current, sheet.focused), lambda: header(sheet))
        thumb = y - HEADER - self.frozen in self.thumb
        index = self.index_at(y)
        if index is None:
            return self._kept((sheet.cells, thumb), lambda: blank(sheet, thumb=thumb))
        line = self.view[index]
        cursor, marked = index == self.cursor, line.key in self.marks
        resting = self._resting and self._is_running(line)
        key = (index, sheet.slots, thumb, marked, resting, (sheet.current, sheet.focused) if cursor else None)
        return self._kept(key, lambda: body(sheet, line, cursor=cursor, marked=marked, resting=resting, thumb=thumb))

    @property
    def thumb(self) -> range:
        """Which lines of the page the thumb of the scroll bar covers."""
        return thumb(len(self.view) - self.frozen, self.page, self.top)

    def _kept(self, key: Hashable, make: Callable[[], Strip]) -> Strip:
        strip = self._strips.get(key)
        if strip is None:
            if len(self._strips) >= KEPT:
                self._strips.clear()
            strip = self._strips[key] = make()
        return strip

    def repaint(self) -> None:
        """Have drawn again what changed, tell what is in sight, and breathe while something there runs."""
        super().repaint()
        lines = [self.view[index] for y in range(self.room.height) if (index := self.index_at(y)) is not None]
        if any(map(self._is_running, lines)) and self.app.animation_level != "none":
            self._breathing.resume()
        else:
            self._breathing.pause()
        seen = tuple(line.key for line in lines if line.row is not None)
        if seen != self._seen:
            self._seen = seen
            self.post_message(self.VisibleRowsChanged(seen))

    def _is_running(self, line: Line) -> bool:
        return line.row is not None and self.view.frame.infos[line.row].status == Status.RUNNING

    def _breathe(self) -> None:
        """In, and out again."""
        self._resting = not self._resting
        self.repaint()

    def _rearranged(self) -> None:
        """Lay the columns out anew, and draw what changed."""
        self._sheet = None
        if self.is_mounted:
            self.repaint()

    def notify_style_update(self) -> None:
        """Take the colours of another theme."""
        super().notify_style_update()
        self._palette = None
        self._strips.clear()
        self._sheet = None

    def on_resize(self) -> None:
        """Take the new room."""
        self._measured.clear()
        self._widest.clear()
        self._sheet = None
        self._keep_in_sight()
        self._rearranged()

    def on_focus(self) -> None:
        """Brighten the cursor."""
        self._rearranged()

    def on_blur(self) -> None:
        """Dim the cursor."""
        self._rearranged()

    def watch_view(self, old: TableView, new: TableView) -> None:
        """Show another view; the cursor stays on its run and on its column, where it stood on the screen."""
        key = old[self.cursor].key if self._was_moved and self.cursor < len(old) else None
        column = old.columns[self.column].key if self.column < len(old.columns) else None
        height = self.cursor - self.top
        if new.frame is not old.frame or new.layout.group_by != old.layout.group_by:
            self._measured.clear()
        self._strips.clear()
        self._sheet = None
        place = new.index(key) if key is not None else 0
        self.set_reactive(Grid.cursor, self.validate_cursor(self.cursor if place is None else place))
        keys = [each.key for each in new.columns]
        self.set_reactive(Grid.column, self.validate_column(keys.index(column) if column in keys else self.column))
        self.set_reactive(Grid.top, self.validate_top(self.cursor - height))
        self._keep_in_sight()
        self._rearranged()
        self._say_where()

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

    def validate_column(self, index: int) -> int:
        """Stay within the columns."""
        return max(0, min(index, len(self.view.columns) - 1))

    def watch_column(self) -> None:
        """Show the column with the cursor."""
        self._rearranged()

    def watch_marks(self) -> None:
        """Show the marks."""
        self.repaint()

    def go_to(self, index: int) -> None:
        """Move the cursor to a line, at the wish of the user: from now on it stays on its run."""
        self._was_moved = True
        self.cursor = index

    def begin_anew(self) -> None:
        """Put the cursor on the first line, and keep it there until the user moves it: for other runs."""
        self._was_moved = False
        self._widest.clear()
        self.cursor = 0

    def _keep_in_sight(self, *, is_step: bool = False) -> None:
        """Scroll to the cursor. A step over the edge scrolls by half a page, not by a line: each line that moves must
        be sent to the terminal, and this way one step in many moves them."""
        line = self.cursor - self.frozen
        if line < 0 or self.top <= line < self.top + self.page:
            self.top = self.validate_top(self.top)
            return
        above = self.page // 2 if is_step else 0 if line < self.top else self.page - 1
        self.top = line - above

    def _say_where(self) -> None:
        run_id = self.line.key if self.line and self.line.row is not None else None
        if run_id != self._highlighted:
            self._highlighted = run_id
            self.post_message(self.Highlighted(run_id))
        self.refresh_bindings()
