"""What a table shows, given away: its lines, its order and its columns as they are seen."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from qtui.query.ast import Aggregate, Kind
from qtui.runs.cells import Tone, cell, group_name, name_of
from qtui.runs.columns import Align, ColumnSpec, Look
from qtui.runs.fields import column_of
from qtui.runs.forms import csv_of, json_of, markdown_of, plain
from qtui.runs.values import Numbers
from qtui.runs.view import Group, Line, Missing, TableView
from qtui.runs.widths import LIMITS, NAME

TITLES: Mapping[str, str] = {"run_name": "name", "user_id": "user"}
"""What the commands call an attribute, where that is not its key."""

PREFIXES: Mapping[Kind, str] = {Kind.METRIC: "metrics", Kind.PARAM: "params", Kind.TAG: "tags", Kind.DATASET: "dataset"}
Get = Callable[[Line], Any]


class Part(NamedTuple):
    """A column of raw values: its title, and what it takes from a line."""

    title: str
    get: Get


def lines_of(view: TableView) -> Iterator[Line]:
    """The lines that are given away: what only stands for others below it is left out, unless it is pinned."""
    for index in range(len(view)):
        line = view[index]
        if not isinstance(line.head, Missing) and (index < view.pinned or not line.is_context):
            yield line


def csv(view: TableView) -> Iterator[str]:
    """Raw values as CSV."""
    parts = parts_of(view)
    return csv_of([each.title for each in parts], ([each.get(line) for each in parts] for line in lines_of(view)))


def json(view: TableView) -> Iterator[str]:
    """Raw values as a JSON array with an object a line."""
    parts = parts_of(view)
    return json_of({each.title: _strict(each.get(line)) for each in parts} for line in lines_of(view))


def markdown(view: TableView) -> Iterator[str]:
    """The texts of the cells as Markdown, the best values bold."""
    right = [each.align is Align.RIGHT for each in view.columns]
    rows = ([_shown(view, line, each) for each in view.columns] for line in lines_of(view))
    return markdown_of([each.title for each in view.columns], right, rows)


FORMS: Mapping[str, Callable[[TableView], Iterator[str]]] = {"CSV": csv, "Markdown": markdown, "JSON": json}
"""Every form by its name."""

ENDINGS: Mapping[str, str] = {"CSV": "csv", "Markdown": "md", "JSON": "json"}
"""How the names of their files end."""


def parts_of(view: TableView) -> list[Part]:
    """Which run, or which group and how many runs it has; then the columns, each once, without those that are drawn."""
    parts = [Part("run_id", lambda line: None if line.head else line.key)]
    if view.layout.group_by:
        parts += _of_groups(view)
    for column in dict.fromkeys(each for each in view.columns if each.look is not Look.CURVE):
        found = _parts(view, column)
        parts += [each for each in found if each.title not in {known.title for known in parts}]
    return parts


def _of_groups(view: TableView) -> list[Part]:
    """The group of a run or the group itself, and its size, which only the group's own line has."""
    groups = {row: head for head in view.lines.heads if isinstance(head, Group) for row in head.rows}

    def group_of(line: Line) -> str | None:
        group = line.head if isinstance(line.head, Group) else None if line.row is None else groups.get(line.row)
        return None if group is None else group_name(group, counted=False)

    return [
        Part("group", group_of),
        Part("runs", lambda line: len(line.head.rows) if isinstance(line.head, Group) else None),
    ]


def _parts(view: TableView, column: ColumnSpec) -> list[Part]:
    of, title = column.field, title_of(column)
    values = column_of(view.frame, view.layout.resolved(of), view.now)
    whole = of.kind is Kind.ATTRIBUTE and isinstance(values, Numbers)

    def value(line: Line) -> Any:
        if isinstance(line.head, Group):
            return _of_group(view, line.head, column)
        found = None if values is None or line.row is None else values[line.row]
        return int(found) if whole and isinstance(found, float) and math.isfinite(found) else found

    def named(line: Line) -> Any:
        found = value(line)
        return view.experiments.get(found, found) if column.look is Look.EXPERIMENT else found

    def spread(line: Line) -> float | None:
        found = view.spread(line.head, of) if isinstance(line.head, Group) else None
        return None if found is None else found.deviation

    parts = [Part(title, named)]
    if view.layout.group_by and of.kind is Kind.METRIC and of.aggregate is Aggregate.LAST:
        parts.append(Part(f"std({title})", spread))
    return parts


def _of_group(view: TableView, group: Group, column: ColumnSpec) -> float | None:
    """The mean of a group, or the end that a least, greatest or best is about."""
    if column.field.kind is not Kind.METRIC:
        return None
    found = view.spread(group, column.field)
    if found is None:
        return None
    ends = {Aggregate.MIN: found.low, Aggregate.MAX: found.high}
    return ends.get(view.layout.resolved(column.field).aggregate, found.mean)


def title_of(column: ColumnSpec) -> str:
    """The name of a column as `--columns` takes it."""
    of = column.field
    if column.look is Look.EXPERIMENT:
        return "experiment"
    if of.kind is Kind.ATTRIBUTE:
        return TITLES.get(of.key, of.key)
    name = f"{PREFIXES[of.kind]}.{of.key}"
    return name if of.aggregate is Aggregate.LAST else f"{of.aggregate}({name})"


def _shown(view: TableView, line: Line, column: ColumnSpec) -> str:
    if column.field == NAME:
        return "↳ " * line.depth + name_of(view, line)
    cells = sys.maxsize if column.look is Look.TEXT else LIMITS[column.look][1]
    found = cell(view, line, column, cells)
    return f"**{found.text}**" if found.tone is Tone.BEST else found.text


def _strict(value: Any) -> Any:
    return plain(value) if isinstance(value, float) else value
