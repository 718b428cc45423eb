"""Changes of a table layout that the user asks for, and the choices for them, without a widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from qtui.query.ast import Field, FieldKind
from qtui.runs.column_specs import (
    RUN_COLUMNS,
    ColumnFormat,
    ColumnSpec,
    available_columns,
    field_title,
    logged_column,
)
from qtui.runs.default_columns import differing_params
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_layout import TableLayout, insert_added_items
from qtui.runs.table_view import TableView
from qtui.tui.present.choices import Choice

ColumnKey: TypeAlias = tuple[Field, ColumnFormat]

BASE_COLUMNS = ("name", "status", "age", "duration")
"""The columns that stay visible with differing params."""


def sort_choices(view: TableView) -> list[Choice[Field]]:
    """Return the fields to sort by, those of visible columns first."""
    derived = (ColumnFormat.SPARKLINE, ColumnFormat.DELTA)
    fields = {column.field: column for column in _columns(view).values() if column.format not in derived}
    return [Choice(field, column.title, detail=kind_name(column)) for field, column in fields.items()]


def column_choices(view: TableView) -> list[Choice[ColumnKey]]:
    """Return the columns to choose from, visible ones first; pinned ones always stay."""
    columns = (column for column in _columns(view).values() if not column.pinned and is_chosen(column))
    return [Choice(column.key, column.title or column.field.key, detail=kind_name(column)) for column in columns]


def chosen_columns(view: TableView) -> list[ColumnKey]:
    """Return the keys of the visible columns that are not pinned."""
    return [column.key for column in view.columns if not column.pinned and is_chosen(column)]


def is_chosen(column: ColumnSpec) -> bool:
    """Return whether the user can choose a column; those of differences follow from the baseline."""
    return column.format is not ColumnFormat.DELTA


def choose_columns(
    layout: TableLayout, view: TableView, keys: Sequence[ColumnKey], anchor: ColumnSpec | None
) -> TableLayout:
    """Return the layout with these columns; added ones come after `anchor`."""
    pinned = tuple(column for column in view.columns if column.pinned) or (RUN_COLUMNS["name"],)
    columns = _columns(view)
    placed = insert_added_items(keys, chosen_columns(view), anchor.key if anchor else None)
    return replace(layout, columns=(*pinned, *(columns[key] for key in placed)), previous_columns=None)


def group_choices(frame: RunsFrame) -> list[Choice[Field | None]]:
    """Return the fields to group by: None for all params but some, then params, attributes, the dataset, tags."""
    fields = (
        *(Field(FieldKind.PARAM, key) for key in frame.keys(FieldKind.PARAM)),
        *(Field(FieldKind.ATTRIBUTE, key) for key in ("experiment_id", "status", "user_id")),
        Field(FieldKind.DATASET, "name"),
        *(Field(FieldKind.TAG, key) for key in frame.keys(FieldKind.TAG)),
    )
    choices: list[Choice[Field | None]] = [Choice(None, "all params but …", detail="such as the seed")]
    return choices + [Choice(field, field_title(field), detail=field.kind.value) for field in fields]


def left_out_choices(frame: RunsFrame) -> list[Choice[Field]]:
    """Return the params that can be left out of groups by all params: those that differ between runs."""
    return [Choice(field, field_title(field)) for field in differing_params(frame, range(len(frame)))]


def group_by(layout: TableLayout, fields: Sequence[Field]) -> TableLayout:
    """Return the layout with groups by these fields; without any it has no groups."""
    return replace(layout, group_by=tuple(fields), group_all_but=None, folded=frozenset())


def group_by_all_but(layout: TableLayout, fields: Sequence[Field]) -> TableLayout:
    """Return the layout with groups by all differing params but these."""
    return replace(layout, group_by=(), group_all_but=tuple(fields), folded=frozenset())


def toggle_differences(layout: TableLayout, view: TableView) -> TableLayout:
    """Return the layout with the params that differ between the matching runs, or with the columns before."""
    if layout.previous_columns is not None:
        return replace(layout, columns=layout.previous_columns, previous_columns=None)
    metrics = (column for column in view.columns if column.field.kind is FieldKind.METRIC)
    params = (logged_column(view.frame, field) for field in differing_params(view.frame, view.rows))
    columns = (*(RUN_COLUMNS[name] for name in BASE_COLUMNS), *params, *metrics)
    return replace(layout, columns=columns, previous_columns=layout.columns)


def toggle_pin(layout: TableLayout, run_id: str) -> TableLayout:
    """Return the layout with a run pinned, or no longer pinned."""
    if run_id in layout.pins:
        return replace(layout, pins=tuple(pin for pin in layout.pins if pin != run_id))
    return replace(layout, pins=(*layout.pins, run_id))


def toggle_baseline(layout: TableLayout, run_id: str) -> TableLayout:
    """Return the layout with a run as the baseline, or without one."""
    return replace(layout, baseline="" if layout.baseline == run_id else run_id)


def toggle_direction(layout: TableLayout, key: str) -> TableLayout:
    """Return the layout with the other direction of a metric as the better one."""
    higher = not layout.is_higher_better(key)
    return replace(layout, higher_is_better={**layout.higher_is_better, key: higher})


def kind_name(column: ColumnSpec) -> str:
    """Return the kind of a column's field, empty for attributes."""
    if column.format is ColumnFormat.SPARKLINE:
        return "sparkline"
    return "" if column.field.kind is FieldKind.ATTRIBUTE else column.field.kind.value


def _columns(view: TableView) -> dict[ColumnKey, ColumnSpec]:
    """Return all columns by key, visible ones first."""
    visible = {column.key: column for column in view.layout.columns}
    return visible | {column.key: column for column in available_columns(view.frame) if column.key not in visible}
