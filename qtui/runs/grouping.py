"""Group runs with equal values below one line."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence

from qtui import formatting
from qtui.query.ast import Field, FieldKind, OrderBy
from qtui.runs.column_data import NumberColumn, TextColumn, ValueColumn
from qtui.runs.field_columns import field_column
from qtui.runs.metric_statistics import group_statistics
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_view import HAS_CHILDREN, IS_FOLDED, TableGroup, TableLines


def group_lines(
    frame: RunsFrame,
    rows: Sequence[int],
    fields: Sequence[Field],
    folded: Collection[str],
    now: int,
    order_by: Sequence[OrderBy] = (),
) -> TableLines:
    """Return the rows by groups, below a line for each group.

    The groups are sorted by the statistics they show of the metrics in `order_by`, then by their first rows.
    """
    unsorted = [
        TableGroup(f"group {values!r}", values, members)
        for values, members in rows_by_values(frame, rows, fields, now).items()
    ]
    groups = _sort_groups(frame, unsorted, order_by)
    entries, depths, flags = array("i"), bytearray(), bytearray()
    for index, group in enumerate(groups):
        children = array("i") if group.key in folded else group.rows
        entries.append(-1 - index)
        entries += children
        depths += b"\0" + b"\1" * len(children)
        flags.append(HAS_CHILDREN | (group.key in folded) * IS_FOLDED)
        flags += bytes(len(children))
    return TableLines(entries, groups, bytes(depths), bytes(flags))


def rows_by_values(
    frame: RunsFrame, rows: Iterable[int], fields: Sequence[Field], now: int
) -> dict[tuple[str | None, ...], array[int]]:
    """Return the rows by their values in these fields, in the order of the first rows."""
    columns = [_text_column(frame, field_column(frame, field, now)) for field in fields]
    groups: dict[tuple[str | None, ...], array[int]] = {}
    for row in rows:
        values = tuple([column[row] for column in columns])
        if (members := groups.get(values)) is None:
            members = groups[values] = array("i")
        members.append(row)
    return groups


def _sort_groups(frame: RunsFrame, groups: Sequence[TableGroup], order_by: Sequence[OrderBy]) -> tuple[TableGroup, ...]:
    """Sort groups that are in the order of their first rows; those without the metric come last."""
    import numpy

    keys = []
    for order in order_by:
        column = frame.column(order.field)
        if order.field.kind is not FieldKind.METRIC:
            break  # The first rows are in this order already, and no two groups share one.
        if isinstance(column, NumberColumn) and groups:
            statistics = group_statistics(column, [group.rows for group in groups], order.field.aggregate)
            keys.append(statistics if order.ascending else -statistics)
    if not keys:
        return tuple(groups)
    return tuple(groups[index] for index in numpy.lexsort(keys[::-1]))


def _text_column(frame: RunsFrame, column: ValueColumn | None) -> TextColumn:
    if column is None:
        return TextColumn.empty(len(frame))
    if isinstance(column, NumberColumn):
        numbers = (column[row] for row in range(len(frame)))
        return TextColumn.from_values(None if value is None else formatting.format_number(value) for value in numbers)
    return column
