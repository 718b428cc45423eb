"""How wide the columns of a table are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from qtui.query.ast import Field, Kind
from qtui.runs.cells import group_cell, group_title, run_cell
from qtui.runs.columns import ColumnSpec, Look
from qtui.runs.view import Group, TableView
from qtui.text import display, truncate, width

SAMPLE = 48
"""How many runs are measured, spread over all of them."""

INDENT = 2
"""The cells by which a name stands in behind what it is below, and those of the sign that opens and closes."""

DEEPEST = 4
"""How far names are indented at most, so that there is room for them."""

GROUP_CELLS = 30
"""The cells that mean, deviation and best value of a group may demand."""

TITLE = 22
"""What a title may demand; a longer one is cut."""

NAME = Field(Kind.ATTRIBUTE, "run_name")
LIMITS: Mapping[Look, tuple[int, int]] = {
    Look.TEXT: (4, 24),
    Look.NUMBER: (7, TITLE),
    Look.STATUS: (6, 12),
    Look.AGE: (8, 10),
    Look.MOMENT: (10, 19),
    Look.DURATION: (8, 9),
    Look.EXPERIMENT: (8, 24),
    Look.CURVE: (12, 12),
}
"""The least and the most cells of a column that nobody resized."""

FIELD_LIMITS: Mapping[Field, tuple[int, int]] = {NAME: (12, 36), Field(Kind.ATTRIBUTE, "run_id"): (8, 8)}
NARROW: Mapping[Look, tuple[int, int]] = {**LIMITS, Look.TEXT: (4, 16), Look.EXPERIMENT: (6, 14)}
NARROW_FIELDS: Mapping[Field, tuple[int, int]] = {**FIELD_LIMITS, NAME: (8, 20)}


def natural_width(view: TableView, column: ColumnSpec, *, narrow: bool = False) -> int:
    """The cells that a column needs for its title and a sample of all runs, also those that do not match: neither
    a sort nor a filter changes a width."""
    if column.width is not None:
        return column.width
    looks, fields = (NARROW, NARROW_FIELDS) if narrow else (LIMITS, FIELD_LIMITS)
    least, most = fields.get(column.field, looks[column.look])
    if least == most:
        return least
    if view.layout.group_by and not narrow and column.key == _best_column(view):
        most = GROUP_CELLS
    texts = max((width(text, most) for text in _sample(view, column, most)), default=0)
    return max(least, min(most, max(texts, min(TITLE, width(display(view.title(column)))))))


def _best_column(view: TableView) -> tuple[Field, Look] | None:
    """Return the metric whose best values groups show: the one that sorts, or else the first."""
    fields = [order.field for order in view.layout.order_by if order.field.kind is Kind.METRIC]
    metrics = [column for column in view.columns if column.look is Look.NUMBER and column.field.kind is Kind.METRIC]
    first = [column.key for column in metrics if column.field in fields[:1]] or [column.key for column in metrics]
    return first[0] if first else None


def _sample(view: TableView, column: ColumnSpec, most: int) -> Iterator[str]:
    """What some runs, and some groups, show in a column."""
    rows = view.frame.infos.natural
    groups = [head for head in view.lines.heads if isinstance(head, Group)]
    for row in rows[:: max(1, len(rows) // SAMPLE)]:
        yield run_cell(view, row, column, most).text
    for group in groups[:: max(1, len(groups) // SAMPLE)]:
        yield (
            group_title(view.layout.group_by, group)
            if column.field == NAME
            else group_cell(view, group, column, most).text
        )


def indent(view: TableView) -> int:
    """The cells by which names stand in, at most."""
    if not view.lines.flags:
        return 0
    return INDENT * (1 + min(DEEPEST, max(view.lines.depths, default=0)))


def shortened(title: str, cells: int) -> str:
    """A title in so many cells: cut in its middle, because the end of a key tells more than its beginning."""
    if width(title) <= cells:
        return title
    if cells < 6 or not title.isascii():
        return truncate(title, cells)
    head = (cells - 1) // 3
    return f"{title[:head]}…{title[len(title) - (cells - 1 - head) :]}"
