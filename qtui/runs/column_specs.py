"""What the columns of a table are: a field, how it is drawn, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from qtui.entities import NOTE_TAG, PARENT_RUN_TAG
from qtui.query.ast import Aggregate, Field, Kind, OrderBy
from qtui.query.column_names import field_named
from qtui.runs.display_names import short_names
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.sort_rows import is_numeric

LOGGED_KINDS = (Kind.METRIC, Kind.PARAM, Kind.TAG)
"""The kinds of fields whose names the runs choose."""


class ColumnFormat(StrEnum):
    """How the values of a column are drawn."""

    TEXT = "text"
    NUMBER = "number"
    STATUS = "status"
    AGE = "age"
    MOMENT = "moment"
    DURATION = "duration"
    EXPERIMENT = "experiment"
    CURVE = "curve"


class Align(StrEnum):
    """To which side the values of a column lean."""

    LEFT = "<"
    RIGHT = ">"


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column of a table."""

    field: Field
    look: ColumnFormat = ColumnFormat.TEXT
    title: str = ""
    width: int | None = None
    """How many cells it fills; None lets what it holds decide."""
    align: Align = Align.LEFT
    pinned: bool = False
    """Whether it stays in sight while the others scroll."""

    @property
    def key(self) -> tuple[Field, ColumnFormat]:
        """What tells it apart from every other column."""
        return self.field, self.look

    def resized(self, width: int | None) -> ColumnSpec:
        """The same column in another width."""
        return replace(self, width=width)


def _attribute(key: str, look: ColumnFormat, title: str, align: Align = Align.LEFT) -> ColumnSpec:
    return ColumnSpec(Field(Kind.ATTRIBUTE, key), look, title, align=align)


RUN_COLUMNS: Mapping[str, ColumnSpec] = MappingProxyType(
    {
        "name": ColumnSpec(Field(Kind.ATTRIBUTE, "run_name"), title="name", pinned=True),
        "status": _attribute("status", ColumnFormat.STATUS, "status"),
        "age": _attribute("start_time", ColumnFormat.AGE, "age", Align.RIGHT),
        "duration": _attribute("duration", ColumnFormat.DURATION, "duration", Align.RIGHT),
        "started": _attribute("start_time", ColumnFormat.MOMENT, "started"),
        "ended": _attribute("end_time", ColumnFormat.MOMENT, "ended"),
        "user": _attribute("user_id", ColumnFormat.TEXT, "user"),
        "experiment": _attribute("experiment_id", ColumnFormat.EXPERIMENT, "experiment"),
        "id": _attribute("run_id", ColumnFormat.TEXT, "id"),
        "dataset": ColumnSpec(Field(Kind.DATASET, "name"), title="dataset"),
        "note": ColumnSpec(Field(Kind.TAG, NOTE_TAG), title="note"),
        "parent": ColumnSpec(Field(Kind.TAG, PARENT_RUN_TAG), title="parent"),
        "lifecycle": _attribute("lifecycle_stage", ColumnFormat.TEXT, "lifecycle"),
    }
)
"""The columns that every run has, by name."""


def logged_column(frame: RunsFrame, field: Field) -> ColumnSpec:
    """The column of a metric, a param or a tag; numbers stand at the right."""
    if field.kind is Kind.METRIC or is_numeric(frame.column(field)):
        look = ColumnFormat.NUMBER if field.kind is Kind.METRIC else ColumnFormat.TEXT
        return ColumnSpec(field, look, field_title(field), align=Align.RIGHT)
    return ColumnSpec(field, title=field_title(field))


def with_sorted_column(
    frame: RunsFrame, columns: tuple[ColumnSpec, ...], order_by: Sequence[OrderBy]
) -> tuple[ColumnSpec, ...]:
    """Return the columns with the one that sorts first among them, after the pinned ones if it has to be added."""
    if not order_by:
        return columns
    field = order_by[0].field
    if any(column.field == field and column.look is not ColumnFormat.CURVE for column in columns):
        return columns
    known = next((column for column in RUN_COLUMNS.values() if column.field == field), None)
    added = replace(known or logged_column(frame, field), pinned=False)
    pinned = tuple(column for column in columns if column.pinned)
    return (*pinned, added, *(column for column in columns if not column.pinned))


def column_named(frame: RunsFrame, name: str) -> ColumnSpec:
    """Return the column that a name in the setting `columns` means."""
    field = field_named(name)
    usual = RUN_COLUMNS.get(name.strip().lower()) or next(
        (known for known in RUN_COLUMNS.values() if known.field == field), None
    )
    return usual or logged_column(frame, field)


def curve_column(key: str) -> ColumnSpec:
    """The column that draws a metric's history."""
    return ColumnSpec(Field(Kind.METRIC, key), ColumnFormat.CURVE, key)


def field_title(field: Field) -> str:
    """What stands above a column of this field."""
    return field.key if field.aggregate is Aggregate.LAST else f"{field.aggregate} {field.key}"


def column_titles(columns: Sequence[ColumnSpec], frame: RunsFrame) -> dict[tuple[Field, ColumnFormat], str]:
    """Return what stands above each of these columns: short names, with their kind where two kinds have one name."""
    keys = [column.field.key for column in columns if column.field.kind in LOGGED_KINDS]
    others = (key for kind in LOGGED_KINDS for key in frame.shelves.get((kind, Aggregate.LAST), ()))
    known = {column.title for column in columns if column.field.kind not in LOGGED_KINDS}
    short = short_names(list(dict.fromkeys(keys)), others, known)
    kinds = {(column.field.kind, column.field.key) for column in columns}

    def title(column: ColumnSpec) -> str:
        kind, key = column.field.kind, column.field.key
        if kind not in LOGGED_KINDS or (column.title and column.title not in (key, field_title(column.field))):
            return column.title
        shared = sum((other, key) in kinds for other in LOGGED_KINDS) > 1
        name = f"{kind.value}s.{short[key]}" if shared else short[key]
        return field_title(replace(column.field, key=name))

    return {column.key: title(column) for column in columns}


def available_columns(frame: RunsFrame) -> tuple[ColumnSpec, ...]:
    """Every column that there is for these runs: attributes, metrics with their histories, params, tags."""
    columns = list(RUN_COLUMNS.values())
    taken = {each.key for each in columns}
    for key in frame.keys(Kind.METRIC):
        columns += [logged_column(frame, Field(Kind.METRIC, key, aggregate)) for aggregate in Aggregate]
        columns.append(curve_column(key))
    for kind in (Kind.PARAM, Kind.TAG):
        columns += [logged_column(frame, Field(kind, key)) for key in frame.keys(kind)]
    return tuple(each for place, each in enumerate(columns) if place < len(RUN_COLUMNS) or each.key not in taken)
