"""Render the lines of a table view as rows of pieces, without a widget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TypeAlias

from qtui.plot.pieces import DIM_SUFFIX, Piece
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
FINISHED = Tone.FINISHED

PlacedColumn: TypeAlias = "tuple[int, int, bool, ColumnSpec, CellFormat | None, bool]"
"""A visible column as a tuple, which is read faster for every cell of a page: its first cell, its width, whether it is
right-aligned, its spec, the function that returns its cells of runs (None for names), whether it has the cursor."""

PlacedText: TypeAlias = tuple[int, int, bool, str, str]
"""A text in its column: the first cell and the width of the column, whether it is right-aligned, the text, its role."""


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
    def _placed_columns(self) -> tuple[PlacedColumn, ...]:
        columns = ((visible, self.columns[visible.index]) for visible in self.visible)
        return tuple(
            (
                visible.x,
                visible.width,
                spec.align is Align.RIGHT,
                spec,
                None if spec.field == NAME_FIELD else cell_format(self.view, spec, visible.width),
                visible.index == self.current,
            )
            for visible, spec in columns
        )

    def header(self) -> Sequence[tuple[str, str]]:
        """Return the line of titles, with sort directions, the current column and arrows towards hidden columns."""
        return lay_out(self._titles(), self.cells + 1, "muted")

    def _titles(self) -> Iterator[PlacedText]:
        more_left, more_right = self.hidden_sides()
        yield 0, 1, False, MORE_LEFT if more_left else " ", "muted"
        for x, cells, right, column, _, is_current in self._placed_columns:
            arrow = sort_arrow(self.view, column)
            title = fit_title(self.view.title(column), arrow, cells)
            role = "current-title" if is_current and self.focused else "strong" if arrow else "muted"
            yield x, cells, right, title, role
        yield self.cells, 1, False, MORE_RIGHT if more_right else " ", "muted"

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
        is_group = isinstance(line.head, TableGroup)
        role = "muted" if self._is_muted(line) else "strong" if is_group else "text"
        return lay_out(self._texts(line, mark, role, cursor=cursor, dimmed=dimmed), self.cells, role)

    def _texts(self, line: TableLine, mark: str, role: str, *, cursor: bool, dimmed: bool) -> Iterator[PlacedText]:
        """Yield the texts of a line, from left to right."""
        yield 0, 1, False, mark, "focus"
        row, group = line.row, line.head if isinstance(line.head, TableGroup) else None
        has_colour = row is not None and not line.is_context
        yield 1, 1, False, COLOUR_BAR if has_colour else " ", run_colour(line.key) if has_colour else "text"
        for x, cells, right, column, run_cell, is_current in self._placed_columns:
            if run_cell is None:
                text, tone = name_cell(self.view, line)
            elif group is not None:
                text, tone = group_cell(self.view, group, column, cells)
            else:
                text, tone = EMPTY_CELL if row is None else run_cell(row)
            if cursor and is_current:
                yield x, cells, right, text, "current-cell"
            elif tone is PLAIN:
                yield x, cells, right, text, role
            elif tone is FINISHED:
                # Only the icon is coloured, so that rarer statuses stand out.
                yield x, 1, False, text[:1], tone_role(tone, role, dimmed=dimmed)
                yield x + 1, cells - 1, False, text[1:], "muted"
            else:
                yield x, cells, right, text, tone_role(tone, role, dimmed=dimmed)

    def _is_muted(self, line: TableLine) -> bool:
        """True for deleted runs, and for rows kept only as context."""
        if isinstance(line.head, TableGroup):
            return False
        return line.row is None or line.is_context or self.view.frame.infos[line.row].lifecycle_stage == "deleted"


def lay_out(texts: Iterable[PlacedText], cells: int, role: str) -> Sequence[tuple[str, str]]:
    """Return texts from left to right as a row of `cells` cells with blanks of this role.

    Neighbours of one role are one piece. A text is cut to the width of its column, and the row where even its first
    cells have no room.
    """
    pieces: list[tuple[str, str]] = []
    last_text, last_role, end = "", role, 0
    for x, column_cells, right, text, text_role in texts:
        text_cells = len(text) if text.isascii() else width(text)
        if text_cells > column_cells:
            text = truncate(text, column_cells)
            text_cells = width(text)
        start = x + column_cells - text_cells if right else x
        if start > end:
            if last_role != role:
                pieces.append((last_text, last_role))
                last_text, last_role = "", role
            last_text += " " * (start - end)
            end = start
        if last_role != text_role:
            pieces.append((last_text, last_role))
            last_text, last_role = "", text_role
        last_text += text
        end += text_cells
    pieces += (last_text, last_role), (" " * (cells - end), role)
    return pieces if end <= cells else fit_row(cells, *map(Piece._make, pieces))


def tone_role(tone: Tone, line_role: str, *, dimmed: bool) -> str:
    """Return the role of a cell that is not plain: its tone; in a muted line only the best value stands out."""
    if line_role == "muted":
        return "muted-best" if tone is BEST else "muted"
    return tone + DIM_SUFFIX if dimmed and tone is Tone.RUNNING else tone


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
