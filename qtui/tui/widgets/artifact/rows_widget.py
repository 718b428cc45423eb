"""The base of the widgets that show a window of many rows."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from functools import partial
from time import monotonic
from typing import Any, ClassVar, Generic, NamedTuple

from rich.segment import Segment
from textual import events
from textual.strip import Strip

from qtui.artifacts.content import RowCount
from qtui.plot.pieces import Piece
from qtui.plot.rows import fit_row
from qtui.text import display
from qtui.tui.commands import Command
from qtui.tui.commands.artifacts import GoToRow, ScreenDown
from qtui.tui.commands.cursor import CURSOR_COMMANDS
from qtui.tui.messages import AskText
from qtui.tui.widgets.artifact.content_widget import ContentWidget, TaskSteps
from qtui.tui.widgets.artifact.row_viewport import Place, RowViewport
from qtui.tui.widgets.artifact.row_window import LoadedRow, RowWindow, window_around
from qtui.tui.widgets.row_painter import RowCursor, RowPainter, refresh_changed_lines
from qtui.tui.widgets.runs_table.viewport import scrollbar_thumb

COUNT_S = 0.5
"""Seconds for which the rows of a new content are counted without being asked."""
WHEEL_LINES = 3
THUMB = "▐"


class WindowResult(NamedTuple, Generic[LoadedRow]):
    """A window that was loaded, with the number of rows known after that."""

    window: RowWindow[LoadedRow]
    row_count: RowCount


class RowsWidget(ContentWidget, Generic[LoadedRow]):
    """Shows rows with a cursor; rows outside the loaded window are loaded while the last window stays visible."""

    OWN_COMMANDS: ClassVar[tuple[type[Command[Any]], ...]] = (ScreenDown, GoToRow, *CURSOR_COMMANDS)
    ROW_NAME: ClassVar[str] = "row"

    def __init__(self, notes: Sequence[str] = ()) -> None:
        """`notes` are sentences about the content, which are shown above the rows."""
        super().__init__()
        self.notes = tuple(notes)
        self.viewport = RowViewport()
        self.window: RowWindow[LoadedRow] = RowWindow(0, ())
        self.count = RowCount(0, is_complete=False)
        self._places: list[Place] = []
        self._cursor = Place(0)
        self._requested = range(0)
        self._rendered: dict[int, Strip] = {}
        self._painter: RowPainter | None = None

    # To be defined by subclasses

    def load_rows(self, start: int, stop: int) -> Sequence[LoadedRow]:
        """Load rows, ready to be painted; called in a background thread. By default all rows are in memory."""
        return self.window.rows[start:stop]

    @abstractmethod
    def paint_line(self, place: Place, row: LoadedRow, cells: int, cursor: RowCursor) -> Strip:
        """Return a line of a row in this many cells."""

    def read_count(self) -> RowCount:
        """Return the number of rows known so far; called in a background thread."""
        return self.count

    def scan(self) -> Iterator[float]:
        """Read the rest of the rows, and yield the part that is done; called in a background thread."""
        yield 1.0

    def paint_title(self, y: int, cells: int) -> Strip:
        """Return a line with titles, which is below the notes and above the rows."""
        return self.painter.paint(fit_row(cells), cells)

    # State

    @property
    def title_lines(self) -> int:
        """The number of lines with titles."""
        return 0

    @property
    def header_lines(self) -> int:
        """The number of lines above the rows: those of the notes and the titles."""
        return len(self.notes) + self.title_lines

    @property
    def painter(self) -> RowPainter:
        """The painter for the present theme."""
        if self._painter is None:
            self._painter = RowPainter.of(self)
        return self._painter

    @property
    def position(self) -> str:
        """The row of the cursor and the number of rows."""
        if not self.count.count:
            return "empty" if self.count.is_complete else ""
        more = "" if self.count.is_complete else "+"
        return f"{self.ROW_NAME} {self.viewport.cursor.row + 1:,} of {self.count.count:,}{more}"

    @property
    def current_row(self) -> LoadedRow | None:
        """The row under the cursor, if it is loaded."""
        return self.window.row(self._cursor.row)

    @property
    def body_cells(self) -> int:
        """The width of the rows, without the scroll bar."""
        return max(1, self.content_size.width - 1)

    # Windows

    def fit_size(self) -> None:
        """Show the rows that fit, and load them if they are not loaded."""
        self.viewport.resize(max(0, self.content_size.height - self.header_lines))
        self.relayout()

    def relayout(self) -> None:
        """Compute every line again after a change of the width or of the way in which rows are shown."""
        self._rendered.clear()
        self.update_view()
        self.refresh()

    def update_view(self) -> None:
        """Show the rows at the viewport; if they are not loaded, load them and keep the present ones until then."""
        places = self.viewport.places()
        first, last = self._visible_rows(places)
        if self.window.has_all(first, last, self.count):
            self._places, self._cursor = places, self.viewport.cursor
            self.refresh_changed()
            self.changed()
        self._load_around(first, last)

    def _visible_rows(self, places: Sequence[Place]) -> tuple[int, int]:
        """Return the first and the last row of these lines."""
        return (places[0].row, places[-1].row) if places else (self.viewport.top.row, self.viewport.top.row)

    def _load_around(self, first: int, last: int) -> None:
        """Load the window around some rows if they are near the end of the present one."""
        height = self.viewport.height
        is_requested = self._requested and self._requested.start <= first and last < self._requested.stop
        if height and not is_requested and self.window.is_short_of(first, last, self.count, height):
            self._request_around(first, last)

    def _request_around(self, first: int, last: int) -> None:
        rows = window_around(first, last, self.viewport.height)
        self.request_window(rows.start, rows.stop)

    def request_window(self, start: int, stop: int) -> None:
        """Load rows in the background."""
        self._requested = range(start, stop)
        self.run_task("window", partial(self._load_window, start, stop), self.show_window)

    def _load_window(self, start: int, stop: int) -> TaskSteps[WindowResult[LoadedRow]]:
        yield None
        rows = self.load_rows(start, stop)
        return WindowResult(RowWindow(start, rows), self.read_count())

    def show_window(self, result: WindowResult[LoadedRow]) -> None:
        """Show rows that were loaded."""
        is_first = not self.window.rows
        self.window = result.window
        self._requested = range(0)
        self._rendered.clear()
        self.set_count(result.row_count)
        self.refresh()
        if is_first and not self.count.is_complete:
            self.run_task("count", self._count_rows, self.set_count)

    def set_rows(self, rows: Sequence[LoadedRow]) -> None:
        """Set rows that are all in memory; they are shown by the next `update_view`."""
        self.window = RowWindow(0, rows)
        self.count = RowCount(len(rows))
        self.viewport.set_count(len(rows))

    def reload_window(self) -> None:
        """Load the present rows again."""
        self._requested = range(0)
        self._request_around(*self._visible_rows(self.viewport.places()))

    def restart(self) -> None:
        """Show other rows from the first one."""
        self.cancel_task("count")
        self.window = RowWindow(0, ())
        self.count = RowCount(0, is_complete=False)
        self.viewport.set_count(0)
        self.viewport.resize(max(0, self.content_size.height - self.header_lines))
        self.reload_window()

    def set_count(self, count: RowCount) -> None:
        """Show the number of rows that is known now."""
        self.count = count
        self.viewport.set_count(max(count.count, 0))
        self.update_view()

    def _count_rows(self) -> TaskSteps[RowCount]:
        deadline = monotonic() + COUNT_S
        for _ in self.scan():
            if monotonic() > deadline:
                break
            yield None
        return self.read_count()

    def read_appended(self) -> None:
        """Show rows that were added; the cursor stays at the end if it is there."""
        if self.is_running_task("window") or self.is_running_task("scan"):
            return
        self.run_task("growth", self._scan_rows, self._show_growth)

    def _scan_rows(self) -> TaskSteps[RowCount]:
        yield from self.scan()
        return self.read_count()

    def _show_growth(self, count: RowCount) -> None:
        was_at_end = self.count.is_complete and self.viewport.cursor.row >= self.count.count - 1
        has_grown = count != self.count
        self.count = count
        self.viewport.set_count(count.count)
        if was_at_end and has_grown:
            self.viewport.go_to(self.viewport.end)
        if has_grown or was_at_end:
            self.reload_window()

    # Rendering

    def render_line(self, y: int) -> Strip:
        """Render a line of the screen."""
        strip = self._rendered[y] = self._paint(y)
        return strip

    def refresh_changed(self) -> None:
        """Refresh the lines that have changed since they were rendered."""
        width, height = self.content_size
        refresh_changed_lines(self, self._rendered, self._paint, width, range(height))

    def _paint(self, y: int) -> Strip:
        cells = self.body_cells
        line = y - self.header_lines
        if line < 0:
            return self._with_bar(self._paint_header(y, cells), is_thumb=False)
        thumb = scrollbar_thumb(self.viewport.count, self.viewport.height, self._places[0].row if self._places else 0)
        place = self._places[line] if line < len(self._places) else None
        row = None if place is None else self.window.row(place.row)
        if place is None or row is None:
            return self._with_bar(Strip.blank(cells, self.painter.style("text")), is_thumb=line in thumb)
        strip = self.paint_line(place, row, cells, self._cursor_at(place))
        return self._with_bar(strip, is_thumb=line in thumb)

    def _paint_header(self, y: int, cells: int) -> Strip:
        if y >= len(self.notes):
            return self.paint_title(y - len(self.notes), cells)
        return self.painter.paint(fit_row(cells, Piece(display(self.notes[y]), "warning")), cells)

    def _cursor_at(self, place: Place) -> RowCursor:
        if place != self._cursor or not self.can_focus:
            return RowCursor.NONE
        return RowCursor.FOCUSED if self.has_focus else RowCursor.BLURRED

    def _with_bar(self, strip: Strip, *, is_thumb: bool) -> Strip:
        bar = Segment(THUMB if is_thumb else " ", self.painter.style("axis" if is_thumb else "text"))
        return Strip([*strip, bar], strip.cell_length + 1)

    def notify_style_update(self) -> None:
        """Use the colours of a new theme."""
        super().notify_style_update()
        self._painter = None
        self._rendered.clear()

    def on_focus(self) -> None:
        """Redraw the cursor, whose style depends on the focus."""
        self.refresh_changed()

    def on_blur(self) -> None:
        """Redraw the cursor, whose style depends on the focus."""
        self.refresh_changed()

    # Mouse

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked line; on the scroll bar, to that part of the rows."""
        line = event.y - self.header_lines
        if line < 0:
            return
        if event.x >= self.body_cells:
            row = line * self.viewport.count // max(1, self.viewport.height)
            self.go_to_row(row)
        elif line < len(self._places):
            self.viewport.go_to(self._places[line])
            self.update_view()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down, or with shift to the right."""
        self._turn_wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up, or with shift to the left."""
        self._turn_wheel(event, -1)

    def _turn_wheel(self, event: events.MouseEvent, direction: int) -> None:
        event.stop()
        if event.shift or event.ctrl:
            self.scroll_sideways(direction)
        else:
            self.viewport.scroll(direction * WHEEL_LINES)
            self.update_view()

    def scroll_sideways(self, direction: int) -> None:
        """Scroll a step to the right, or with a negative direction to the left."""

    # Moving

    def go_to_row(self, row: int) -> None:
        """Move the cursor to a row, and show it in the middle if it is not visible."""
        self.viewport.go_to(Place(row), is_centred=True)
        self.update_view()

    def move_cursor(self, lines: int) -> None:
        """Move the cursor by lines."""
        self.viewport.move_cursor(lines)
        self.update_view()

    def turn_page(self, direction: int) -> None:
        """Go a page down, or with a negative direction up."""
        self._scroll_with_cursor(direction * max(1, self.viewport.height - 1))

    def turn_half_page(self, direction: int) -> None:
        """Go half a page down, or with a negative direction up."""
        self._scroll_with_cursor(direction * max(1, self.viewport.height // 2))

    def _scroll_with_cursor(self, lines: int) -> None:
        self.viewport.turn_page(lines)
        self.update_view()

    def action_scroll_home(self) -> None:
        """Go to the first row."""
        self.go_to_row(0)

    def action_scroll_end(self) -> None:
        """Go to the last row; the rest of the file is scanned first if it was not."""
        if self.count.is_complete:
            self._go_to_end(self.count)
        else:
            self.cancel_task("count")
            self.run_task("scan", self._scan_rows, self._go_to_end, "reading to the end")

    def _go_to_end(self, count: RowCount) -> None:
        self.count = count
        self.viewport.set_count(count.count)
        self.viewport.go_to(self.viewport.end)
        self.update_view()

    def action_go_to_row(self) -> None:
        """Ask for a row, and go there."""
        self.post_message(
            AskText(
                title=f"Go to {self.ROW_NAME}",
                placeholder=f"a number from 1 to {self.count.count:,}",
                problem=row_number_problem,
                on_answer=lambda text: self._go_to_number(int(text.replace(",", ""))),
            )
        )

    def _go_to_number(self, number: int) -> None:
        if number <= self.count.count or self.count.is_complete:
            self.go_to_row(number - 1)
        else:
            self.run_task("scan", self._scan_rows, partial(self._go_to_counted, number), "reading to the end")

    def _go_to_counted(self, number: int, count: RowCount) -> None:
        self.set_count(count)
        self.go_to_row(number - 1)


def row_number_problem(text: str) -> str | None:
    """Return why a text is not the number of a row."""
    return None if text.replace(",", "").isdecimal() and int(text.replace(",", "")) > 0 else "Type a number from 1 on."
