"""The table of runs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from qtui.entities import Status
from qtui.query.ast import Field
from qtui.runs.cells import table_cell
from qtui.runs.column_specs import ColumnFormat, ColumnSpec
from qtui.runs.column_widths import NAME_FIELD
from qtui.runs.table_view import TableGroup, TableLine, TableView
from qtui.tui.commands import CommandHost
from qtui.tui.commands.cursor import CURSOR_COMMANDS, Open
from qtui.tui.commands.runs import Fold, FoldAll, Mark, MarkAll, MarkDown, MarkUp, NextColumn, PreviousColumn
from qtui.tui.terminal.ascii_filter import AsciiFilter
from qtui.tui.widgets.row_painter import RowCursor, RowPainter, refresh_changed_lines
from qtui.tui.widgets.runs_table.column_width_cache import ColumnWidthCache
from qtui.tui.widgets.runs_table.line_renderer import MARK, PIN, LineRenderer, is_fold_icon
from qtui.tui.widgets.runs_table.viewport import HEADER_LINES, CursorPosition, Viewport
from qtui.tui.widgets.runs_table.visible_columns import GUTTER_CELLS, ColumnStrip, VisibleColumn, border_at, column_at
from qtui.value_classes import dataclass

NARROW_CELLS = 64
"""The width below which columns get narrow limits."""

MIN_COLUMN_CELLS = 3
"""The width that a column keeps, however far its border is dragged."""

SCROLL_BAR_CELLS = 1
THUMB = "▐"
TIME_FORMATS = (ColumnFormat.AGE, ColumnFormat.DURATION, ColumnFormat.STATUS)
"""The formats whose texts change as time passes."""

PULSE_INTERVAL_S = 0.8
"""The time between the bright and the dim phase of running runs."""

MAX_CACHED_STRIPS = 1024
WHEEL_LINES = 3
"""The lines that one notch of the wheel scrolls."""


class RunsTable(CommandHost, Widget, can_focus=True, inherit_bindings=False):
    """A table of runs of any length; it reads no store and changes no run.

    `Viewport` has the cursor and the scroll position, `LineRenderer` renders the visible lines. After a change only
    the lines whose strips differ are refreshed: a pulse of one run does not repaint the table.
    """

    HEADING = "Runs"
    OWN_COMMANDS = (Open, Mark, MarkDown, MarkUp, MarkAll, Fold, FoldAll, PreviousColumn, NextColumn, *CURSOR_COMMANDS)
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    RunsTable {
        height: 1fr;
        background: transparent;
    }
    """

    @dataclass
    class RunHighlighted(Message):
        """The cursor is on another run or group, or on neither."""

        run_id: str | None
        group: TableGroup | None = None

    @dataclass
    class VisibleRowsChanged(Message):
        """Other runs are visible."""

        run_ids: tuple[str, ...]

    @dataclass
    class RunOpened(Message):
        """The user opens a run."""

        run_id: str

    @dataclass
    class FoldRequested(Message):
        """The user folds or unfolds lines, by key."""

        keys: frozenset[str]
        hide: bool

    @dataclass
    class MarksChanged(Message):
        """Other runs are marked."""

        marks: frozenset[str]

    @dataclass
    class SortRequested(Message):
        """The user sorts by a field; with `add`, after the fields that sort already."""

        field: Field
        add: bool

    @dataclass
    class ColumnResized(Message):
        """The user gave a column another width."""

        column: ColumnSpec

    @dataclass
    class ColumnMoved(Message):
        """The user dragged a column onto another one."""

        column: ColumnSpec
        to: ColumnSpec

    def __init__(self) -> None:
        super().__init__()
        self.viewport = Viewport()
        self.marks: frozenset[str] = frozenset()
        """The IDs of marked runs, including invisible ones."""
        self._drag: Callable[[events.MouseEvent], None] | None = None
        self._has_dragged = False
        self._drag_result: Message | None = None
        """The message to post when the drag ends."""
        self._widths = ColumnWidthCache()
        self._arranged_size = Size(0, 0)
        """The size for which columns and lines are arranged."""
        self._painter: RowPainter | None = None
        self._renderer: LineRenderer | None = None
        self._visible_columns: tuple[VisibleColumn, ...] = ()
        self._strips: dict[Hashable, Strip] = {}
        self._painted: dict[int, Strip] = {}
        self._pulse_timer: Timer | None = None
        self._is_dimmed = False
        self._highlighted: tuple[str | None, TableGroup | None] = None, None
        self._visible_ids: tuple[str, ...] = ()

    def on_mount(self) -> None:
        """Post the run under the cursor; prepare the pulse."""
        self._pulse_timer = self.set_interval(PULSE_INTERVAL_S, self._pulse, pause=True)
        self._post_highlighted()

    # State

    @property
    def view(self) -> TableView:
        """The lines and columns."""
        return self.viewport.view

    @view.setter
    def view(self, view: TableView) -> None:
        old = self.viewport.view
        if view is old:
            return
        if view.layout.group_by != old.layout.group_by:
            self._widths.clear()
        elif view.frame is not old.frame or (view.layout.group_by and view.layout.order_by != old.layout.order_by):
            self._widths.invalidate()
        self._strips.clear()
        self._renderer = None
        self._arrange()
        self.viewport.show(view)
        self._repaint()
        self._post_highlighted()
        self._refresh_bindings()

    @property
    def cursor(self) -> int:
        """The index of the line under the cursor."""
        return self.viewport.cursor

    @property
    def column(self) -> int:
        """The index of the column under the cursor."""
        return self.viewport.column

    @property
    def line(self) -> TableLine | None:
        """The line under the cursor."""
        return self.viewport.line

    @property
    def current_column(self) -> ColumnSpec | None:
        """The column under the cursor."""
        return self.viewport.current_column

    @property
    def column_width(self) -> int:
        """The width of the column under the cursor in cells."""
        return self._column_width(self.viewport.column)

    @property
    def at_line(self) -> bool:
        """True if the cursor is on a run or a group."""
        return self.line is not None

    # Cursor and columns

    def go_to(self, index: int) -> None:
        """Move the cursor to a line; from now on it follows its run."""
        self._change_cursor(lambda: self.viewport.move_cursor(index))

    def reset_cursor(self) -> None:
        """Move the cursor to the first line, where it stays until the user moves it."""
        self._change_cursor(self.viewport.reset_cursor)

    def restore_cursor(self, position: CursorPosition | None) -> None:
        """Move the cursor to the first line, and to this position as soon as a view has its line."""
        self._change_cursor(lambda: self.viewport.restore(position))

    def scroll_lines(self, lines: int) -> None:
        """Scroll without the cursor; a negative number scrolls up."""
        self.viewport.scroll_to(self.viewport.top + lines)
        self._repaint()

    def move_cursor(self, lines: int) -> None:
        """Move the cursor by lines."""
        self.go_to(self.cursor + lines)

    def turn_page(self, direction: int) -> None:
        """Go a page down, or with a negative direction up."""
        self._change_cursor(lambda: self.viewport.turn_pages(direction * self.viewport.page_lines))

    def turn_half_page(self, direction: int) -> None:
        """Go half a page down, or with a negative direction up."""
        self._change_cursor(lambda: self.viewport.turn_pages(direction * (self.viewport.page_lines // 2)))

    def _change_cursor(self, change: Callable[[], None]) -> None:
        before = self.viewport.cursor
        change()
        self._repaint()
        if self.viewport.cursor != before:
            self._post_highlighted()
            if self.view.lines.heads:
                self._refresh_bindings()  # Groups have other commands than runs.

    def go_to_column(self, index: int) -> None:
        """Move the cursor to a column."""
        self._change_column(lambda: self.viewport.go_to_column(index))

    def step_column(self, direction: int) -> None:
        """Move the cursor to the next column, or with a negative direction to the previous one."""
        self.go_to_column(self.column + direction)

    def go_to_field(self, field: Field | None) -> None:
        """Move the cursor to the column with the values of a field, if there is one."""
        self._change_column(lambda: self.viewport.go_to_field(field))

    def _change_column(self, change: Callable[[], None]) -> None:
        before = self.viewport.column
        change()
        if self.viewport.column != before:
            self._rearrange()
            self._refresh_bindings()  # Metrics have other commands than params.

    def has_same_times(self, view: TableView) -> bool:
        """Return whether the visible lines have the same ages, durations and statuses in a view of another time."""
        renderer = self.renderer
        columns = [
            (renderer.columns[visible.index], visible.width)
            for visible in renderer.visible
            if renderer.columns[visible.index].format in TIME_FORMATS
        ]
        return all(
            table_cell(view, line, column, cells) == table_cell(self.view, line, column, cells)
            for line in self.viewport.visible_lines()
            for column, cells in columns
        )

    def reset_columns(self) -> None:
        """Scroll to the first column and forget all widths, before other runs are shown."""
        self._widths.clear()
        self.viewport.reset_columns()
        self._renderer = None

    def _refresh_bindings(self) -> None:
        if self.is_running:
            self.refresh_bindings()

    def _post_highlighted(self) -> None:
        if not self.is_running:
            return
        line = self.line
        run_id = line.key if line and line.row is not None else None
        group = line.head if line and isinstance(line.head, TableGroup) else None
        if (run_id, group) != self._highlighted:
            self._highlighted = run_id, group
            self._post(self.RunHighlighted(run_id, group))

    def _post(self, message: Message) -> None:
        """Post a message with the table as its sender: one that the parent sends would not bubble past the parent."""
        message.set_sender(self)
        self.post_message(message)

    # Painting

    @property
    def renderer(self) -> LineRenderer:
        """The renderer for the current columns and sizes."""
        if self._renderer is None:
            viewport, columns = self.viewport, self.view.columns
            cells = self._arranged_size.width - SCROLL_BAR_CELLS
            strip = ColumnStrip(self._column_width, len(columns), sum(column.pinned for column in columns))
            viewport.first_column = strip.first_showing(viewport.column, viewport.first_column, cells)
            visible = strip.visible(viewport.first_column, cells)
            if visible != self._visible_columns:
                self._visible_columns = visible
                self._strips.clear()
            self._renderer = LineRenderer(self.view, columns, visible, cells, viewport.column, self.has_focus)
        return self._renderer

    @property
    def painter(self) -> RowPainter:
        """The painter for the current styles."""
        self._painter = self._painter or RowPainter.of(self)
        return self._painter

    def _column_width(self, index: int) -> int:
        return self._widths.width(self.view, self.view.columns[index], narrow=self._arranged_size.width < NARROW_CELLS)

    def _arrange(self) -> None:
        """Arrange columns and lines for the size of the widget, which Textual can paint before it posts Resize."""
        if self._arranged_size != self.outer_size:
            self._arranged_size = self.outer_size
            self._widths.clear()
            self._strips.clear()
            self._renderer = None
            self.viewport.resize(self.outer_size.height)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return lines for the screen. They have all their styles, so that Textual's cache of styles is not needed."""
        background = self.background_colors[1]
        if self._arranged_size != self.outer_size or not self._painted:
            self._arrange()
            self._painted = self._paint(self.viewport.visible_lines())
        strips = [self._painted[y] for y in crop.line_range]
        for line_filter in self.get_line_filters():
            if isinstance(line_filter, AsciiFilter):  # The painter applies the others to its styles.
                strips = [strip.apply_filter(line_filter, background) for strip in strips]
        return strips if crop.width == self.outer_size.width else [strip.crop(*crop.column_span) for strip in strips]

    def _paint(self, lines: Sequence[TableLine]) -> dict[int, Strip]:
        """Return the strips of the titles, these lines, and the blanks below them, from the cache if possible."""
        renderer, viewport, strips = self.renderer, self.viewport, self._strips
        if len(strips) > MAX_CACHED_STRIPS:
            strips.clear()
        painted = {}
        key: Hashable = renderer.current, renderer.focused
        if key not in strips:
            strips[key] = self.painter.paint(renderer.header(), self._arranged_size.width)
        painted[0] = strips[key]
        thumb, pinned_count = viewport.thumb, self.view.pinned_count
        for y, (index, line) in enumerate(zip(viewport.visible_indices, lines, strict=True), HEADER_LINES):
            cursor = index == viewport.cursor
            mark = MARK if line.key in self.marks else PIN if index < pinned_count else " "
            dimmed = self._is_dimmed and self._is_running(line)
            key = index, mark, y in thumb, dimmed, (renderer.current, renderer.focused) if cursor else None
            strip = strips.get(key)
            if strip is None:
                row = renderer.line(line, mark, cursor=cursor, dimmed=dimmed)
                strip = strips[key] = self._paint_row(row, cursor=cursor, thumb=y in thumb)
            painted[y] = strip
        blank = self._paint_row([(" " * renderer.cells, "text")], cursor=False, thumb=False)
        return painted | dict.fromkeys(range(HEADER_LINES + len(lines), viewport.height), blank)

    def _paint_row(self, row: Sequence[tuple[str, str]], *, cursor: bool, thumb: bool) -> Strip:
        """Return a row as a strip, with the cell of the scroll bar at its end."""
        bar = (THUMB, "scroll-bar") if thumb else (" ", "text")
        if not cursor:
            return self.painter.paint([*row, bar], self._arranged_size.width)
        state = RowCursor.FOCUSED if self.renderer.focused else RowCursor.BLURRED
        return Strip.join(
            [self.painter.paint(row, self.renderer.cells, state), self.painter.paint([bar], SCROLL_BAR_CELLS)]
        )

    def _rearrange(self) -> None:
        """Arrange the columns again, and repaint."""
        self._renderer = None
        self._repaint()

    def _repaint(self) -> None:
        """Refresh the lines that differ, pulse while a visible run is running, and post the visible runs."""
        if not self.is_mounted:
            self._painted = {}
            return
        self._arrange()
        visible = self.viewport.visible_lines()
        before, self._painted = self._painted, self._paint(visible)
        refresh_changed_lines(self, before, self._painted.__getitem__, self._arranged_size.width, self._painted)
        self._pulse_while(any(map(self._is_running, visible)) and self.app.animation_level != "none")
        visible_ids = tuple(line.key for line in visible if line.row is not None)
        if visible_ids != self._visible_ids:
            self._visible_ids = visible_ids
            self._post(self.VisibleRowsChanged(visible_ids))

    def _pulse_while(self, active: bool) -> None:
        if self._pulse_timer is not None:
            (self._pulse_timer.resume if active else self._pulse_timer.pause)()

    def _pulse(self) -> None:
        """Toggle the pulse of running runs."""
        self._is_dimmed = not self._is_dimmed
        self._repaint()

    def _is_running(self, line: TableLine) -> bool:
        """True if a run is running and not stale."""
        if line.row is None or line.key in self.view.stale:
            return False
        return self.view.frame.infos[line.row].status == Status.RUNNING

    # Events

    def notify_style_update(self) -> None:
        """Use the styles of another theme."""
        super().notify_style_update()
        self._painter = None
        self._renderer = None
        self._strips.clear()
        self._painted = {}

    def on_resize(self) -> None:
        """Arrange columns and lines for another size."""
        self._repaint()

    def on_focus(self) -> None:
        """Paint the cursor bright."""
        self._rearrange()

    def on_blur(self) -> None:
        """Paint the cursor dim."""
        self._rearrange()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Start to drag the border of a column, its title, or the scroll bar."""
        columns, visible = self.view.columns, self.renderer.visible
        is_header = event.y < HEADER_LINES
        self._has_dragged = False
        if is_header and (border := border_at(visible, event.x)) is not None:
            column = columns[border.index].with_width(border.width)
            self._drag = partial(self._resize_column, column, event.screen_x - border.width)
        elif is_header and (title := column_at(visible, event.x)) is not None:
            self._drag = partial(self._move_column, columns[title.index])
        elif event.x == self.renderer.cells and self.viewport.thumb:
            self._drag = self._drag_thumb
            self._drag_thumb(event)
        if self._drag is not None:
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Continue a drag."""
        if self._drag is not None:
            self._drag(event)

    def on_mouse_up(self) -> None:
        """End a drag, and post its result."""
        self.release_mouse()
        self._drag = None
        if self._drag_result is not None:
            self.post_message(self._drag_result)
            self._drag_result = None

    def _resize_column(self, column: ColumnSpec, origin: int, event: events.MouseEvent) -> None:
        resized = column.with_width(max(MIN_COLUMN_CELLS, event.screen_x - origin))
        self._has_dragged, self._drag_result = True, self.ColumnResized(resized)
        self.view = replace(self.view, layout=self.view.layout.with_column(resized))

    def _move_column(self, column: ColumnSpec, event: events.MouseEvent) -> None:
        """Remember the column under the pointer; a movement within one title is a click."""
        visible = column_at(self.renderer.visible, event.x)
        target = column if visible is None else self.view.columns[visible.index]
        self._drag_result = None if target.key == column.key else self.ColumnMoved(column, target)
        self._has_dragged = self._has_dragged or self._drag_result is not None

    def _drag_thumb(self, event: events.MouseEvent) -> None:
        """Move the middle of the thumb to the pointer."""
        viewport = self.viewport
        self._has_dragged = True
        hidden_lines = len(viewport.view) - viewport.frozen_count - viewport.page_lines
        track = max(1, viewport.page_lines - len(viewport.thumb))
        y = event.y - HEADER_LINES - viewport.frozen_count - len(viewport.thumb) // 2
        self.scroll_lines(round(y * hidden_lines / track) - viewport.top)

    def on_click(self, event: events.Click) -> None:
        """Sort by a title, go to a line, fold it, mark it, or open it on a double click."""
        if self._has_dragged or event.x == self.renderer.cells:
            return
        column = column_at(self.renderer.visible, event.x)
        if event.y < HEADER_LINES:
            if column is not None:
                self.go_to_column(column.index)
                field = self.view.columns[column.index].field
                self.post_message(self.SortRequested(field, add=event.shift or event.ctrl))
        elif (index := self.viewport.line_index(event.y)) is None:
            return
        elif event.shift:
            self.mark_to(index)
        elif event.ctrl or event.x < GUTTER_CELLS:
            self.toggle_marks(self.run_ids_at(index))
        else:
            self.go_to(index)
            if column is not None:
                self._click_cell(index, column, event)

    def _click_cell(self, index: int, column: VisibleColumn, event: events.Click) -> None:
        self.go_to_column(column.index)
        is_name = self.view.columns[column.index].field == NAME_FIELD
        if is_name and is_fold_icon(self.view[index], event.x - column.x):
            self.action_fold()
        elif event.chain == 2:
            self.action_open()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll the lines down, or with shift the columns to the right."""
        self._scroll_by_wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll the lines up, or with shift the columns to the left."""
        self._scroll_by_wheel(event, -1)

    def _scroll_by_wheel(self, event: events.MouseEvent, direction: int) -> None:
        event.stop()
        if event.shift or event.ctrl:
            self.step_column(direction)
        else:
            self.scroll_lines(direction * WHEEL_LINES)

    # Actions

    def action_scroll_home(self) -> None:
        """Go to the first line and stay there when the runs are sorted or new ones appear."""
        self.reset_cursor()

    def action_scroll_end(self) -> None:
        self.go_to(len(self.view) - 1)

    def action_open(self) -> None:
        """Open the run; fold a group."""
        if self.line is not None and self.line.row is not None:
            self.post_message(self.RunOpened(self.line.key))
        else:
            self.action_fold()

    def action_fold(self) -> None:
        """Fold or unfold the line; on a line without children, go to its parent."""
        if self.line is None:
            return
        if self.line.is_open is not None:
            self.post_message(self.FoldRequested(frozenset({self.line.key}), self.line.is_open))
        elif self.line.depth:
            lines_above = range(self.cursor - 1, -1, -1)
            self.go_to(next(index for index in lines_above if self.view[index].depth < self.line.depth))

    def action_fold_all(self) -> None:
        """Fold all lines with children, or unfold them if none is open."""
        lines = [self.view[index] for index, flag in enumerate(self.view.lines.flags) if flag]
        hide = any(line.is_open for line in lines)
        keys = frozenset(line.key for line in lines if line.is_open is hide)
        if keys:
            self.post_message(self.FoldRequested(keys, hide))

    def action_mark(self) -> None:
        self.toggle_marks(self.run_ids_at(self.cursor))
        self.go_to(self.cursor + 1)

    def action_mark_all(self) -> None:
        """Mark all matching runs, or unmark them if all are marked."""
        infos = self.view.frame.infos
        self.toggle_marks(infos[row].run_id for row in self.view.rows)

    def mark_lines(self, lines: int) -> None:
        """Mark the run and this many lines below, or with a negative number above."""
        self.mark_to(self.cursor + lines)

    def mark_to(self, index: int) -> None:
        """Mark the runs from the cursor to a line, and go there."""
        start, end = sorted((self.cursor, max(0, index)))
        self._set_marks(self.marks.union(self.view.run_ids(start, end + 1)))
        self.go_to(index)

    def toggle_marks(self, run_ids: Iterable[str]) -> None:
        """Mark these runs, or unmark them if all are marked."""
        toggled = frozenset(run_ids)
        self._set_marks(self.marks - toggled if toggled <= self.marks else self.marks | toggled)

    def unmark(self, run_ids: Iterable[str]) -> None:
        """Unmark these runs."""
        self._set_marks(self.marks - frozenset(run_ids))

    def _set_marks(self, marks: frozenset[str]) -> None:
        if marks != self.marks:
            self.marks = marks
            self._repaint()
            self.post_message(self.MarksChanged(marks))

    def run_ids_at(self, index: int) -> list[str]:
        """Return the run on a line, or all runs of a group."""
        line = self.view[index] if index < len(self.view) else None
        if line is not None and isinstance(line.head, TableGroup):
            infos = self.view.frame.infos
            return [infos[row].run_id for row in line.head.rows]
        return [] if line is None or line.row is None else [line.key]
