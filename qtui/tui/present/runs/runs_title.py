"""The title of the runs pane: which runs are shown, in which order, and how they are narrowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qtui.entities import ViewType
from qtui.query.ast import LOGGED_KINDS, Field
from qtui.runs.column_specs import RUN_COLUMNS, field_title
from qtui.runs.display_names import short_names
from qtui.runs.table_layout import ASCENDING, DESCENDING, TableLayout
from qtui.text import display, truncate_middle, truncate_start, width
from qtui.tui.present.runs.run_scope import Scope

SEPARATOR = " · "

MIN_SCOPE_CELLS = 12
"""The cells that the name of the scope keeps before other parts of the title are dropped."""

MAX_NAME_CELLS = 24
"""The cells of a column's name in the title."""


def runs_title(
    scope: Scope,
    layout: TableLayout,
    cells: int,
    *,
    filtered: str = "",
    marks: int = 0,
    baseline: str = "",
    hint: str = "",
) -> str:
    """Return scope, order, filter count, marks, groups, baseline and column mode in at most `cells` cells.

    `filtered` is the filter count, such as "24 of 37", `baseline` the name of that run, `hint` a key to show last.
    In a narrow title the scope is cut first, then the last parts are left out.
    """
    name = display(scope.title if scope.view is ViewType.ACTIVE else f"{scope.title}, {scope.view.value}")
    states = [
        format_order(layout),
        filtered,
        f"{marks:,} marked" if marks else "",
        _format_groups(layout),
        f"baseline {display(baseline)}" if baseline else "",
        "differing params" if layout.previous_columns is not None else "",
        hint,
    ]
    return _fit(name, [state for state in states if state], cells)


def _format_groups(layout: TableLayout) -> str:
    """Return the fields that the runs are grouped by."""
    if layout.group_all_but is not None:
        left_out = ", ".join(name_in_title(layout, field) for field in layout.group_all_but)
        return f"grouped by all params but {left_out}" if left_out else "grouped by all params"
    if not layout.group_by:
        return ""
    return f"grouped by {', '.join(name_in_title(layout, field) for field in layout.group_by)}"


def format_order(layout: TableLayout) -> str:
    """Return the columns that sort, the first one by name: "by Rank IC ▼ +1"."""
    if not layout.order_by:
        return ""
    first, *others = layout.order_by
    arrow = ASCENDING if first.ascending else DESCENDING
    return f"by {name_in_title(layout, first.field)} {arrow}" + (f" +{len(others)}" if others else "")


def name_in_title(layout: TableLayout, field: Field) -> str:
    """Return the title of the column of a field, without a common prefix and cut where it is long."""
    if field.kind in LOGGED_KINDS:
        others = (column.field.key for column in layout.columns if column.field.key != field.key)
        title = field_title(replace(field, key=short_names((field.key,), others)[field.key]))
    else:
        titles = (column.title for column in RUN_COLUMNS.values() if column.field == field)
        title = next(titles, field.key)
    return truncate_middle(display(title), MAX_NAME_CELLS)


def _fit(name: str, states: Sequence[str], cells: int) -> str:
    for count in range(len(states), -1, -1):
        rest = "".join(SEPARATOR + state for state in states[:count])
        room = cells - width(rest)
        if room >= min(width(name), MIN_SCOPE_CELLS):
            return truncate_start(name, room) + rest  # Experiments of one branch differ at their end.
    return truncate_start(name, cells)
