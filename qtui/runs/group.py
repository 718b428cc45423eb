"""Runs with the same values below one line."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence

from qtui import figures
from qtui.query.ast import Field, Kind, OrderBy
from qtui.runs.fields import column_of
from qtui.runs.frame import RunsFrame
from qtui.runs.measure import group_statistics
from qtui.runs.values import Column, Numbers, Texts
from qtui.runs.view import ABOVE, CLOSED, Group, Lines


def grouped(
    frame: RunsFrame,
    rows: Sequence[int],
    fields: Sequence[Field],
    closed: Collection[str],
    now: int,
    order_by: Sequence[OrderBy] = (),
) -> Lines:
    """Return the rows by groups, below a line for each group.

    The groups are sorted by the statistics they show of the metrics in `order_by`, then by their first rows.
    """
    columns = [_texts(frame, column_of(frame, each, now)) for each in fields]
    members: dict[tuple[str | None, ...], array[int]] = {}
    for row in rows:
        values = tuple([column[row] for column in columns])
        if (rows_of := members.get(values)) is None:
            rows_of = members[values] = array("i")
        rows_of.append(row)
    groups = _ordered(
        frame, [Group(f"group {values!r}", values, rows_of) for values, rows_of in members.items()], order_by
    )
    places, depths, flags = array("i"), bytearray(), bytearray()
    for place, group in enumerate(groups):
        shown = array("i") if group.key in closed else group.rows
        places.append(-1 - place)
        places += shown
        depths += b"\0" + b"\1" * len(shown)
        flags.append(ABOVE | (group.key in closed) * CLOSED)
        flags += bytes(len(shown))
    return Lines(places, groups, bytes(depths), bytes(flags))


def _ordered(frame: RunsFrame, groups: Sequence[Group], order_by: Sequence[OrderBy]) -> tuple[Group, ...]:
    """Sort groups that are in the order of their first rows; those without the metric come last."""
    import numpy

    keys = []
    for order in order_by:
        column = frame.column(order.field)
        if order.field.kind is not Kind.METRIC:
            break  # The first rows are in this order already, and no two groups share one.
        if isinstance(column, Numbers) and groups:
            statistics = group_statistics(column, [group.rows for group in groups], order.field.aggregate)
            keys.append(statistics if order.ascending else -statistics)
    if not keys:
        return tuple(groups)
    return tuple(groups[place] for place in numpy.lexsort(keys[::-1]))


def _texts(frame: RunsFrame, column: Column | None) -> Texts:
    if column is None:
        return Texts.absent(len(frame))
    if isinstance(column, Numbers):
        return Texts.of(None if (value := column[row]) is None else figures.number(value) for row in range(len(frame)))
    return column
