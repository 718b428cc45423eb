"""Runs with the same values below one line."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence

from qtui import figures
from qtui.query.ast import Field, Kind, OrderBy
from qtui.runs.column_data import NumberColumn, TextColumn, ValueColumn
from qtui.runs.field_columns import field_column
from qtui.runs.metric_statistics import group_statistics
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_view import HAS_CHILDREN, IS_FOLDED, TableGroup, TableLines


def group_lines(
    frame: RunsFrame,
    rows: Sequence[int],
    fields: Sequence[Field],
    closed: Collection[str],
    now: int,
    order_by: Sequence[OrderBy] = (),
) -> TableLines:
    """Return the rows by groups, below a line for each group.

    The groups are sorted by the statistics they show of the metrics in `order_by`, then by their first rows.
    """
    columns = [_text_column(frame, field_column(frame, each, now)) for each in fields]
    members: dict[tuple[str | None, ...], array[int]] = {}
    for row in rows:
        values = tuple([column[row] for column in columns])
        if (rows_of := members.get(values)) is None:
            rows_of = members[values] = array("i")
        rows_of.append(row)
    groups = _sort_groups(
        frame, [TableGroup(f"group {values!r}", values, rows_of) for values, rows_of in members.items()], order_by
    )
    places, depths, flags = array("i"), bytearray(), bytearray()
    for place, group in enumerate(groups):
        shown = array("i") if group.key in closed else group.rows
        places.append(-1 - place)
        places += shown
        depths += b"\0" + b"\1" * len(shown)
        flags.append(HAS_CHILDREN | (group.key in closed) * IS_FOLDED)
        flags += bytes(len(shown))
    return TableLines(places, groups, bytes(depths), bytes(flags))


def _sort_groups(frame: RunsFrame, groups: Sequence[TableGroup], order_by: Sequence[OrderBy]) -> tuple[TableGroup, ...]:
    """Sort groups that are in the order of their first rows; those without the metric come last."""
    import numpy

    keys = []
    for order in order_by:
        column = frame.column(order.field)
        if order.field.kind is not Kind.METRIC:
            break  # The first rows are in this order already, and no two groups share one.
        if isinstance(column, NumberColumn) and groups:
            statistics = group_statistics(column, [group.rows for group in groups], order.field.aggregate)
            keys.append(statistics if order.ascending else -statistics)
    if not keys:
        return tuple(groups)
    return tuple(groups[place] for place in numpy.lexsort(keys[::-1]))


def _text_column(frame: RunsFrame, column: ValueColumn | None) -> TextColumn:
    if column is None:
        return TextColumn.absent(len(frame))
    if isinstance(column, NumberColumn):
        return TextColumn.of(
            None if (value := column[row]) is None else figures.number(value) for row in range(len(frame))
        )
    return column
