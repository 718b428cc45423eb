"""Paint the lines of a table view as strips, without a widget."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from qtui.runs.cells import TableCell, Tone, line_name, table_cell
from qtui.runs.column_specs import Align, ColumnFormat, ColumnSpec
from qtui.runs.column_widths import INDENT_CELLS, MAX_INDENT_DEPTH, NAME_FIELD, shorten_title
from qtui.runs.table_layout import ASCENDING, DESCENDING
from qtui.runs.table_view import TableGroup, TableLine, TableView
from qtui.text import display, truncate, width
from qtui.tui.widgets.runs_table.table_styles import LineStyles, TableStyles
from qtui.tui.widgets.runs_table.visible_columns import VisibleColumn
from qtui.value_classes import dataclass

MARK, PIN, COLOUR_BAR, THUMB = "◆", "*", "▌", "▐"
OPEN, FOLDED = "▾ ", "▸ "
MORE_LEFT, MORE_RIGHT = "‹", "›"


class StripBuilder:
    """Builds a strip from left to right; neighbours of one style become one segment, which saves bytes."""

    def __init__(self) -> None:
        self._segments: list[tuple[str, Style]] = []
        self.cells = 0

    def add(self, text: str, style: Style, cells: int | None = None) -> None:
        """Append text; `cells` is its width, if it is known."""
        if not text:
            return
        self.cells += width(text) if cells is None else cells
        if self._segments and (self._segments[-1][1] is style or self._segments[-1][1] == style):
            text = self._segments.pop()[0] + text
        self._segments.append((text, style))

    def fill(self, cells: int, style: Style) -> None:
        """Append blanks up to a total width of `cells`."""
        self.add(" " * (cells - self.cells), style, cells - self.cells)

    def place(self, text: str, column: VisibleColumn, align: Align, style: Style, plain: Style) -> None:
        """Append a text in its column; blanks are plain, so that they are not underlined."""
        cells = width(text)
        self.fill(column.x + column.width - cells if align is Align.RIGHT else column.x, plain)
        self.add(text, style, cells)

    def strip(self) -> Strip:
        """Return the strip."""
        return Strip((Segment(text, style) for text, style in self._segments), self.cells)


@dataclass(frozen=True, slots=True)
class RowPainter:
    """Paints the lines of a view in one arrangement of columns."""

    view: TableView
    columns: tuple[ColumnSpec, ...]
    visible: tuple[VisibleColumn, ...]
    cells: int
    """The width of the columns; the scroll bar takes one more cell."""
    current: int
    """The index of the column under the cursor."""
    styles: TableStyles
    focused: bool

    def header(self) -> Strip:
        """Return the line of titles, with sort directions, the current column and signs for hidden columns."""
        styles = self.styles
        more_left, more_right = self.hidden_sides()
        builder = StripBuilder()
        builder.add(MORE_LEFT if more_left else " ", styles.header)
        for visible in self.visible:
            column = self.columns[visible.index]
            sign = sort_sign(self.view, column)
            is_current = visible.index == self.current and self.focused
            style = styles.current if is_current else styles.sorted if sign else styles.header
            title = fit_title(self.view.title(column), sign, visible.width)
            builder.place(title, visible, column.align, style, styles.header)
        builder.fill(self.cells, styles.header)
        builder.add(MORE_RIGHT if more_right else " ", styles.header)
        return builder.strip()

    def hidden_sides(self) -> tuple[bool, bool]:
        """Return whether columns are hidden to the left, and to the right."""
        visible = [column.index for column in self.visible]
        hidden = [index for index, spec in enumerate(self.columns) if not spec.pinned and index not in visible]
        last = max(visible, default=-1)
        return any(index < last for index in hidden), any(index > last for index in hidden)

    def blank(self, *, thumb: bool) -> Strip:
        """Return a line below the last one."""
        builder = StripBuilder()
        builder.fill(self.cells, self.styles.plain)
        return self._finish(builder, thumb=thumb)

    def line(self, line: TableLine, sign: str, *, cursor: bool, dimmed: bool, thumb: bool) -> Strip:
        """Return a line of the view; `sign` in its first cell says whether it is marked or pinned."""
        styles = self._line_styles(line, cursor=cursor, dimmed=dimmed)
        builder = StripBuilder()
        builder.add(sign, styles.mark)
        has_colour = line.row is not None and not line.is_context
        colour = self.styles.run_colour(line.key, styles) if has_colour else styles.plain
        builder.add(COLOUR_BAR if has_colour else " ", colour)
        for visible in self.visible:
            column = self.columns[visible.index]
            is_name = column.field == NAME_FIELD
            cell = name_cell(self.view, line) if is_name else table_cell(self.view, line, column, visible.width)
            if styles.cell is not None and visible.index == self.current:
                text = truncate(cell.text, visible.width)
                builder.place(text, visible, column.align, styles.cell, styles.plain)
            else:
                _add_cell(builder, cell, visible, column.align, styles)
        builder.fill(self.cells, styles.plain)
        return self._finish(builder, thumb=thumb)

    def _finish(self, builder: StripBuilder, *, thumb: bool) -> Strip:
        """Append the cell of the scroll bar."""
        builder.add(THUMB if thumb else " ", self.styles.bar if thumb else self.styles.plain, 1)
        return builder.strip()

    def _line_styles(self, line: TableLine, *, cursor: bool, dimmed: bool) -> LineStyles:
        styles = self.styles
        if cursor:
            return styles.cursor if self.focused else styles.blurred
        if isinstance(line.head, TableGroup):
            return styles.group
        if line.row is None or line.is_context:
            return styles.faint
        if self.view.frame.infos[line.row].lifecycle_stage == "deleted":
            return styles.faint
        return styles.dimmed if dimmed else styles.run


def fit_title(text: str, sign: str, cells: int) -> str:
    """Return a title and its sort sign in `cells` cells; the sign remains if there is no room for both."""
    room = cells - width(sign)
    title = shorten_title(display(text), room) if room > 2 else ""
    return truncate((title + sign).strip(), cells)


def sort_sign(view: TableView, column: ColumnSpec) -> str:
    """Return the sort direction of a column, and its number if several sort; empty if it does not sort."""
    order_by = view.layout.order_by
    for number, order in enumerate(order_by, 1):
        if order.field == column.field and column.format is not ColumnFormat.CURVE:
            return f" {ASCENDING if order.ascending else DESCENDING}{number if len(order_by) > 1 else ''}"
    return ""


def name_cell(view: TableView, line: TableLine) -> TableCell:
    """Return the name of a line, indented by its depth, after the fold sign."""
    name = line_name(view, line)
    if not view.lines.flags:
        return TableCell(name)
    fold = "  " if line.is_open is None else OPEN if line.is_open else FOLDED
    return TableCell(" " * INDENT_CELLS * min(line.depth, MAX_INDENT_DEPTH) + fold + name)


def is_fold_sign(line: TableLine, x: int) -> bool:
    """True if cell `x` of the name of a line is its fold sign."""
    start = INDENT_CELLS * min(line.depth, MAX_INDENT_DEPTH)
    return line.is_open is not None and start <= x < start + len(OPEN)


def _add_cell(builder: StripBuilder, cell: TableCell, visible: VisibleColumn, align: Align, styles: LineStyles) -> None:
    """Append a cell; of the status "done" only the sign is coloured, so that rarer ones stand out."""
    text = truncate(cell.text, visible.width)
    coloured = 1 if cell.tone is Tone.FINISHED else len(text)
    builder.place(text[:coloured], visible, align, styles.for_tone(cell.tone), styles.plain)
    builder.add(text[coloured:], styles.for_tone(Tone.FAINT))
