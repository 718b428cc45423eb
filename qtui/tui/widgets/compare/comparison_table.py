"""The table of a comparison."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from textual import events
from textual.strip import Strip

from qtui.compare.run_comparison import ComparedRow, RowKind, RunComparison
from qtui.plot.pieces import Piece, Row
from qtui.plot.rows import fit_row
from qtui.text import pad, truncate, width
from qtui.tui.commands.artifacts import FirstColumn, LastColumn, TableLeft, TableRight
from qtui.tui.commands.compare import (
    DifferencesOnly,
    MeasuresOnly,
    NextDifference,
    OrderRows,
    PreviousDifference,
    Transpose,
)
from qtui.tui.present.compare.comparison_grid import ComparedCell, ComparisonGrid, GridOptions, GridPlace
from qtui.tui.widgets.artifact.row_viewport import Place
from qtui.tui.widgets.artifact.rows_widget import RowsWidget, WindowResult
from qtui.tui.widgets.compare.view import CompareWidget
from qtui.tui.widgets.row_painter import RowCursor
from qtui.tui.widgets.runs_table.visible_columns import ColumnStrip, VisibleColumn, column_at

MAX_NAME_CELLS, MAX_VALUE_CELLS = 40, 32
MIN_VALUE_CELLS = 8
GUTTER_CELLS = 1
TITLE_LINES = 2
MAX_PAINTED_LINES = 1000


class ComparisonTable(CompareWidget, RowsWidget[int]):
    """Shows runs as columns and keys as lines, or transposed; only what is visible is formatted."""

    OWN_COMMANDS = (
        DifferencesOnly,
        NextDifference,
        PreviousDifference,
        OrderRows,
        Transpose,
        MeasuresOnly,
        TableLeft,
        TableRight,
        FirstColumn,
        LastColumn,
    )
    ROW_NAME = "line"

    def __init__(self) -> None:
        super().__init__()
        self.grid = ComparisonGrid(self.comparison)
        self.column = 1
        """The column under the cursor."""
        self._first_column = 1
        self._widths: dict[int, int] = {}
        self._measured_lines: dict[int, range] = {}
        self._cells: dict[tuple[int, int, int], ComparedCell | None] = {}
        self._strips: dict[tuple[Any, ...], Strip] = {}
        """Painted lines: a key changes only the two lines with the old and the new cursor."""
        self._visible: tuple[VisibleColumn, ...] = ()

    # The comparison

    def show_comparison(self, comparison: RunComparison) -> None:
        """Show a comparison; the cursor stays on its cell."""
        super().show_comparison(comparison)
        self._show_grid(ComparisonGrid(comparison, self.grid.options))

    def _show_grid(self, grid: ComparisonGrid) -> None:
        """Show another arrangement; the cursor stays on its cell if it is still there."""
        place = self.place
        self.grid = grid
        self._widths.clear()
        self._measured_lines.clear()
        self._cells.clear()
        self._strips.clear()
        new_place = grid.find(place) if place else None
        line, column = new_place or (self.viewport.cursor.row, self.column)
        self.column = max(1, min(column, grid.column_count - 1))
        self.set_rows(range(len(grid.lines)))
        self.viewport.go_to(Place(self._cell_line(line)), is_centred=True)
        self.relayout()
        self.changed()

    def _cell_line(self, line: int) -> int:
        """Return the line, or the one below it if it is a heading."""
        lines = self.grid.lines
        is_heading = 0 <= line < len(lines) and isinstance(lines[line], RowKind)
        return min(line + is_heading, max(0, len(lines) - 1))

    @property
    def options(self) -> GridOptions:
        """The choices of the user."""
        return self.grid.options

    @property
    def exported_rows(self) -> Sequence[ComparedRow]:
        """The rows that are shown."""
        return self.grid.rows

    @property
    def has_measures(self) -> bool:
        """Whether the runs have measures of Qlib."""
        return bool(self.comparison.measures)

    @property
    def place(self) -> GridPlace | None:
        """The cell under the cursor."""
        return self.grid.place(self.viewport.cursor.row, self.column)

    @property
    def compared_row(self) -> ComparedRow | None:
        """The row under the cursor."""
        return self.place.row if self.place else None

    @property
    def compared_run(self) -> int | None:
        """The run under the cursor."""
        if self.place:
            return self.place.run
        order = self.comparison.order
        return order[self.column - 1] if not self.options.is_transposed and self.column <= len(order) else None

    @property
    def is_waiting(self) -> bool:
        """Whether the lines are not laid out yet, or a task that the user waits for is running."""
        return super().is_waiting or not self.viewport.height

    @property
    def position(self) -> str:
        """The number of visible rows, the options, and the run under the cursor."""
        options, comparison = self.options, self.comparison
        row_count = f"{len(self.grid.rows):,} of {len(comparison.rows):,} rows"
        all_rows = "differences only" if options.only_differences else "all rows"
        parts = [row_count, "Qlib's measures" if options.only_measures else all_rows]
        if options.by_variation:
            parts.append("by difference")
        if len(comparison.order) > 1:
            run = self.compared_run
            number = comparison.order.index(run) + 1 if run in comparison.order else 0
            parts.append(f"run {number:,} of {len(comparison.order):,}")
        return " · ".join(parts)

    # Lines

    @property
    def title_lines(self) -> int:
        """The number of lines above the rows."""
        return TITLE_LINES

    def show_window(self, result: WindowResult[int]) -> None:
        """Ignore a window: the lines are in memory already."""

    def update_view(self) -> None:
        """Show the lines and columns at the cursor."""
        strip = ColumnStrip(self._width_of, self.grid.column_count, 1, GUTTER_CELLS)
        self._first_column = strip.first_showing(self.column, self._first_column, self.body_cells)
        self._visible = strip.visible(self._first_column, self.body_cells)
        super().update_view()

    def _width_of(self, index: int) -> int:
        """Return the width of a column; it grows while wider values become visible."""
        places = self.viewport.places()
        lines = range(places[0].row, places[-1].row + 1) if places else range(0)
        if self._measured_lines.get(index) != lines:
            self._measured_lines[index] = lines
            most = MAX_VALUE_CELLS if index else MAX_NAME_CELLS
            natural = max(self._natural_widths(index, lines), default=0)
            self._widths[index] = max(self._widths.get(index, MIN_VALUE_CELLS), min(most, natural))
        return self._widths[index]

    def _natural_widths(self, index: int, lines: range) -> Iterator[int]:
        yield from (width(piece.text, MAX_NAME_CELLS) for piece in self.grid.title(index))
        if not index:
            names = map(self.grid.name, lines)
            yield from (width(name.text, MAX_NAME_CELLS) for name in names if name.role != "heading")
        for line in lines:
            cell = self._cell(line, index, MAX_VALUE_CELLS)
            yield sum(width(piece.text, MAX_VALUE_CELLS) for piece in cell.pieces) if cell else 0

    def _cell(self, line: int, column: int, cells: int) -> ComparedCell | None:
        key = line, column, cells
        if key not in self._cells:
            place = self.grid.place(line, column)
            self._cells[key] = None if place is None else self.grid.cell(place, cells)
        return self._cells[key]

    def fit_size(self) -> None:
        """Measure the columns on the lines that are visible now."""
        self._widths.clear()
        self._measured_lines.clear()
        super().fit_size()

    # Rendering

    def paint_title(self, y: int, cells: int) -> Strip:
        """Return the names of the columns, or the line below them."""
        pieces = [Piece(" " * GUTTER_CELLS)]
        position = GUTTER_CELLS
        for visible in self._visible:
            text, role = self.grid.title(visible.index)[y]
            if visible.index == self.column and y == 0:
                role = "current-title"
            is_right = visible.index > 0 and not self.options.is_transposed
            row = fit_cell((Piece(text, role),), visible.width, is_right=is_right)
            pieces += [Piece(" " * (visible.x - position)), *row]
            position = visible.x + visible.width
        is_cut = y == 0 and bool(self._visible) and self._visible[-1].index < self.grid.column_count - 1
        return self.painter.paint((*fit_row(cells - 1, *pieces), Piece("›" if is_cut else " ", "muted")), cells)

    def paint_line(self, place: Place, row: int, cells: int, cursor: RowCursor) -> Strip:
        """Return a line; the cell under the cursor is reversed."""
        column = None if cursor is RowCursor.NONE else self.column
        key = row, cells, self._visible, cursor, column
        if key not in self._strips:
            if len(self._strips) >= MAX_PAINTED_LINES:
                self._strips.clear()
            self._strips[key] = self._paint_cells(row, cells, cursor)
        return self._strips[key]

    def notify_style_update(self) -> None:
        """Paint the lines in the colours of a new theme."""
        super().notify_style_update()
        self._strips.clear()

    def _paint_cells(self, row: int, cells: int, cursor: RowCursor) -> Strip:
        name = self.grid.name(row)
        pieces = [Piece(" " * GUTTER_CELLS)]
        if name.role == "heading":
            return self.painter.paint(fit_row(cells, *pieces, name), cells, cursor)
        position = GUTTER_CELLS
        for visible in self._visible:
            content: Row = (name,)
            is_right = False
            if visible.index and (cell := self._cell(row, visible.index, visible.width)) is not None:
                content = cell.pieces
                is_right = cell.is_right or not self.options.is_transposed
            if visible.index == self.column and cursor is not RowCursor.NONE:
                content = tuple(Piece(piece.text, "match") for piece in content)
            pieces += [Piece(" " * (visible.x - position)), *fit_cell(content, visible.width, is_right=is_right)]
            position = visible.x + visible.width
        return self.painter.paint(fit_row(cells, *pieces), cells, cursor)

    # Moving

    def go_to_column(self, index: int) -> None:
        """Move the cursor to a column."""
        self.column = max(1, min(index, self.grid.column_count - 1))
        self.update_view()
        self.refresh_changed()
        self.changed()

    def scroll_sideways(self, direction: int) -> None:
        """Go to the next or the previous column."""
        self.go_to_column(self.column + direction)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked cell."""
        visible = column_at(self._visible, event.x)
        if visible is not None and visible.index:
            self.go_to_column(visible.index)
        super().on_click(event)

    # Commands

    def _arrange(self, options: GridOptions) -> None:
        self._show_grid(ComparisonGrid(self.comparison, options))

    def action_differences_only(self) -> None:
        only_differences = not self.options.only_differences
        self._arrange(replace(self.options, only_differences=only_differences, only_measures=False))

    def toggle_option(self, name: str) -> None:
        """Switch an option of the arrangement on or off."""
        changes: dict[str, Any] = {name: not getattr(self.options, name)}
        self._arrange(replace(self.options, **changes))

    def go_to_difference(self, step: int) -> None:
        """Go to the next difference in a direction: a line, or a column of a transposed table."""
        if self.options.is_transposed:
            columns = range(self.column + step, self.grid.column_count if step > 0 else 0, step)
            following = next((column for column in columns if self.grid.rows[column - 1].differs), None)
            if following is not None:
                self.go_to_column(following)
        else:
            lines = range(self.viewport.cursor.row + step, len(self.grid.lines) if step > 0 else -1, step)
            following = next((line for line in lines if self.grid.is_difference(line)), None)
            if following is not None:
                self.go_to_row(following)
        self.notice = "" if following is not None else "no more differences"
        self.changed()

    @property
    def why_no_search(self) -> str | None:
        """The rows can be filtered."""
        return None

    def search(self, text: str) -> None:
        """Show only keys with this text."""
        self._arrange(replace(self.options, filter=text))

    def find_next(self, step: int) -> None:
        """Go to the next or the previous line: all lines match."""
        self.move_cursor(step)


def fit_cell(row: Row, cells: int, *, is_right: bool) -> Row:
    """Return a row in exactly this many cells."""
    if len(row) == 1:
        text, role = row[0]
        if role == "best" and is_right and width(text) < cells:  # It is underlined, and the padding is not.
            return Piece(" " * (cells - width(text))), row[0]
        return (Piece(pad(truncate(text, cells), cells, ">" if is_right else "<"), role),)
    used = sum(width(piece.text) for piece in row)
    if is_right and used < cells:
        return (Piece(" " * (cells - used)), *row)
    return fit_row(cells, *row)
