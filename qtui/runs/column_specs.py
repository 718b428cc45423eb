"""Columns of a table: field, format, title, width and alignment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from types import MappingProxyType

from qtui.entities import NOTE_TAG, PARENT_RUN_TAG
from qtui.query.ast import LOGGED_KINDS, Aggregate, Field, FieldKind, OrderBy
from qtui.query.column_names import is_bare_key, parse_column
from qtui.runs.display_names import short_names
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.sort_rows import is_numeric
from qtui.value_classes import dataclass

DELTA_SIGN = "Δ"
"""Before the title of a column with differences from the baseline."""


class ColumnFormat(StrEnum):
    """How a column shows its values."""

    TEXT = "text"
    NUMBER = "number"
    STATUS = "status"
    AGE = "age"
    MOMENT = "moment"
    DURATION = "duration"
    EXPERIMENT = "experiment"
    SPARKLINE = "curve"
    DELTA = "delta"
    """The difference from the baseline."""


class Align(StrEnum):
    """The alignment of the values of a column."""

    LEFT = "<"
    RIGHT = ">"


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column of a table."""

    field: Field
    format: ColumnFormat = ColumnFormat.TEXT
    title: str = ""
    width: int | None = None
    """The width in cells; None computes it from the values."""
    align: Align = Align.LEFT
    pinned: bool = False
    """Whether it stays visible while the others scroll."""

    @property
    def key(self) -> tuple[Field, ColumnFormat]:
        """Return the key of the column, which does not depend on title and width."""
        return self.field, self.format

    def with_width(self, width: int | None) -> ColumnSpec:
        """Return the column with another width."""
        return replace(self, width=width)


def _attribute_column(key: str, column_format: ColumnFormat, title: str, align: Align = Align.LEFT) -> ColumnSpec:
    return ColumnSpec(Field(FieldKind.ATTRIBUTE, key), column_format, title, align=align)


RUN_COLUMNS: Mapping[str, ColumnSpec] = MappingProxyType(
    {
        "name": ColumnSpec(Field(FieldKind.ATTRIBUTE, "run_name"), title="name", pinned=True),
        "status": _attribute_column("status", ColumnFormat.STATUS, "status"),
        "age": _attribute_column("start_time", ColumnFormat.AGE, "age", Align.RIGHT),
        "duration": _attribute_column("duration", ColumnFormat.DURATION, "duration", Align.RIGHT),
        "started": _attribute_column("start_time", ColumnFormat.MOMENT, "started"),
        "ended": _attribute_column("end_time", ColumnFormat.MOMENT, "ended"),
        "user": _attribute_column("user_id", ColumnFormat.TEXT, "user"),
        "experiment": _attribute_column("experiment_id", ColumnFormat.EXPERIMENT, "experiment"),
        "id": _attribute_column("run_id", ColumnFormat.TEXT, "id"),
        "dataset": ColumnSpec(Field(FieldKind.DATASET, "name"), title="dataset"),
        "note": ColumnSpec(Field(FieldKind.TAG, NOTE_TAG), title="note"),
        "parent": ColumnSpec(Field(FieldKind.TAG, PARENT_RUN_TAG), title="parent"),
        "lifecycle": _attribute_column("lifecycle_stage", ColumnFormat.TEXT, "lifecycle"),
    }
)
"""The columns that exist for any run, by name."""


def logged_column(frame: RunsFrame, field: Field) -> ColumnSpec:
    """Return the column of a metric, a param or a tag; numbers are right-aligned."""
    if field.kind is FieldKind.METRIC or is_numeric(frame.column(field)):
        column_format = ColumnFormat.NUMBER if field.kind is FieldKind.METRIC else ColumnFormat.TEXT
        return ColumnSpec(field, column_format, field_title(field), align=Align.RIGHT)
    return ColumnSpec(field, title=field_title(field))


def with_sorted_column(
    frame: RunsFrame, columns: tuple[ColumnSpec, ...], order_by: Sequence[OrderBy]
) -> tuple[ColumnSpec, ...]:
    """Return the columns; if the column of the first sort key is missing, add it after the pinned ones."""
    if not order_by:
        return columns
    field = order_by[0].field
    if any(column.field == field and column.format is not ColumnFormat.SPARKLINE for column in columns):
        return columns
    run_column = next((column for column in RUN_COLUMNS.values() if column.field == field), None)
    sorted_column = replace(run_column or logged_column(frame, field), pinned=False)
    pinned = tuple(column for column in columns if column.pinned)
    return (*pinned, sorted_column, *(column for column in columns if not column.pinned))


def with_delta_columns(columns: Sequence[ColumnSpec], *, has_baseline: bool) -> tuple[ColumnSpec, ...]:
    """Return the columns with the difference from the baseline after each metric, or without any."""
    deltas = {column.field: column for column in columns if column.format is ColumnFormat.DELTA}
    result: list[ColumnSpec] = []
    for column in columns:
        if column.format is ColumnFormat.DELTA:
            continue
        result.append(column)
        if has_baseline and column.format is ColumnFormat.NUMBER and column.field.kind is FieldKind.METRIC:
            delta = ColumnSpec(column.field, ColumnFormat.DELTA, align=Align.RIGHT)
            result.append(replace(deltas.get(column.field, delta), pinned=column.pinned))
    return tuple(result)


def columns_named(frame: RunsFrame, name: str) -> tuple[ColumnSpec, ...]:
    """Return the columns for a name in the setting `columns`.

    A key without prefix gives a column for every kind that has it; a key that no run has is parsed as a metric.
    """
    key = name.strip()
    if run_column := RUN_COLUMNS.get(key.lower()):
        return (run_column,)
    if is_bare_key(key):
        kinds = [kind for kind in LOGGED_KINDS if frame.column(Field(kind, key)) is not None]
        return tuple(logged_column(frame, Field(kind, key)) for kind in kinds or (FieldKind.METRIC,))
    field = parse_column(key)
    run_column = next((column for column in RUN_COLUMNS.values() if column.field == field), None)
    return (run_column or logged_column(frame, field),)


def curve_column(key: str) -> ColumnSpec:
    """Return the column with the sparklines of a metric."""
    return ColumnSpec(Field(FieldKind.METRIC, key), ColumnFormat.SPARKLINE, key)


def field_title(field: Field) -> str:
    """Return the full title of a column with this field."""
    return field.key if field.aggregate is Aggregate.LAST else f"{field.aggregate} {field.key}"


def column_titles(columns: Sequence[ColumnSpec], frame: RunsFrame) -> dict[tuple[Field, ColumnFormat], str]:
    """Return short titles by column key, with the kind where two kinds of fields share a name."""
    keys = [column.field.key for column in columns if column.field.kind in LOGGED_KINDS]
    other_keys = (key for kind in LOGGED_KINDS for key in frame.column_groups.get((kind, Aggregate.LAST), ()))
    reserved = {column.title for column in columns if column.field.kind not in LOGGED_KINDS}
    short = short_names(list(dict.fromkeys(keys)), other_keys, reserved)
    kinds = {(column.field.kind, column.field.key) for column in columns}

    def title(column: ColumnSpec) -> str:
        kind, key = column.field.kind, column.field.key
        if kind not in LOGGED_KINDS or (column.title and column.title not in (key, field_title(column.field))):
            return column.title
        is_shared = sum((other, key) in kinds for other in LOGGED_KINDS) > 1
        name = f"{kind.value}s.{short[key]}" if is_shared else short[key]
        title = field_title(replace(column.field, key=name))
        return f"{DELTA_SIGN} {title}" if column.format is ColumnFormat.DELTA else title

    return {column.key: title(column) for column in columns}


def available_columns(frame: RunsFrame) -> tuple[ColumnSpec, ...]:
    """Return all columns for these runs: attributes, metrics with their sparklines, params, tags."""
    columns = list(RUN_COLUMNS.values())
    run_keys = {column.key for column in columns}
    for key in frame.keys(FieldKind.METRIC):
        columns += [logged_column(frame, Field(FieldKind.METRIC, key, aggregate)) for aggregate in Aggregate]
        columns.append(curve_column(key))
    for kind in (FieldKind.PARAM, FieldKind.TAG):
        columns += [logged_column(frame, Field(kind, key)) for key in frame.keys(kind)]
    count = len(RUN_COLUMNS)
    return tuple(column for index, column in enumerate(columns) if index < count or column.key not in run_keys)
