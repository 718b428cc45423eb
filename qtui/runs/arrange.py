"""A frame laid out as a table: filtered, sorted, grouped or nested, what is pinned above."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import replace

from qtui.query.ast import Filter
from qtui.query.rewrite import with_fields, with_stale_runs
from qtui.runs.filter_rows import filter_mask
from qtui.runs.grouping import group_lines
from qtui.runs.nesting import nest_lines
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.sort_rows import sorted_rows
from qtui.runs.table_layout import TableLayout
from qtui.runs.table_view import IS_CONTEXT, CurveValues, TableLines, TableView

NO_NAMES: Mapping[str, str] = {}
NO_CURVES: CurveValues = {}


def arrange(
    frame: RunsFrame,
    layout: TableLayout,
    wanted: Filter | None = None,
    *,
    now: int = 0,
    experiments: Mapping[str, str] = NO_NAMES,
    curves: CurveValues = NO_CURVES,
    stale: frozenset[str] = frozenset(),
) -> TableView:
    """The table of these runs: those that match, in the layout's order; ages and durations count up to `now` (ms)."""
    order_by = [replace(order, field=layout.resolved(order.field)) for order in layout.order_by]
    rows = sorted_rows(frame, order_by, now)
    if wanted is not None:
        rows = _matching(frame, rows, with_stale_runs(with_fields(wanted, layout.resolved), stale))
    pins = array("i", (row for run_id in layout.pins if (row := frame.row(run_id)) is not None))
    others = _without(rows, pins)
    if layout.group_by:
        lines = group_lines(frame, others, layout.group_by, layout.closed, now, order_by)
    elif layout.nested:
        lines = nest_lines(frame, others, layout.closed)
    else:
        lines = TableLines(others)
    if pins:
        lines = _pinned(pins, lines, set(rows))
    return TableView(frame, layout, lines, rows, len(pins), now, experiments, curves, stale)


def _matching(frame: RunsFrame, rows: array[int], wanted: Filter) -> array[int]:
    import numpy

    places = numpy.frombuffer(rows, dtype=numpy.int32)
    return array("i", places[filter_mask(frame, wanted)[places]].tobytes())


def _without(rows: array[int], pins: array[int]) -> array[int]:
    if not pins:
        return rows
    pinned = set(pins)
    return array("i", (row for row in rows if row not in pinned))


def _pinned(pins: array[int], lines: TableLines, matching_rows: set[int]) -> TableLines:
    """The lines below those of the pinned runs; a pinned run that does not match is only context."""
    count = len(lines.places)
    flags = bytes(0 if row in matching_rows else IS_CONTEXT for row in pins)
    return TableLines(
        pins + lines.places,
        lines.heads,
        bytes(len(pins)) + lines.depths if lines.depths else b"",
        flags + (lines.flags or bytes(count)),
    )
