"""Runs with the same values below one line."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence

from qtui import figures
from qtui.query.ast import Field
from qtui.runs.fields import column_of
from qtui.runs.frame import RunsFrame
from qtui.runs.values import Column, Numbers, Texts
from qtui.runs.view import ABOVE, CLOSED, Group, Lines


def grouped(frame: RunsFrame, rows: Sequence[int], fields: Sequence[Field], closed: Collection[str], now: int) -> Lines:
    """The rows by groups, each below a line of its own; the group of the first row comes first."""
    columns = [_texts(frame, column_of(frame, each, now)) for each in fields]
    members: dict[tuple[str | None, ...], array[int]] = {}
    for row in rows:
        values = tuple([column[row] for column in columns])
        if (rows_of := members.get(values)) is None:
            rows_of = members[values] = array("i")
        rows_of.append(row)
    groups = tuple(Group(f"group {values!r}", values, rows_of) for values, rows_of in members.items())
    places, depths, flags = array("i"), bytearray(), bytearray()
    for place, group in enumerate(groups):
        shown = array("i") if group.key in closed else group.rows
        places.append(-1 - place)
        places += shown
        depths += b"\0" + b"\1" * len(shown)
        flags.append(ABOVE | (group.key in closed) * CLOSED)
        flags += bytes(len(shown))
    return Lines(places, groups, bytes(depths), bytes(flags))


def _texts(frame: RunsFrame, column: Column | None) -> Texts:
    if column is None:
        return Texts.absent(len(frame))
    if isinstance(column, Numbers):
        return Texts.of(None if (value := column[row]) is None else figures.number(value) for row in range(len(frame)))
    return column
