"""The widths of columns as they are seen: measured once, and calm while runs come in."""

from __future__ import annotations

from typing import TypeAlias

from qtui.query.ast import Field
from qtui.runs.column_specs import ColumnFormat, ColumnSpec
from qtui.runs.column_widths import NAME_FIELD, name_indent, natural_width
from qtui.runs.table_view import TableView

Key: TypeAlias = tuple[Field, ColumnFormat]


class Measures:
    """Remembers the width of every column that was seen; more runs may widen one, but never narrow it."""

    def __init__(self) -> None:
        self._known: dict[Key, int] = {}
        self._widest: dict[Key, int] = {}

    def width(self, view: TableView, column: ColumnSpec, *, narrow: bool) -> int:
        """The cells of a column."""
        if column.width is not None:
            return column.width
        if column.key not in self._known:
            needed = natural_width(view, column, narrow=narrow)
            self._known[column.key] = self._widest[column.key] = max(needed, self._widest.get(column.key, 0))
        return self._known[column.key] + (name_indent(view) if column.field == NAME_FIELD else 0)

    def again(self) -> None:
        """Measure again, because there are other runs or other groups."""
        self._known.clear()

    def anew(self) -> None:
        """Forget everything, because the room or all runs are others."""
        self._known.clear()
        self._widest.clear()
