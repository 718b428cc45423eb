"""Export a table view with its lines, order and columns as CSV, JSON or Markdown."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from qtui.query.ast import Aggregate, FieldKind
from qtui.query.render import field_name
from qtui.runs.cells import Tone, group_name, line_name, table_cell
from qtui.runs.column_data import NumberColumn
from qtui.runs.column_specs import Align, ColumnFormat, ColumnSpec
from qtui.runs.column_widths import NAME_FIELD, WIDTH_LIMITS
from qtui.runs.field_columns import field_column
from qtui.runs.table_view import MissingParent, TableGroup, TableLine, TableView
from qtui.runs.text_formats import format_csv, format_json, format_markdown, json_number

ATTRIBUTE_NAMES: Mapping[str, str] = {"run_name": "name", "user_id": "user"}
"""The names of attributes in the commands where they are not MLflow's keys."""


class ExportColumn(NamedTuple):
    """A column of raw values: its title, and the value for a line."""

    title: str
    get: Callable[[TableLine], Any]


def export_lines(view: TableView) -> Iterator[TableLine]:
    """Yield the lines to export: without context lines, unless they are pinned."""
    for index in range(len(view)):
        line = view[index]
        if not isinstance(line.head, MissingParent) and (index < view.pinned_count or not line.is_context):
            yield line


def export_csv(view: TableView) -> Iterator[str]:
    """Yield raw values as CSV."""
    columns = export_columns(view)
    rows = ([column.get(line) for column in columns] for line in export_lines(view))
    return format_csv([column.title for column in columns], rows)


def export_json(view: TableView) -> Iterator[str]:
    """Yield raw values as a JSON array with one object per line."""
    columns = export_columns(view)
    return format_json(
        {column.title: _json_value(column.get(line)) for column in columns} for line in export_lines(view)
    )


def export_markdown(view: TableView) -> Iterator[str]:
    """Yield the texts of the cells as Markdown, the best values bold."""
    right = [column.align is Align.RIGHT for column in view.columns]
    rows = ([_markdown_cell(view, line, column) for column in view.columns] for line in export_lines(view))
    return format_markdown([column.title for column in view.columns], right, rows)


EXPORT_FORMATS: Mapping[str, Callable[[TableView], Iterator[str]]] = {
    "CSV": export_csv,
    "Markdown": export_markdown,
    "JSON": export_json,
}


def export_columns(view: TableView) -> list[ExportColumn]:
    """Return run ID, group and group size, then the distinct columns of the view without sparklines."""
    columns = [ExportColumn("run_id", lambda line: None if line.head else line.key)]
    if view.layout.group_by:
        columns += _group_columns(view)
    derived = (ColumnFormat.SPARKLINE, ColumnFormat.DELTA)
    for spec in dict.fromkeys(spec for spec in view.columns if spec.format not in derived):
        titles = {column.title for column in columns}
        columns += [column for column in _value_columns(view, spec) if column.title not in titles]
    return columns


def _group_columns(view: TableView) -> list[ExportColumn]:
    """Return the group of a line, and the group size, which only the line of the group has."""
    groups = {row: head for head in view.lines.heads if isinstance(head, TableGroup) for row in head.rows}

    def group_of_line(line: TableLine) -> str | None:
        group = line.head if isinstance(line.head, TableGroup) else None if line.row is None else groups.get(line.row)
        return None if group is None else group_name(group, counted=False)

    return [
        ExportColumn("group", group_of_line),
        ExportColumn("runs", lambda line: len(line.head.rows) if isinstance(line.head, TableGroup) else None),
    ]


def _value_columns(view: TableView, column: ColumnSpec) -> list[ExportColumn]:
    field, title = column.field, column_name(column)
    values = field_column(view.frame, view.layout.resolve_best(field), view.now)
    is_time = field.kind is FieldKind.ATTRIBUTE and isinstance(values, NumberColumn)

    def raw_value(line: TableLine) -> Any:
        if isinstance(line.head, TableGroup):
            return _group_value(view, line.head, column)
        value = None if values is None or line.row is None else values[line.row]
        return int(value) if is_time and isinstance(value, float) and math.isfinite(value) else value

    def export_value(line: TableLine) -> Any:
        value = raw_value(line)
        return view.experiments.get(value, value) if column.format is ColumnFormat.EXPERIMENT else value

    def deviation(line: TableLine) -> float | None:
        statistics = view.statistics(line.head, field) if isinstance(line.head, TableGroup) else None
        return None if statistics is None else statistics.deviation

    columns = [ExportColumn(title, export_value)]
    if view.layout.group_by and field.kind is FieldKind.METRIC and field.aggregate is Aggregate.LAST:
        columns.append(ExportColumn(f"std({title})", deviation))
    return columns


def _group_value(view: TableView, group: TableGroup, column: ColumnSpec) -> float | None:
    """Return the mean of a metric in a group, or its minimum or maximum for such a column."""
    if column.field.kind is not FieldKind.METRIC:
        return None
    statistics = view.statistics(group, column.field)
    if statistics is None:
        return None
    extremes = {Aggregate.MIN: statistics.low, Aggregate.MAX: statistics.high}
    return extremes.get(view.layout.resolve_best(column.field).aggregate, statistics.mean)


def column_name(column: ColumnSpec) -> str:
    """Return the name of a column as `--columns` accepts it."""
    field = column.field
    if column.format is ColumnFormat.EXPERIMENT:
        return "experiment"
    if field.kind is FieldKind.ATTRIBUTE:
        return ATTRIBUTE_NAMES.get(field.key, field.key)
    return field_name(field)


def _markdown_cell(view: TableView, line: TableLine, column: ColumnSpec) -> str:
    if column.field == NAME_FIELD:
        return "↳ " * line.depth + line_name(view, line)
    cells = sys.maxsize if column.format is ColumnFormat.TEXT else WIDTH_LIMITS[column.format][1]
    cell = table_cell(view, line, column, cells)
    return f"**{cell.text}**" if cell.tone is Tone.BEST else cell.text


def _json_value(value: Any) -> Any:
    return json_number(value) if isinstance(value, float) else value
