"""How wide the columns of a table are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from qtui.query.ast import Field, Kind
from qtui.runs.cells import group_cell, group_title, run_cell
from qtui.runs.column_specs import ColumnFormat, ColumnSpec
from qtui.runs.table_view import TableGroup, TableView
from qtui.text import display, truncate, width

SAMPLE_LINES = 48
"""How many runs are measured, spread over all of them."""

INDENT_CELLS = 2
"""The cells by which a name stands in behind what it is below, and those of the sign that opens and closes."""

MAX_INDENT_DEPTH = 4
"""How far names are indented at most, so that there is room for them."""

MAX_GROUP_CELLS = 30
"""The cells that mean, deviation and best value of a group may demand."""

MAX_TITLE_CELLS = 22
"""What a title may demand; a longer one is cut."""

NAME_FIELD = Field(Kind.ATTRIBUTE, "run_name")
WIDTH_LIMITS: Mapping[ColumnFormat, tuple[int, int]] = {
    ColumnFormat.TEXT: (4, 24),
    ColumnFormat.NUMBER: (7, MAX_TITLE_CELLS),
    ColumnFormat.STATUS: (6, 12),
    ColumnFormat.AGE: (8, 10),
    ColumnFormat.MOMENT: (10, 19),
    ColumnFormat.DURATION: (8, 9),
    ColumnFormat.EXPERIMENT: (8, 24),
    ColumnFormat.CURVE: (12, 12),
}
"""The least and the most cells of a column that nobody resized."""

FIELD_WIDTH_LIMITS: Mapping[Field, tuple[int, int]] = {NAME_FIELD: (12, 36), Field(Kind.ATTRIBUTE, "run_id"): (8, 8)}
NARROW_WIDTH_LIMITS: Mapping[ColumnFormat, tuple[int, int]] = {
    **WIDTH_LIMITS,
    ColumnFormat.TEXT: (4, 16),
    ColumnFormat.EXPERIMENT: (6, 14),
}
NARROW_FIELD_WIDTH_LIMITS: Mapping[Field, tuple[int, int]] = {**FIELD_WIDTH_LIMITS, NAME_FIELD: (8, 20)}


def natural_width(view: TableView, column: ColumnSpec, *, narrow: bool = False) -> int:
    """The cells that a column needs for its title and a sample of all runs, also those that do not match: neither
    a sort nor a filter changes a width."""
    if column.width is not None:
        return column.width
    looks, fields = (NARROW_WIDTH_LIMITS, NARROW_FIELD_WIDTH_LIMITS) if narrow else (WIDTH_LIMITS, FIELD_WIDTH_LIMITS)
    least, most = fields.get(column.field, looks[column.look])
    if least == most:
        return least
    if view.layout.group_by and not narrow and column.key == _best_column(view):
        most = MAX_GROUP_CELLS
    texts = max((width(text, most) for text in _sample(view, column, most)), default=0)
    return max(least, min(most, max(texts, min(MAX_TITLE_CELLS, width(display(view.title(column)))))))


def _best_column(view: TableView) -> tuple[Field, ColumnFormat] | None:
    """Return the metric whose best values groups show: the one that sorts, or else the first."""
    fields = [order.field for order in view.layout.order_by if order.field.kind is Kind.METRIC]
    metrics = [
        column for column in view.columns if column.look is ColumnFormat.NUMBER and column.field.kind is Kind.METRIC
    ]
    first = [column.key for column in metrics if column.field in fields[:1]] or [column.key for column in metrics]
    return first[0] if first else None


def _sample(view: TableView, column: ColumnSpec, most: int) -> Iterator[str]:
    """What some runs, and some groups, show in a column."""
    rows = view.frame.infos.natural
    groups = [head for head in view.lines.heads if isinstance(head, TableGroup)]
    for row in rows[:: max(1, len(rows) // SAMPLE_LINES)]:
        yield run_cell(view, row, column, most).text
    for group in groups[:: max(1, len(groups) // SAMPLE_LINES)]:
        yield (
            group_title(view.layout.group_by, group)
            if column.field == NAME_FIELD
            else group_cell(view, group, column, most).text
        )


def name_indent(view: TableView) -> int:
    """The cells by which names stand in, at most."""
    if not view.lines.flags:
        return 0
    return INDENT_CELLS * (1 + min(MAX_INDENT_DEPTH, max(view.lines.depths, default=0)))


def shorten_title(title: str, cells: int) -> str:
    """A title in so many cells: cut in its middle, because the end of a key tells more than its beginning."""
    if width(title) <= cells:
        return title
    if cells < 6 or not title.isascii():
        return truncate(title, cells)
    head = (cells - 1) // 3
    return f"{title[:head]}…{title[len(title) - (cells - 1 - head) :]}"
