"""How a view is drawn: its columns, its lines, what breathes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from rich.style import Style
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.timer import Timer

from qtui.entities import Status
from qtui.query.ast import Field
from qtui.runs.column_specs import ColumnFormat
from qtui.runs.table_view import TableLine, TableView
from qtui.tui.widgets.runs_table.measures import Measures
from qtui.tui.widgets.runs_table.painter import MARK, PIN, Sheet, blank, body, header
from qtui.tui.widgets.runs_table.palette import Palette, palette_of
from qtui.tui.widgets.runs_table.slots import Row, Slot
from qtui.tui.widgets.runs_table.window import HEADER, Window

NARROW = 64
"""The cells below which columns do with less."""

BAR = 1
"""The cells of the scroll bar."""

BREATH = 0.8
"""The seconds of half a breath."""

KEPT = 1024
"""How many lines are remembered as they were drawn."""


class Grid(Window):
    """Draws the lines in sight, with one column under the cursor."""

    column: var[int] = var(0, init=False)
    """The column with the cursor."""

    marks: var[frozenset[str]] = var(frozenset[str], init=False)
    """The runs that are marked, also those that are not shown."""

    @dataclass
    class VisibleRowsChanged(Message):
        """Other runs are in sight."""

        run_ids: tuple[str, ...]

    def __init__(self) -> None:
        super().__init__()
        self._first = 0
        self._resting = False
        self._breathing: Timer | None = None
        self._measures = Measures()
        self._sheet: Sheet | None = None
        self._slots: tuple[Slot, ...] = ()
        self._palette: Palette | None = None
        self._strips: dict[Hashable, Strip] = {}
        self._seen: tuple[str, ...] = ()

    def on_mount(self) -> None:
        """Be ready to breathe."""
        self._breathing = self.set_interval(BREATH, self._breathe, pause=True)

    @property
    def sheet(self) -> Sheet:
        """What all lines have in common as they are drawn now."""
        if self._sheet is None:
            self._palette = self._palette or palette_of(self.rich_style, self._component)
            columns, cells = self.view.columns, self.room.width - BAR
            row = Row(self._width_of, len(columns), sum(column.pinned for column in columns))
            self._first = row.first_showing(self.column, self._first, cells)
            seen = row.slots(self._first, cells)
            if seen != self._slots:
                self._slots = seen
                self._strips.clear()
            self._sheet = Sheet(self.view, columns, seen, cells, self.column, self._palette, self.has_focus)
        return self._sheet

    def _width_of(self, index: int) -> int:
        return self._measures.width(self.view, self.view.columns[index], narrow=self.room.width < NARROW)

    @property
    def column_width(self) -> int:
        """The cells of the column under the cursor."""
        return self._width_of(self.column)

    def _component(self, name: str) -> Style:
        return self.get_component_rich_style(name, partial=True)

    def draw(self, y: int) -> Strip:
        """One line: the titles, a run or a group, or nothing; at its end the scroll bar."""
        sheet = self.sheet
        if y < HEADER:
            return self._kept((sheet.current, sheet.focused), lambda: header(sheet))
        thumb = y - HEADER - self.frozen in self.thumb
        index = self.index_at(y)
        if index is None:
            return self._kept(thumb, lambda: blank(sheet, thumb=thumb))
        line = self.view[index]
        cursor = index == self.cursor
        sign = MARK if line.key in self.marks else PIN if index < self.view.pinned_count else " "
        resting = self._resting and self._is_running(line)
        key = (index, sign, thumb, resting, (sheet.current, sheet.focused) if cursor else None)
        return self._kept(key, lambda: body(sheet, line, sign, cursor=cursor, resting=resting, thumb=thumb))

    def _kept(self, key: Hashable, make: Callable[[], Strip]) -> Strip:
        strip = self._strips.get(key)
        if strip is None:
            if len(self._strips) >= KEPT:
                self._strips.clear()
            strip = self._strips[key] = make()
        return strip

    def repaint(self) -> None:
        """Have drawn again what changed, tell what is in sight, and breathe while something there runs."""
        if not self.is_mounted:
            return
        super().repaint()
        lines = [self.view[index] for y in range(self.room.height) if (index := self.index_at(y)) is not None]
        self._breathe_while(any(map(self._is_running, lines)) and self.app.animation_level != "none")
        seen = tuple(line.key for line in lines if line.row is not None)
        if seen != self._seen:
            self._seen = seen
            self.post_message(self.VisibleRowsChanged(seen))

    def _breathe_while(self, alive: bool) -> None:
        if self._breathing is not None:
            (self._breathing.resume if alive else self._breathing.pause)()

    def _is_running(self, line: TableLine) -> bool:
        """Whether a run runs as far as anybody knows: what is stale does not breathe."""
        if line.row is None or line.key in self.view.stale:
            return False
        return self.view.frame.infos[line.row].status == Status.RUNNING

    def _breathe(self) -> None:
        """In, and out again."""
        self._resting = not self._resting
        self.repaint()

    def _rearranged(self) -> None:
        """Lay the columns out anew, and draw what changed."""
        self._sheet = None
        self.repaint()

    def notify_style_update(self) -> None:
        """Take the colours of another theme."""
        super().notify_style_update()
        self.forget_room()
        self._palette = None
        self._strips.clear()
        self._sheet = None

    def on_resize(self) -> None:
        """Take the new room."""
        self.forget_room()
        self._measures.anew()
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
        """Show another view; the cursor stays on its run and on its column."""
        if new.layout.group_by != old.layout.group_by:
            self._measures.anew()
        elif new.frame is not old.frame or (new.layout.group_by and new.layout.order_by != old.layout.order_by):
            self._measures.again()
        self._strips.clear()
        self._sheet = None
        column = old.columns[self.column].key if self.column < len(old.columns) else None
        keys = [each.key for each in new.columns]
        self.set_reactive(Grid.column, self.validate_column(keys.index(column) if column in keys else self.column))
        super().watch_view(old, new)

    def validate_column(self, index: int) -> int:
        """Stay within the columns."""
        return max(0, min(index, len(self.view.columns) - 1))

    def watch_column(self) -> None:
        """Show the column with the cursor."""
        self._rearranged()

    def watch_marks(self) -> None:
        """Show the marks."""
        self.repaint()

    def reset_columns(self) -> None:
        """Scroll to the first column and forget the widths: other runs are shown from now on."""
        self._measures.anew()
        self._first = 0
        self.set_reactive(Grid.column, 0)

    def go_to_field(self, field: Field | None) -> None:
        """Put the cursor on the column with the values of a field, if it is shown."""
        for index, column in enumerate(self.view.columns):
            if column.field == field and column.format is not ColumnFormat.CURVE:
                self.column = index
