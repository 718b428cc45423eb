"""Build a table view from a frame: filter, sort, group or nest, and pin runs."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import replace

from qtui.query.ast import Filter
from qtui.query.rewrite import with_fields, with_stale_runs
from qtui.runs.default_columns import differing_params
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
    filter: Filter | None = None,
    *,
    now: int = 0,
    experiments: Mapping[str, str] = NO_NAMES,
    curves: CurveValues = NO_CURVES,
    stale: frozenset[str] = frozenset(),
) -> TableView:
    """Return the table of the runs that match `filter`, in the order of `layout`.

    `now` (ms) is the time for ages and durations, `experiments` has experiment names by ID, `stale` the IDs of the
    stale runs: running, but without a recent write.
    """
    layout = resolve_groups(frame, layout)
    order_by = [replace(order, field=layout.resolve_best(order.field)) for order in layout.order_by]
    rows = frame.infos.default_order
    if filter is not None:
        rows = _filter_rows(frame, rows, with_stale_runs(with_fields(filter, layout.resolve_best), stale))
    rows = sorted_rows(frame, rows, order_by, now)
    pins = array("i", (row for run_id in layout.pins if (row := frame.row(run_id)) is not None))
    unpinned = _without(rows, pins)
    if layout.group_by:
        lines = group_lines(frame, unpinned, layout.group_by, layout.folded, now, order_by)
    elif layout.nested:
        lines = nest_lines(frame, unpinned, layout.folded)
    else:
        lines = TableLines(unpinned)
    if pins:
        lines = _prepend_pins(pins, lines, set(rows))
    return TableView(frame, layout, lines, rows, len(pins), now, experiments, curves, stale)


def resolve_groups(frame: RunsFrame, layout: TableLayout) -> TableLayout:
    """Return the layout with the fields of groups by all differing params but some."""
    if layout.group_all_but is None:
        return layout
    fields = differing_params(frame, range(len(frame)))
    return replace(layout, group_by=tuple(field for field in fields if field not in layout.group_all_but))


def _filter_rows(frame: RunsFrame, rows: array[int], filter: Filter) -> array[int]:
    import numpy

    indices = numpy.frombuffer(rows, dtype=numpy.int32)
    return array("i", indices[filter_mask(frame, filter)[indices]].tobytes())


def _without(rows: array[int], pins: array[int]) -> array[int]:
    if not pins:
        return rows
    pinned = set(pins)
    return array("i", (row for row in rows if row not in pinned))


def _prepend_pins(pins: array[int], lines: TableLines, matches: set[int]) -> TableLines:
    """Return the lines below those of the pinned runs; pinned runs that do not match are context."""
    count = len(lines.entries)
    flags = bytes(0 if row in matches else IS_CONTEXT for row in pins)
    return TableLines(
        pins + lines.entries,
        lines.heads,
        bytes(len(pins)) + lines.depths if lines.depths else b"",
        flags + (lines.flags or bytes(count)),
    )
