"""What a table shows, given away: its lines, its order and its columns as they are seen."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from qtui.query.ast import Aggregate, Kind
from qtui.runs.cells import Tone, group_name, line_name, table_cell
from qtui.runs.column_data import NumberColumn
from qtui.runs.column_specs import Align, ColumnFormat, ColumnSpec
from qtui.runs.column_widths import NAME_FIELD, WIDTH_LIMITS
from qtui.runs.field_columns import field_column
from qtui.runs.table_view import MissingParent, TableGroup, TableLine, TableView
from qtui.runs.text_formats import format_csv, format_json, format_markdown, json_number

ATTRIBUTE_NAMES: Mapping[str, str] = {"run_name": "name", "user_id": "user"}
"""What the commands call an attribute, where that is not its key."""

PREFIXES: Mapping[Kind, str] = {Kind.METRIC: "metrics", Kind.PARAM: "params", Kind.TAG: "tags", Kind.DATASET: "dataset"}
Get = Callable[[TableLine], Any]


class ExportColumn(NamedTuple):
    """A column of raw values: its title, and what it takes from a line."""

    title: str
    get: Get


def export_lines(view: TableView) -> Iterator[TableLine]:
    """The lines that are given away: what only stands for others below it is left out, unless it is pinned."""
    for index in range(len(view)):
        line = view[index]
        if not isinstance(line.head, MissingParent) and (index < view.pinned or not line.is_context):
            yield line


def export_csv(view: TableView) -> Iterator[str]:
    """Raw values as CSV."""
    parts = export_columns(view)
    return format_csv(
        [each.title for each in parts], ([each.get(line) for each in parts] for line in export_lines(view))
    )


def export_json(view: TableView) -> Iterator[str]:
    """Raw values as a JSON array with an object a line."""
    parts = export_columns(view)
    return format_json({each.title: _json_value(each.get(line)) for each in parts} for line in export_lines(view))


def export_markdown(view: TableView) -> Iterator[str]:
    """The texts of the cells as Markdown, the best values bold."""
    right = [each.align is Align.RIGHT for each in view.columns]
    rows = ([_markdown_cell(view, line, each) for each in view.columns] for line in export_lines(view))
    return format_markdown([each.title for each in view.columns], right, rows)


EXPORT_FORMATS: Mapping[str, Callable[[TableView], Iterator[str]]] = {
    "CSV": export_csv,
    "Markdown": export_markdown,
    "JSON": export_json,
}
"""Every form by its name."""

FILE_EXTENSIONS: Mapping[str, str] = {"CSV": "csv", "Markdown": "md", "JSON": "json"}
"""How the names of their files end."""


def export_columns(view: TableView) -> list[ExportColumn]:
    """Which run, or which group and how many runs it has; then the columns, each once, without those that are drawn."""
    parts = [ExportColumn("run_id", lambda line: None if line.head else line.key)]
    if view.layout.group_by:
        parts += _group_columns(view)
    for column in dict.fromkeys(each for each in view.columns if each.look is not ColumnFormat.CURVE):
        found = _value_columns(view, column)
        parts += [each for each in found if each.title not in {known.title for known in parts}]
    return parts


def _group_columns(view: TableView) -> list[ExportColumn]:
    """The group of a run or the group itself, and its size, which only the group's own line has."""
    groups = {row: head for head in view.lines.heads if isinstance(head, TableGroup) for row in head.rows}

    def group_of(line: TableLine) -> str | None:
        group = line.head if isinstance(line.head, TableGroup) else None if line.row is None else groups.get(line.row)
        return None if group is None else group_name(group, counted=False)

    return [
        ExportColumn("group", group_of),
        ExportColumn("runs", lambda line: len(line.head.rows) if isinstance(line.head, TableGroup) else None),
    ]


def _value_columns(view: TableView, column: ColumnSpec) -> list[ExportColumn]:
    of, title = column.field, column_name(column)
    values = field_column(view.frame, view.layout.resolved(of), view.now)
    whole = of.kind is Kind.ATTRIBUTE and isinstance(values, NumberColumn)

    def value(line: TableLine) -> Any:
        if isinstance(line.head, TableGroup):
            return _group_value(view, line.head, column)
        found = None if values is None or line.row is None else values[line.row]
        return int(found) if whole and isinstance(found, float) and math.isfinite(found) else found

    def named(line: TableLine) -> Any:
        found = value(line)
        return view.experiments.get(found, found) if column.look is ColumnFormat.EXPERIMENT else found

    def spread(line: TableLine) -> float | None:
        found = view.spread(line.head, of) if isinstance(line.head, TableGroup) else None
        return None if found is None else found.deviation

    parts = [ExportColumn(title, named)]
    if view.layout.group_by and of.kind is Kind.METRIC and of.aggregate is Aggregate.LAST:
        parts.append(ExportColumn(f"std({title})", spread))
    return parts


def _group_value(view: TableView, group: TableGroup, column: ColumnSpec) -> float | None:
    """The mean of a group, or the end that a least, greatest or best is about."""
    if column.field.kind is not Kind.METRIC:
        return None
    found = view.spread(group, column.field)
    if found is None:
        return None
    ends = {Aggregate.MIN: found.low, Aggregate.MAX: found.high}
    return ends.get(view.layout.resolved(column.field).aggregate, found.mean)


def column_name(column: ColumnSpec) -> str:
    """The name of a column as `--columns` takes it."""
    of = column.field
    if column.look is ColumnFormat.EXPERIMENT:
        return "experiment"
    if of.kind is Kind.ATTRIBUTE:
        return ATTRIBUTE_NAMES.get(of.key, of.key)
    name = f"{PREFIXES[of.kind]}.{of.key}"
    return name if of.aggregate is Aggregate.LAST else f"{of.aggregate}({name})"


def _markdown_cell(view: TableView, line: TableLine, column: ColumnSpec) -> str:
    if column.field == NAME_FIELD:
        return "↳ " * line.depth + line_name(view, line)
    cells = sys.maxsize if column.look is ColumnFormat.TEXT else WIDTH_LIMITS[column.look][1]
    found = table_cell(view, line, column, cells)
    return f"**{found.text}**" if found.tone is Tone.BEST else found.text


def _json_value(value: Any) -> Any:
    return json_number(value) if isinstance(value, float) else value
