"""A cache of column widths, stable while runs are loading."""

from __future__ import annotations

from typing import TypeAlias

from qtui.query.ast import Field
from qtui.runs.column_specs import ColumnFormat, ColumnSpec
from qtui.runs.column_widths import NAME_FIELD, name_indent, natural_width, title_width
from qtui.runs.table_view import TableView
from qtui.tui.widgets.runs_table.line_renderer import sort_arrow

ColumnKey: TypeAlias = tuple[Field, ColumnFormat]


class ColumnWidthCache:
    """The width of every column that was visible; more runs can widen a column, but never narrow it."""

    def __init__(self) -> None:
        self._widths: dict[ColumnKey, int] = {}
        self._max_widths: dict[ColumnKey, int] = {}

    def width(self, view: TableView, column: ColumnSpec, *, narrow: bool) -> int:
        """Return the width of a column in cells."""
        if column.width is not None:
            return column.width
        if column.key not in self._widths:
            width = max(natural_width(view, column, narrow=narrow), self._max_widths.get(column.key, 0))
            self._widths[column.key] = self._max_widths[column.key] = width
        width = self._widths[column.key] + (name_indent(view) if column.field == NAME_FIELD else 0)
        arrow = sort_arrow(view, column)
        return max(width, title_width(view, column) + len(arrow)) if arrow else width

    def invalidate(self) -> None:
        """Measure again at the next request, because runs or groups changed; no column gets narrower."""
        self._widths.clear()

    def clear(self) -> None:
        """Forget all widths, because the table was resized or shows other runs."""
        self._widths.clear()
        self._max_widths.clear()
