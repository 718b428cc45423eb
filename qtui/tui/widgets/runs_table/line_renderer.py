"""Render the lines of a table view as rows of pieces, without a widget."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from qtui.plot.pieces import Piece
from qtui.plot.roles import DIM_SUFFIX
from qtui.plot.rows import fit_row
from qtui.runs.cells import (
    BEST,
    EMPTY_CELL,
    PLAIN,
    STAR,
    STAR_FIELD,
    CellFormat,
    TableCell,
    Tone,
    cell_format,
    group_cell,
    is_star,
    line_name,
)
from qtui.runs.column_specs import Align, ColumnFormat, ColumnSpec
from qtui.runs.column_widths import INDENT_CELLS, MAX_INDENT_DEPTH, NAME_FIELD
from qtui.runs.table_layout import ASCENDING, DESCENDING
from qtui.runs.table_view import TableGroup, TableLine, TableView
from qtui.text import display, truncate, truncate_middle, width
from qtui.tui.themes import run_colour
from qtui.tui.widgets.runs_table.visible_columns import VisibleColumn
from qtui.value_classes import dataclass

MARK, PIN, COLOUR_BAR = "◆", "*", "▌"
OPEN, FOLDED = "▾ ", "▸ "
MORE_LEFT, MORE_RIGHT = "‹", "›"
FINISHED, RIGHT = Tone.FINISHED, Align.RIGHT


class RowBuilder:
    """Builds a row from left to right; `role` is the role of padding."""

    def __init__(self, role: str) -> None:
        self._pieces: list[tuple[str, str]] = []
        self._role = role
        self._cells = 0

    def add(self, text: str, role: str) -> None:
        """Append text."""
        self._pieces.append((text, role))
        self._cells += width(text)

    def fill(self, cells: int) -> None:
        """Append blanks up to a total width of `cells`."""
        if (blanks := cells - self._cells) > 0:
            self._pieces.append((" " * blanks, self._role))
            self._cells = cells

    def role_of(self, tone: Tone, *, dimmed: bool) -> str:
        """Return the role of a cell, which is its tone; in a muted line only the best value stands out."""
        if self._role == "muted":
            return "muted-best" if tone is BEST else "muted"
        if tone is PLAIN:
            return self._role
        return tone + DIM_SUFFIX if dimmed and tone is Tone.RUNNING else tone

    def place(self, text: str, column: VisibleColumn, align: Align, role: str) -> None:
        """Append a text in its column, cut to its width."""
        cells = len(text) if text.isascii() else width(text)
        if cells > column.width:
            text = truncate(text, column.width)
            cells = width(text)
        start = column.x + column.width - cells if align is RIGHT else column.x
        if role == self._role:
            text = " " * (start - self._cells) + text
        else:
            self.fill(start)
        self._pieces.append((text, role))
        self._cells = max(start, self._cells) + cells

    def row(self, cells: int) -> Sequence[tuple[str, str]]:
        """Return the row with blanks up to `cells`, or cut where even its first cells have no room."""
        self.fill(cells)
        return self._pieces if self._cells == cells else fit_row(cells, *map(Piece._make, self._pieces))


@dataclass(frozen=True)
class LineRenderer:
    """Renders the lines of a view as rows of pieces, in one arrangement of columns."""

    view: TableView
    columns: tuple[ColumnSpec, ...]
    visible: tuple[VisibleColumn, ...]
    cells: int
    """The width of the columns; the scroll bar takes one more cell."""
    current: int
    """The index of the column under the cursor."""
    focused: bool

    @cached_property
    def _columns_of_runs(self) -> tuple[tuple[VisibleColumn, ColumnSpec, CellFormat | None], ...]:
        """The visible columns with the functions that return their cells of runs; the column of names has none."""
        columns = ((visible, self.columns[visible.index]) for visible in self.visible)
        return tuple(
            (visible, spec, None if spec.field == NAME_FIELD else cell_format(self.view, spec, visible.width))
            for visible, spec in columns
        )

    def header(self) -> Sequence[tuple[str, str]]:
        """Return the line of titles, with sort directions, the current column and arrows towards hidden columns."""
        more_left, more_right = self.hidden_sides()
        builder = RowBuilder("muted")
        builder.add(MORE_LEFT if more_left else " ", "muted")
        for visible in self.visible:
            column = self.columns[visible.index]
            arrow = sort_arrow(self.view, column)
            is_current = visible.index == self.current and self.focused
            title = fit_title(self.view.title(column), arrow, visible.width)
            role = "current-title" if is_current else "strong" if arrow else "muted"
            builder.place(title, visible, column.align, role)
        builder.fill(self.cells)
        builder.add(MORE_RIGHT if more_right else " ", "muted")
        return builder.row(self.cells + 1)

    def hidden_sides(self) -> tuple[bool, bool]:
        """Return whether columns are hidden to the left, and to the right."""
        visible = [column.index for column in self.visible]
        hidden = [index for index, spec in enumerate(self.columns) if not spec.pinned and index not in visible]
        last = max(visible, default=-1)
        return any(index < last for index in hidden), any(index > last for index in hidden)

    def line(self, line: TableLine, mark: str, *, cursor: bool, dimmed: bool) -> Sequence[tuple[str, str]]:
        """Return a line of the view; `mark` in its first cell says whether it is marked or pinned.

        `dimmed` is the dark half of the blinking of a running run.
        """
        is_muted = self._is_muted(line)
        builder = RowBuilder("muted" if is_muted else "strong" if isinstance(line.head, TableGroup) else "text")
        builder.add(mark, "focus")
        has_colour = line.row is not None and not line.is_context
        builder.add(COLOUR_BAR if has_colour else " ", run_colour(line.key) if has_colour else "text")
        row, group = line.row, line.head if isinstance(line.head, TableGroup) else None
        for visible, column, run_cell in self._columns_of_runs:
            if run_cell is None:
                text, tone = name_cell(self.view, line)
            elif group is not None:
                text, tone = group_cell(self.view, group, column, visible.width)
            else:
                text, tone = EMPTY_CELL if row is None else run_cell(row)
            if cursor and visible.index == self.current:
                builder.place(text, visible, column.align, "current-cell")
            elif tone is FINISHED:
                # Only the icon is coloured, so that rarer statuses stand out.
                builder.place(text[:1], visible, column.align, builder.role_of(tone, dimmed=dimmed))
                builder.add(truncate(text, visible.width)[1:], "muted")
            else:
                builder.place(text, visible, column.align, builder.role_of(tone, dimmed=dimmed))
        return builder.row(self.cells)

    def _is_muted(self, line: TableLine) -> bool:
        """True for deleted runs, and for rows kept only as context."""
        if isinstance(line.head, TableGroup):
            return False
        return line.row is None or line.is_context or self.view.frame.infos[line.row].lifecycle_stage == "deleted"


def fit_title(text: str, arrow: str, cells: int) -> str:
    """Return a title and its sort arrow in `cells` cells; the arrow remains if both do not fit."""
    title_cells = cells - width(arrow)
    title = truncate_middle(display(text), title_cells) if title_cells > 2 else ""
    return truncate((title + arrow).strip(), cells)


def sort_arrow(view: TableView, column: ColumnSpec) -> str:
    """Return the arrow of a column to sort by, with its number if several sort; empty for other columns."""
    order_by = view.layout.order_by
    for number, order in enumerate(order_by, 1):
        if order.field == column.field and column.format is not ColumnFormat.SPARKLINE:
            return f" {ASCENDING if order.ascending else DESCENDING}{number if len(order_by) > 1 else ''}"
    return ""


def name_cell(view: TableView, line: TableLine) -> TableCell:
    """Return the name of a line, indented by its depth, after the fold icon and a star."""
    name = line_name(view, line)
    stars = view.frame.column(STAR_FIELD)
    if stars is not None and line.row is not None and is_star(stars[line.row]):
        name = f"{STAR} {name}"
    if not view.lines.flags:
        return TableCell(name)
    fold = "  " if line.is_open is None else OPEN if line.is_open else FOLDED
    return TableCell(" " * INDENT_CELLS * min(line.depth, MAX_INDENT_DEPTH) + fold + name)


def is_fold_icon(line: TableLine, x: int) -> bool:
    """True if cell `x` of the name of a line is its fold icon."""
    start = INDENT_CELLS * min(line.depth, MAX_INDENT_DEPTH)
    return line.is_open is not None and start <= x < start + len(OPEN)
