"""The changes of the layout of the runs table that the user asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from qtui.query.ast import Field
from qtui.runs.table_layout import TableLayout
from qtui.tui.messages import ChooseOrder, ChooseSeveral
from qtui.tui.present.runs import layout_actions
from qtui.tui.present.runs.runs_model import RunsModel
from qtui.tui.widgets.pane import Pane
from qtui.tui.widgets.runs_table import RunsTable
from qtui.tui.widgets.runs_table.table import MIN_COLUMN_CELLS


class LayoutEditor:
    """Asks for columns, order and groups, and changes the layout at the cursor."""

    def __init__(
        self, pane: Pane, model: RunsModel, table: RunsTable, set_layout: Callable[[TableLayout], None]
    ) -> None:
        """`set_layout` shows and saves another layout."""
        self._pane = pane
        self._model = model
        self._table = table
        self._set_layout = set_layout

    def sort_by(self) -> None:
        """Ask for one or several columns to sort by."""
        choices = layout_actions.sort_choices(self._table.view)
        column = self._table.current_column
        field = column.field if column and any(choice.value == column.field for choice in choices) else None
        self._pane.post_message(
            ChooseOrder(
                choices,
                self._model.layout,
                field,
                on_answer=lambda order: self._set_layout(replace(self._model.layout, order_by=order)),
            )
        )

    def reverse_sort(self) -> None:
        """Reverse the order."""
        self._set_layout(self._model.layout.reverse_sort())

    def choose_columns(self) -> None:
        """Ask for the columns and their order."""
        table, view = self._table, self._table.view
        before = layout_actions.chosen_columns(view)

        def choose(keys: tuple[layout_actions.ColumnKey, ...]) -> None:
            self._set_layout(layout_actions.choose_columns(self._model.layout, view, keys, table.current_column))
            added = [key for key in keys if key not in before]
            if added:
                table.go_to_column([column.key for column in table.view.columns].index(added[0]))

        choices = layout_actions.column_choices(view)
        self._pane.post_message(ChooseSeveral("Columns", choices, before, on_answer=choose))

    def group_by(self) -> None:
        """Ask for the fields to group by."""
        layout = self._model.layout
        self._pane.post_message(
            ChooseSeveral(
                "Group by",
                layout_actions.group_choices(self._model.frame),
                (None,) if layout.group_all_but is not None else layout.group_by,
                "a param, a tag, the dataset",
                on_answer=self._group_by,
            )
        )

    def _group_by(self, fields: tuple[Field | None, ...]) -> None:
        layout, frame = self._model.layout, self._model.frame
        if None not in fields:
            named = [field for field in fields if field is not None]
            self._set_layout(layout_actions.group_by(layout, named))
            return
        self._pane.post_message(
            ChooseSeveral(
                "Group by all params but",
                layout_actions.left_out_choices(frame),
                layout.group_all_but or (),
                "the params to leave out, such as the seed",
                on_answer=lambda fields: self._set_layout(layout_actions.group_by_all_but(self._model.layout, fields)),
            )
        )

    def toggle_baseline(self) -> None:
        """Make the run under the cursor the baseline, or have none."""
        if (line := self._table.line) is not None:
            self._set_layout(layout_actions.toggle_baseline(self._model.layout, line.key))

    def toggle_pin(self) -> None:
        """Pin the run under the cursor to the top, or unpin it."""
        if (line := self._table.line) is not None:
            self._set_layout(layout_actions.toggle_pin(self._model.layout, line.key))

    def move_column(self, by: int) -> None:
        """Move the column under the cursor to the right, or with a negative number to the left."""
        column, view = self._table.current_column, self._table.view
        index = self._table.column + by
        if column is not None and 0 <= index < len(view.columns):
            self._set_layout(view.layout.move_column(column, view.columns[index]))

    def resize_column(self, by: int) -> None:
        """Make the column under the cursor wider by this many cells."""
        column = self._table.current_column
        if column is not None:
            cells = max(MIN_COLUMN_CELLS, self._table.column_width + by)
            self._set_layout(self._table.view.layout.with_column(column.with_width(cells)))

    def toggle_differences(self) -> None:
        """Show only the params that differ between the runs, or the columns before."""
        self._set_layout(layout_actions.toggle_differences(self._model.layout, self._table.view))

    def toggle_direction(self) -> None:
        """Switch whether the highest or the lowest value of the metric under the cursor is best."""
        column = self._table.current_column
        if column is not None:
            layout = layout_actions.toggle_direction(self._model.layout, column.field.key)
            self._set_layout(layout)
            best = "highest" if layout.is_higher_better(column.field.key) else "lowest"
            self._pane.notify(f"The {best} value is best now.", markup=False)
