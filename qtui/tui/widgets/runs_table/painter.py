"""Lines of a table from a view: text and styles, without a widget."""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from qtui.query.ast import Field
from qtui.runs.cells import TableCell, Tone, line_name, table_cell
from qtui.runs.column_specs import Align, ColumnFormat, ColumnSpec
from qtui.runs.column_widths import INDENT_CELLS, MAX_INDENT_DEPTH, NAME_FIELD, shorten_title
from qtui.runs.table_view import TableGroup, TableLine, TableView
from qtui.text import display, truncate, width
from qtui.tui.widgets.runs_table.palette import Ink, Palette
from qtui.tui.widgets.runs_table.slots import Slot

MARK, PIN, BAR, THUMB = "◆", "*", "▌", "▐"
OPEN, CLOSED = "▾ ", "▸ "
ASCENDING, DESCENDING = "▲", "▼"
MORE_LEFT, MORE_RIGHT = "‹", "›"


class Pieces:
    """A line that grows from left to right; neighbours of one style become one segment, which saves bytes."""

    def __init__(self) -> None:
        self._segments: list[tuple[str, Style]] = []
        self.cells = 0

    def add(self, text: str, style: Style, cells: int | None = None) -> None:
        """Text after what is there already; `cells` spares measuring it."""
        if not text:
            return
        self.cells += width(text) if cells is None else cells
        if self._segments and (self._segments[-1][1] is style or self._segments[-1][1] == style):
            text = self._segments.pop()[0] + text
        self._segments.append((text, style))

    def fill(self, cells: int, style: Style) -> None:
        """Blanks up to so many cells in all."""
        self.add(" " * (cells - self.cells), style, cells - self.cells)

    def strip(self) -> Strip:
        """The line."""
        return Strip((Segment(text, style) for text, style in self._segments), self.cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the lines of a table have in common."""

    view: TableView
    columns: tuple[ColumnSpec, ...]
    slots: tuple[Slot, ...]
    cells: int
    """The room for columns; one cell more is for the scroll bar."""
    current: int
    """The column that the cursor is in."""
    palette: Palette
    focused: bool


def header(sheet: Sheet) -> Strip:
    """The line of titles: which columns sort, in which direction, where the cursor is, on which side there are more."""
    palette = sheet.palette
    left, right = beyond(sheet)
    pieces = Pieces()
    pieces.add(MORE_LEFT if left else " ", palette.header)
    several = len(sheet.view.layout.order_by) > 1
    for slot in sheet.slots:
        column = sheet.columns[slot.column]
        mark = "" if column.format is ColumnFormat.CURVE else sort_mark(sheet.view, column.field, numbered=several)
        is_current = slot.column == sheet.current and sheet.focused
        style = palette.current if is_current else palette.sorted if mark else palette.header
        _place(pieces, title(sheet.view.title(column), mark, slot.width), slot, column.align, style, palette.header)
    pieces.fill(sheet.cells, palette.header)
    pieces.add(MORE_RIGHT if right else " ", palette.header)
    return pieces.strip()


def beyond(sheet: Sheet) -> tuple[bool, bool]:
    """Whether there are columns out of sight to the left, and to the right."""
    seen = [slot.column for slot in sheet.slots]
    others = [column for column, spec in enumerate(sheet.columns) if not spec.pinned and column not in seen]
    last = max(seen, default=-1)
    return any(column < last for column in others), any(column > last for column in others)


def title(text: str, mark: str, cells: int) -> str:
    """A title with its mark, in so many cells; the mark is what stays when there is no room."""
    room = cells - width(mark)
    shortened_text = shorten_title(display(text), room) if room > 2 else ""
    return truncate((shortened_text + mark).strip(), cells)


def sort_mark(view: TableView, field: Field, *, numbered: bool) -> str:
    """The direction that a field sorts in, and its turn where several do."""
    for turn, each in enumerate(view.layout.order_by, 1):
        if each.field == field:
            return f" {ASCENDING if each.ascending else DESCENDING}{turn if numbered else ''}"
    return ""


def blank(sheet: Sheet, *, thumb: bool) -> Strip:
    """A line below the last."""
    pieces = Pieces()
    pieces.fill(sheet.cells, sheet.palette.plain)
    return _ended(pieces, sheet, thumb=thumb)


def body(sheet: Sheet, line: TableLine, sign: str, *, cursor: bool, resting: bool, thumb: bool) -> Strip:
    """One line of the view, behind a sign: whether it is marked, or pinned."""
    view = sheet.view
    ink = _ink(sheet, line, cursor=cursor, resting=resting)
    pieces = Pieces()
    pieces.add(sign, ink.mark)
    has_colour = line.row is not None and not line.is_context
    pieces.add(BAR if has_colour else " ", sheet.palette.colour_of(line.key, ink) if has_colour else ink.plain)
    for slot in sheet.slots:
        column = sheet.columns[slot.column]
        found = name_cell(view, line) if column.field == NAME_FIELD else table_cell(view, line, column, slot.width)
        if ink.cell is not None and slot.column == sheet.current:
            _place(pieces, truncate(found.text, slot.width), slot, column.align, ink.cell, ink.plain)
        else:
            _draw(pieces, found, slot, column.align, ink)
    pieces.fill(sheet.cells, ink.plain)
    return _ended(pieces, sheet, thumb=thumb)


def _draw(pieces: Pieces, found: TableCell, slot: Slot, align: Align, ink: Ink) -> None:
    """A cell in its slot; of the many runs that have finished only the sign is coloured, so that others stand out."""
    text = truncate(found.text, slot.width)
    letters = 1 if found.tone is Tone.FINISHED else len(text)
    _place(pieces, text[:letters], slot, align, ink.of(found.tone), ink.plain)
    pieces.add(text[letters:], ink.of(Tone.FAINT))


def _ended(pieces: Pieces, sheet: Sheet, *, thumb: bool) -> Strip:
    """A line with its end of the scroll bar."""
    pieces.add(THUMB if thumb else " ", sheet.palette.bar if thumb else sheet.palette.plain, 1)
    return pieces.strip()


def name_cell(view: TableView, line: TableLine) -> TableCell:
    """The name of a line, indented below what it is part of, behind the sign that opens and closes."""
    name = line_name(view, line)
    if not view.lines.flags:
        return TableCell(name)
    fold = "  " if line.is_open is None else OPEN if line.is_open else CLOSED
    return TableCell(" " * INDENT_CELLS * min(line.depth, MAX_INDENT_DEPTH) + fold + name)


def _place(pieces: Pieces, text: str, slot: Slot, align: Align, style: Style, plain: Style) -> None:
    """A text in its slot; only its letters take its style, so that blanks are not underlined."""
    cells = width(text)
    pieces.fill(slot.x + slot.width - cells if align is Align.RIGHT else slot.x, plain)
    pieces.add(text, style, cells)


def _ink(sheet: Sheet, line: TableLine, *, cursor: bool, resting: bool) -> Ink:
    palette = sheet.palette
    if cursor:
        return palette.cursor if sheet.focused else palette.blurred
    if isinstance(line.head, TableGroup):
        return palette.group
    if line.row is None or line.is_context:
        return palette.faint
    if sheet.view.frame.infos[line.row].lifecycle_stage == "deleted":
        return palette.faint
    return palette.resting if resting else palette.run
