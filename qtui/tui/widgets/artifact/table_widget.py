"""The widget for tables: columns with types, sorted, filtered and described in the background."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.strip import Strip

from qtui.artifacts.content import ColumnStatistics, RowCount, TableColumn, TableContent
from qtui.artifacts.tables.arrangement import TableArrangement
from qtui.plot.pieces import Piece, Row
from qtui.plot.rows import fit_row
from qtui.text import display, display_within, width
from qtui.tui.commands import Command
from qtui.tui.commands.artifacts import (
    ColumnDetails,
    DrawColumns,
    DrawTable,
    FirstColumn,
    FitColumn,
    FreezeColumns,
    LastColumn,
    MarkColumn,
    NextSlice,
    PreviousSlice,
    ShowCell,
    SortColumn,
    SortColumnDescending,
    TableLeft,
    TableRight,
)
from qtui.tui.messages import ShowPlots, ShowValue
from qtui.tui.polling import Debouncer
from qtui.tui.present.artifact.row_cells import fit_cell
from qtui.tui.present.artifact.statistics_rows import statistics_rows
from qtui.tui.widgets.artifact.content_widget import TaskSteps
from qtui.tui.widgets.artifact.row_viewport import Place
from qtui.tui.widgets.artifact.rows_widget import RowsWidget, WindowResult
from qtui.tui.widgets.row_painter import RowCursor
from qtui.tui.widgets.runs_table.visible_columns import ColumnStrip, VisibleColumn, column_at

if TYPE_CHECKING:
    from qtui.artifacts.tables.column_plots import TablePlot

MAX_CELL_CELLS = 40
"""The width of a column that was not widened."""
MAX_WIDE_CELLS = 1000
"""The maximum width of a widened column, and the cells of a value that are measured."""
MIN_COLUMN_CELLS = 3
COLUMN_MARGIN = 40
"""Columns at both sides of the first visible one that are loaded with the rows."""
FILTER_PAUSE_S = 0.25
"""Seconds without a key after which a filter is applied."""
TITLE_LINES = 2
"""The names of the columns and their types."""
ASCENDING, DESCENDING = " ▲", " ▼"
MARK = " ●"
"""The sign of a marked column."""
CellTexts = Mapping[int, str]
"""The texts of a row by the index of their column."""


class TableWidget(RowsWidget[CellTexts]):
    """Shows a table; rows and columns outside the loaded window are loaded while the last window stays visible."""

    OWN_COMMANDS: ClassVar[tuple[type[Command[Any]], ...]] = (
        SortColumn,
        SortColumnDescending,
        ColumnDetails,
        DrawColumns,
        MarkColumn,
        DrawTable,
        ShowCell,
        FitColumn,
        FreezeColumns,
        TableLeft,
        TableRight,
        FirstColumn,
        LastColumn,
        NextSlice,
        PreviousSlice,
    )

    def __init__(self, content: TableContent) -> None:
        super().__init__(content.notes)
        self._file = content
        """The table as it is in the file."""
        self._arrangement = TableArrangement((0,) * len(content.outer_shape))
        self.content = content
        """The slice of the table, filtered and sorted."""
        self.column = min(content.index_columns, max(0, len(content.columns) - 1))
        """The column under the cursor."""
        self._first_column = 0
        self._frozen = 0
        """The number of columns that the user has frozen."""
        self._widths: dict[int, int] = {}
        self._wide: set[int] = set()
        self._columns_loaded = range(0)
        self._columns_requested = range(0)
        self._visible: tuple[VisibleColumn, ...] = ()
        self._visible_column = self.column
        self._debouncer = Debouncer(self.set_timer)
        self._statistics_column: int | None = None
        self._marked: list[int] = []
        """The marked columns in the order in which they were marked."""

    # Rows and columns

    @property
    def columns(self) -> Sequence[TableColumn]:
        """The columns."""
        return self.content.columns

    @property
    def title_lines(self) -> int:
        """The number of lines with names and types."""
        return TITLE_LINES

    @property
    def index_count(self) -> int:
        """The number of columns that name the rows."""
        return self.content.index_columns

    @property
    def frozen_count(self) -> int:
        """The number of columns that stay visible: those of the index, or more."""
        return max(self.index_count, self._frozen)

    @property
    def position(self) -> str:
        """The row and the column of the cursor."""
        if not self.columns:
            return "no columns"
        column = self.columns[self.column]
        name = f"column {display(column.name)} ({self.column + 1:,} of {len(self.columns):,})"
        indices, shape = self._arrangement.indices, self._file.outer_shape
        place = f"slice {', '.join(map(str, indices))} of {'×'.join(map(str, shape))}"
        return " · ".join(filter(None, (place if indices else "", super().position, name)))

    @property
    def copy_text(self) -> tuple[str, str] | None:
        """The value under the cursor."""
        row = self.current_row
        if row is None or self.column not in row:
            return None
        return row[self.column], f"the value of {self.columns[self.column].name or 'the index'}"

    def read_count(self) -> RowCount:
        """Return the number of rows known so far."""
        return self.content.row_count()

    def scan(self) -> Iterator[float]:
        """Read the rest of the rows."""
        return self.content.scan()

    def load_rows(self, start: int, stop: int) -> Sequence[CellTexts]:
        """Load the cells of the requested columns."""
        columns = self._with_index(self._columns_requested)
        rows = self.content.cells(start, stop, columns)
        texts = [
            {column: display_within(text, MAX_WIDE_CELLS) for column, text in zip(columns, row, strict=True)}
            for row in rows
        ]
        for column in columns:
            measured = max((width(row[column], MAX_WIDE_CELLS) for row in texts), default=0)
            self._widths[column] = max(self._widths.get(column, 0), measured)
        return texts

    def _with_index(self, columns: range) -> Sequence[int]:
        return [*range(self.frozen_count), *(column for column in columns if column >= self.frozen_count)]

    def request_window(self, start: int, stop: int) -> None:
        """Load rows with the columns around the visible ones."""
        first = max(0, self._first_column - COLUMN_MARGIN)
        self._columns_requested = range(first, min(len(self.columns), first + 3 * COLUMN_MARGIN))
        super().request_window(start, stop)

    def show_window(self, result: WindowResult[CellTexts]) -> None:
        """Show rows that were loaded."""
        self._columns_loaded = self._columns_requested
        super().show_window(result)

    def update_view(self) -> None:
        """Show the rows and columns at the cursor."""
        if self.columns:
            strip = self._strip
            self._first_column = strip.first_showing(self.column, self._first_column, self.body_cells)
            visible = strip.visible(self._first_column, self.body_cells)
            scrolled = [column.index for column in visible if column.index >= self.frozen_count]
            if all(index in self._columns_loaded for index in scrolled):
                self._visible, self._visible_column = visible, self.column
            elif any(index not in self._columns_requested for index in scrolled):
                self.reload_window()
        super().update_view()

    @property
    def _strip(self) -> ColumnStrip:
        return ColumnStrip(self._width_of, len(self.columns), self.frozen_count, self._gutter_cells)

    @property
    def _gutter_cells(self) -> int:
        """The width of the row numbers, which are shown where no column names the rows."""
        return 1 if self.index_count else max(3, len(str(max(self.count.count, self.window.stop)))) + 2

    def _width_of(self, index: int) -> int:
        column = self.columns[index]
        title = max(width(display(column.name)) + len(self._title_sign(index)), width(display(column.type)))
        natural = max(self._widths.get(index, 0), min(title, MAX_CELL_CELLS), MIN_COLUMN_CELLS)
        return min(natural, MAX_WIDE_CELLS if index in self._wide else MAX_CELL_CELLS)

    def _title_sign(self, index: int) -> str:
        """Return the signs of a sorted and of a marked column."""
        mark = MARK if index in self._marked else ""
        sort = self._arrangement.sort
        if sort is None or sort[0] != index:
            return mark
        return (DESCENDING if sort[1] else ASCENDING) + mark

    # Rendering

    def paint_title(self, y: int, cells: int) -> Strip:
        """Return the names of the columns, or their types."""
        pieces = [Piece(" " * self._gutter_cells)]
        position = self._gutter_cells
        for visible in self._visible:
            column = self.columns[visible.index]
            if y:
                text, role = display(column.type), "muted"
            else:
                sign = self._title_sign(visible.index)
                text = (
                    fit_cell(display(column.name), min(visible.width - len(sign), width(display(column.name)))) + sign
                )
                role = "focus" if visible.index == self._visible_column else "strong"
            pieces.append(Piece(" " * (visible.x - position)))
            pieces.append(Piece(fit_cell(text, visible.width, is_right=column.is_number), role))
            position = visible.x + visible.width
        is_cut = y == 0 and bool(self._visible) and self._visible[-1].index < len(self.columns) - 1
        row = fit_row(cells - 1, *pieces)
        return self.painter.paint((*row, Piece("›" if is_cut else " ", "muted")), cells)

    def paint_line(self, place: Place, row: CellTexts, cells: int, cursor: RowCursor) -> Strip:
        """Return a row of the table; the cell under the cursor is reversed."""
        gutter = self._gutter_cells
        number = " " * gutter if self.index_count else f"{place.row + 1:>{gutter - 2}}  "
        pieces = [Piece(number, "muted")]
        position = gutter
        for visible in self._visible:
            is_current = cursor is not RowCursor.NONE and visible.index == self._visible_column
            role = "match" if is_current else "muted" if visible.index < self.index_count else "text"
            is_right = self.columns[visible.index].is_number
            pieces.append(Piece(" " * (visible.x - position)))
            pieces.append(Piece(fit_cell(row.get(visible.index, ""), visible.width, is_right=is_right), role))
            position = visible.x + visible.width
        return self.painter.paint(fit_row(cells, *pieces), cells, cursor)

    # Columns

    def go_to_column(self, index: int) -> None:
        """Move the cursor to a column."""
        self.column = max(0, min(index, len(self.columns) - 1))
        self.update_view()
        self.refresh_changed()
        if self._statistics_column is not None:
            self._load_statistics()

    def scroll_sideways(self, direction: int) -> None:
        """Go to the next or the previous column."""
        self.go_to_column(self.column + direction)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked cell; a click on a title sorts by its column."""
        visible = column_at(self._visible, event.x)
        if visible is not None:
            self.go_to_column(visible.index)
            if len(self.notes) <= event.y < self.header_lines:
                self.sort_column(descending=False)
        super().on_click(event)

    def action_freeze_columns(self) -> None:
        """Keep the columns up to the cursor visible, or let all but the index scroll again."""
        count = 0 if self.column < self._frozen else self.column + 1
        strip = ColumnStrip(self._width_of, len(self.columns), count, self._gutter_cells)
        visible = {column.index for column in strip.visible(0, self.body_cells)}
        if not visible.issuperset(range(count)):
            self.notice = "the columns are too wide to freeze"
            self.changed()
            return
        self._frozen, self._first_column, self.notice = count, 0, ""
        self.reload_window()
        self.relayout()

    def action_fit_column(self) -> None:
        self._wide ^= {self.column}
        self.relayout()

    def action_show_cell(self) -> None:
        row, column, cells = self.viewport.cursor.row, self.column, self.current_row
        if self.copy_text is not None and cells is not None:
            place = " ".join(cells[index] for index in range(self.index_count)) or f"row {row + 1:,}"
            name = place if self.content.has_row_values else f"{self.columns[column].name or 'index'}, {place}"
            self.run_task("cell", partial(self._load_value, row, column), lambda value: self._show_value(name, value))

    def _load_value(self, row: int, column: int) -> TaskSteps[str]:
        yield None
        return self.content.value(row, column)

    def _show_value(self, name: str, value: str) -> None:
        self.post_message(ShowValue(name, value).set_sender(self))

    # Sorting, filtering, slices

    def sort_column(self, descending: bool) -> None:
        """Sort by the column under the cursor, or go back to the order of the file."""
        if self.columns:
            self._arrange(self._arrangement.sorted_by(self.column, descending=descending), "sorting")

    @property
    def why_no_search(self) -> str | None:
        """A table can be filtered."""
        return None

    def search(self, text: str) -> None:
        """Show only the rows with a text, or for which `column OP value` is true, after a pause of the typing."""

        def apply() -> None:
            self._arrange(replace(self._arrangement, filter=text), "filtering")

        self._debouncer.call_after(FILTER_PAUSE_S, "filter", apply)

    def find_next(self, step: int) -> None:
        """Go to the next or the previous row: all rows match."""
        self.move_cursor(step)

    def _arrange(self, arrangement: TableArrangement, label: str) -> None:
        self.notice = ""
        show = partial(self._show_table, arrangement)
        self.run_task("arrange", partial(arrangement.apply, self._file), show, label)

    def _show_table(self, arrangement: TableArrangement, result: tuple[TableContent, str]) -> None:
        table, problem = result
        if not problem:
            self._arrangement = arrangement
        self.notice = problem
        self.content = table
        self.notes = tuple(table.notes)
        self.restart()

    @property
    def has_slices(self) -> bool:
        """Whether the table is a slice of an array."""
        return bool(self._arrangement.indices)

    def go_to_slice(self, step: int) -> None:
        """Show the next slice of an array, or with a negative step the previous one."""
        self._arrangement = self._arrangement.step_slice(step, self._file.outer_shape)
        self._arrange(self._arrangement, "reading")

    # Plots

    def action_mark_column(self) -> None:
        if self.columns:
            if self.column in self._marked:
                self._marked.remove(self.column)
            else:
                self._marked.append(self.column)
            self.relayout()

    def action_draw_columns(self) -> None:
        from qtui.artifacts.tables.column_tasks import plot_some

        if self.columns:
            columns = self._marked or [self.column]
            if len(columns) == 1 and columns[0] != self.column:
                columns = [*columns, self.column]
            title = " and ".join(self.columns[column].name or "index" for column in columns)
            self._draw(title, partial(plot_some, self.content, tuple(columns)))

    def action_draw_table(self) -> None:
        from qtui.artifacts.tables.column_tasks import plot_all

        self._draw("table", partial(plot_all, self.content))

    def _draw(self, title: str, steps: Callable[[], TaskSteps[tuple[TablePlot, ...]]]) -> None:
        self.notice = ""
        self.run_task("plot", steps, partial(self._show_plots, title), "reading the columns")

    def _show_plots(self, title: str, plots: tuple[TablePlot, ...]) -> None:
        if plots:
            self.post_message(ShowPlots(title, plots).set_sender(self))
        else:
            self.notice = "nothing to draw: the table has no numbers and no classes"

    # Statistics

    def action_column_details(self) -> None:
        if self._statistics_column is None:
            self._load_statistics()
        else:
            self._statistics_column = None
            self.cancel_task("statistics")
            self.cancel_task("sample")
            self.side_rows = ()
            self.changed()

    def _load_statistics(self) -> None:
        from qtui.artifacts.tables.column_tasks import read_statistics

        self._statistics_column = column = self.column
        self.side_rows = ((Piece(display(self.columns[column].name), "strong"),), (Piece("Reading …", "muted"),))
        self.changed()
        self.cancel_task("sample")
        self._describe(column, "statistics", partial(read_statistics, self.content, column), "reading the column")

    def _describe(
        self, column: int, task: str, read: Callable[[], TaskSteps[ColumnStatistics | None]], label: str
    ) -> None:
        """Read statistics, and show them with the rows about the column, which are made in the background too."""

        def steps() -> TaskSteps[tuple[ColumnStatistics | None, tuple[Row, ...]]]:
            statistics = yield from read()
            return statistics, statistics_rows(self.columns[column], statistics, ascii_only=self.ascii_only)

        self.run_task(task, steps, partial(self._show_statistics, column), label)

    def _show_statistics(self, column: int, result: tuple[ColumnStatistics | None, tuple[Row, ...]]) -> None:
        from qtui.artifacts.tables.column_tasks import sample_statistics

        statistics, self.side_rows = result
        if statistics is not None and statistics.is_metadata:
            read = partial(sample_statistics, self.content, column, statistics)
            self._describe(column, "sample", read, "sampling the column")
        self.changed()
