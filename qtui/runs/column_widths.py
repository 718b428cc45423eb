"""Compute the widths of table columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from qtui.formatting import format_status
from qtui.query.ast import Field, FieldKind
from qtui.runs.cells import STAR_FIELD, cell_format, deleted_status, group_cell, group_title
from qtui.runs.column_specs import ColumnFormat, ColumnSpec
from qtui.runs.run_infos import ACTIVE
from qtui.runs.table_view import TableGroup, TableView
from qtui.text import display, width

SAMPLE_LINES = 48
"""Runs, evenly spaced, that are measured for a width; as many groups."""

INDENT_CELLS = 2
"""The cells of one level of indentation, and of the fold sign."""

STAR_CELLS = 2
"""The cells of a star and the blank after it."""

MAX_INDENT_DEPTH = 4
"""The depth from which names are not indented further."""

MAX_GROUP_CELLS = 30
"""The maximum cells for mean, deviation and best value of a group."""

MAX_TITLE_CELLS = 22
"""The cells that a title can require of its column; a longer title is cut."""

NAME_FIELD = Field(FieldKind.ATTRIBUTE, "run_name")
WIDTH_LIMITS: Mapping[ColumnFormat, tuple[int, int]] = {
    ColumnFormat.TEXT: (4, 24),
    ColumnFormat.NUMBER: (7, MAX_TITLE_CELLS),
    ColumnFormat.STATUS: (6, 12),
    ColumnFormat.AGE: (8, 10),
    ColumnFormat.MOMENT: (10, 19),
    ColumnFormat.DURATION: (8, 9),
    ColumnFormat.EXPERIMENT: (8, 24),
    ColumnFormat.SPARKLINE: (12, 12),
    ColumnFormat.DELTA: (8, MAX_TITLE_CELLS),
}
"""The minimum and maximum cells of a column without a width of its own."""

FIELD_WIDTH_LIMITS: Mapping[Field, tuple[int, int]] = {
    NAME_FIELD: (12, 36),
    Field(FieldKind.ATTRIBUTE, "run_id"): (8, 8),
}
NARROW_WIDTH_LIMITS: Mapping[ColumnFormat, tuple[int, int]] = {
    **WIDTH_LIMITS,
    ColumnFormat.TEXT: (4, 16),
    ColumnFormat.EXPERIMENT: (6, 14),
}
NARROW_FIELD_WIDTH_LIMITS: Mapping[Field, tuple[int, int]] = {**FIELD_WIDTH_LIMITS, NAME_FIELD: (8, 20)}


def natural_width(view: TableView, column: ColumnSpec, *, narrow: bool = False) -> int:
    """Return the cells that a column needs for its title and a sample of all runs.

    The sample includes runs that do not match, so neither a sort nor a filter changes a width.
    """
    if column.width is not None:
        return column.width
    by_format, by_field = (
        (NARROW_WIDTH_LIMITS, NARROW_FIELD_WIDTH_LIMITS) if narrow else (WIDTH_LIMITS, FIELD_WIDTH_LIMITS)
    )
    low, high = by_field.get(column.field, by_format[column.format])
    if low == high:
        return low
    if view.layout.group_by and not narrow and column.key == _best_column(view):
        high = MAX_GROUP_CELLS
    content = max((width(text, high) for text in _sample(view, column, high)), default=0)
    return max(low, min(high, max(content, title_width(view, column))))


def title_width(view: TableView, column: ColumnSpec) -> int:
    """Return the cells that the title of a column requires."""
    return min(MAX_TITLE_CELLS, width(display(view.title(column))))


def _best_column(view: TableView) -> tuple[Field, ColumnFormat] | None:
    """Return the metric whose best values groups show: the one that sorts, or else the first."""
    sort_metrics = [order.field for order in view.layout.order_by if order.field.kind is FieldKind.METRIC]
    metrics = [
        column
        for column in view.columns
        if column.format is ColumnFormat.NUMBER and column.field.kind is FieldKind.METRIC
    ]
    keys = [column.key for column in metrics if column.field in sort_metrics[:1]] or [column.key for column in metrics]
    return keys[0] if keys else None


def _sample(view: TableView, column: ColumnSpec, cells: int) -> Iterator[str]:
    """Yield the texts of some runs and groups in a column, or of all statuses."""
    infos = view.frame.infos
    if column.format is ColumnFormat.STATUS:
        # All of them: a sample can miss the few running runs, and a run that becomes stale must not change the width.
        statuses = infos.text_column("status")
        yield from (display(format_status(statuses.pool.values[code])) for code in statuses.used_codes)
        deleted = next((info for info in infos if info.lifecycle_stage != ACTIVE), None)
        if deleted is not None and infos.has_active:
            yield deleted_status(deleted)
    else:
        run_cell = cell_format(view, column, cells)
        for row in infos.default_order[:: max(1, len(infos) // SAMPLE_LINES)]:
            yield run_cell(row)[0]
    groups = [head for head in view.lines.heads if isinstance(head, TableGroup)]
    for group in groups[:: max(1, len(groups) // SAMPLE_LINES)]:
        yield (
            group_title(view.layout.group_by, group)
            if column.field == NAME_FIELD
            else group_cell(view, group, column, cells).text
        )


def name_indent(view: TableView) -> int:
    """Return the cells before the deepest name: its indentation, and a star if any run has one."""
    star = 0 if view.frame.column(STAR_FIELD) is None else STAR_CELLS
    if not view.lines.flags:
        return star
    return star + INDENT_CELLS * (1 + min(MAX_INDENT_DEPTH, max(view.lines.depths, default=0)))
