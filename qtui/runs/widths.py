"""How wide the columns of a table are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qtui.query.ast import Field, Kind
from qtui.runs.cells import cell, name_of
from qtui.runs.columns import ColumnSpec, Look
from qtui.runs.view import Line, TableView
from qtui.text import display, truncate, width

SAMPLE = 48
"""How many lines are measured, spread over all of them so that to scroll changes no width."""

INDENT = 2
"""The cells by which a line stands in for each line it is below."""

TITLE = 16
"""What a title may demand; a longer one is cut."""

NAME = Field(Kind.ATTRIBUTE, "run_name")
LIMITS: Mapping[Look, tuple[int, int]] = {
    Look.TEXT: (4, 24),
    Look.NUMBER: (7, 18),
    Look.STATUS: (11, 12),
    Look.AGE: (8, 10),
    Look.MOMENT: (10, 19),
    Look.DURATION: (8, 9),
    Look.EXPERIMENT: (8, 24),
    Look.CURVE: (12, 12),
}
"""The least and the most cells of a column that nobody resized."""

FIELD_LIMITS: Mapping[Field, tuple[int, int]] = {NAME: (12, 36), Field(Kind.ATTRIBUTE, "run_id"): (8, 8)}
NARROW: Mapping[Look, tuple[int, int]] = {**LIMITS, Look.STATUS: (1, 1), Look.TEXT: (4, 16)}
NARROW_FIELDS: Mapping[Field, tuple[int, int]] = {**FIELD_LIMITS, NAME: (8, 20)}


def widths(view: TableView, columns: Sequence[ColumnSpec], *, narrow: bool = False) -> tuple[int, ...]:
    """The cells of each column: as resized, or as its title and a sample of its values need."""
    step = max(1, len(view) // SAMPLE)
    lines = [view[index] for index in range(0, len(view), step)]
    return tuple(each.width or _needed(view, lines, each, narrow) for each in columns)


def _needed(view: TableView, lines: Sequence[Line], column: ColumnSpec, narrow: bool) -> int:
    looks, fields = (NARROW, NARROW_FIELDS) if narrow else (LIMITS, FIELD_LIMITS)
    least, most = fields.get(column.field, looks[column.look])
    if least == most:
        return least
    texts = max((_width(view, line, column, most) for line in lines), default=0)
    return max(least, min(most, max(texts, min(TITLE, width(display(column.title))))))


def _width(view: TableView, line: Line, column: ColumnSpec, most: int) -> int:
    if column.field == NAME:
        return width(name_of(view, line)) + INDENT * (line.depth + (view.lines.flags != b""))
    return width(cell(view, line, column, most).text)


def shortened(title: str, cells: int) -> str:
    """A title in so many cells: cut in its middle, because the end of a key tells more than its beginning."""
    if width(title) <= cells:
        return title
    if cells < 6 or not title.isascii():
        return truncate(title, cells)
    head = (cells - 1) // 3
    return f"{title[:head]}…{title[len(title) - (cells - 1 - head) :]}"
