"""Runs laid out by the user: sorted, grouped, pinned, their columns chosen, moved and resized."""

from __future__ import annotations

from dataclasses import replace

from textual import work

from qtui.query.ast import Field, Kind
from qtui.runs.column_specs import (
    RUN_COLUMNS,
    ColumnFormat,
    ColumnSpec,
    available_columns,
    field_title,
    logged_column,
)
from qtui.runs.default_columns import differing_fields
from qtui.runs.table_layout import place_added_items
from qtui.tui.present.choices import Choice
from qtui.tui.widgets.runs_board import RunsBoard

ALWAYS = ("name", "status", "age", "duration")
"""The columns that stay when only differences are shown."""

STEP, LEAST = 2, 3
"""The cells by which a key changes a width, and those that are left at least."""


class LaidOutRuns(RunsBoard):
    """Changes the layout as it is asked to."""

    @work
    async def action_sort_by(self) -> None:
        """Let the user choose one column to sort by, or several."""
        from qtui.tui.screens.order_dialog import OrderDialog

        fields = {
            each.field: each for each in self._columns_offered().values() if each.format is not ColumnFormat.CURVE
        }
        choices = [Choice(field, each.title, detail=kind_of(each)) for field, each in fields.items()]
        here = self.current_column
        order = await self.app.push_screen_wait(
            OrderDialog(choices, self.chosen, chosen=here.field if here and here.field in fields else None)
        )
        if order is not None:
            self.lay_out(replace(self.chosen, order_by=order))

    def action_reverse_sort(self) -> None:
        """Reverse the order."""
        self.lay_out(self.chosen.reverse_sort())

    @work
    async def action_choose_columns(self) -> None:
        """Let the user choose the columns and their order; what is pinned, the name, always stays."""
        from qtui.tui.screens.multi_choice_dialog import MultiChoiceDialog

        shown = self.table.view.columns
        pinned = tuple(each for each in shown if each.pinned) or (RUN_COLUMNS["name"],)
        columns = {key: each for key, each in self._columns_offered().items() if not each.pinned}
        choices = [Choice(key, each.title or each.field.key, detail=kind_of(each)) for key, each in columns.items()]
        marked = [each.key for each in shown if not each.pinned]
        chosen = await self.app.push_screen_wait(MultiChoiceDialog("Columns", choices, chosen=marked))
        if chosen is not None:
            here = self.current_column
            keys = place_added_items(chosen, marked, here.key if here else None)
            columns_chosen = (*pinned, *(columns[key] for key in keys))
            self.lay_out(replace(self.chosen, columns=columns_chosen, columns_before=None))
            added = [key for key in keys if key not in marked]
            if added:
                self.table.go_to_column([column.key for column in self.table.view.columns].index(added[0]))

    def action_move_column_left(self) -> None:
        """Move the column under the cursor one place to the left."""
        self._move_column(-1)

    def action_move_column_right(self) -> None:
        """Move the column under the cursor one place to the right."""
        self._move_column(1)

    def _move_column(self, by: int) -> None:
        column, columns = self.current_column, self.table.view.columns
        place = self.table.column + by
        if column is not None and 0 <= place < len(columns):
            self.lay_out(self.layout_shown.move_column(column, columns[place]))

    def action_narrow_column(self) -> None:
        """Make the column under the cursor narrower."""
        self._resize(-STEP)

    def action_widen_column(self) -> None:
        """Make the column under the cursor wider."""
        self._resize(STEP)

    def _resize(self, by: int) -> None:
        column = self.current_column
        if column is not None:
            cells = max(LEAST, self.table.column_width + by)
            self.lay_out(self.layout_shown.with_column(column.with_width(cells)))

    def action_only_differences(self) -> None:
        """Show the params that differ between the runs instead of those chosen, or go back."""
        before = self.chosen.columns_before
        if before is None:
            self.lay_out(replace(self.chosen, columns=difference_columns(self), columns_before=self.chosen.columns))
        else:
            self.lay_out(replace(self.chosen, columns=before, columns_before=None))

    @work
    async def action_group_by(self) -> None:
        """Let the user choose what to group by."""
        from qtui.tui.screens.multi_choice_dialog import MultiChoiceDialog

        fields = groupable(self)
        choices = [Choice(each, field_title(each), detail=each.kind.value) for each in fields]
        chosen = await self.app.push_screen_wait(
            MultiChoiceDialog(
                "Group by", choices, chosen=self.chosen.group_by, placeholder="a param, a tag, the dataset"
            )
        )
        if chosen is not None:
            self.lay_out(replace(self.chosen, group_by=chosen, folded=frozenset()))

    def action_pin(self) -> None:
        """Pin the run to the top, or let it go."""
        line = self.table.line
        if line is not None:
            pins = self.chosen.pins
            without = tuple(each for each in pins if each != line.key)
            self.lay_out(replace(self.chosen, pins=without if without != pins else (*pins, line.key)))

    def action_switch_direction(self) -> None:
        """Turn round whether more or less of the metric is better."""
        column = self.current_column
        if column is not None:
            key = column.field.key
            higher = not self.chosen.is_higher_better(key)
            self.lay_out(replace(self.chosen, higher_is_better={**self.chosen.higher_is_better, key: higher}))
            self.notify(f"The {'highest' if higher else 'lowest'} value is the best one now.", markup=False)

    def _columns_offered(self) -> dict[tuple[Field, ColumnFormat], ColumnSpec]:
        """Every column that there is, those that are shown first."""
        return {each.key: each for each in (*self.layout_shown.columns, *available_columns(self.frame))}


def kind_of(column: ColumnSpec) -> str:
    """What a column is taken from, in a word."""
    if column.format is ColumnFormat.CURVE:
        return "curve"
    return "" if column.field.kind is Kind.ATTRIBUTE else column.field.kind.value


def difference_columns(board: RunsBoard) -> tuple[ColumnSpec, ...]:
    """The columns that tell the shown runs apart: the usual attributes, the metrics shown, the params that differ."""
    rows = board.table.view.rows
    metrics = tuple(each for each in board.table.view.columns if each.field.kind is Kind.METRIC)
    params = tuple(logged_column(board.frame, each) for each in differing_fields(board.frame, rows))
    return (*(RUN_COLUMNS[name] for name in ALWAYS), *params, *metrics)


def groupable(board: RunsBoard) -> tuple[Field, ...]:
    """What runs can be grouped by."""
    attributes = ("experiment_id", "status", "user_id")
    return (
        *(Field(Kind.PARAM, key) for key in board.frame.keys(Kind.PARAM)),
        *(Field(Kind.ATTRIBUTE, key) for key in attributes),
        Field(Kind.DATASET, "name"),
        *(Field(Kind.TAG, key) for key in board.frame.keys(Kind.TAG)),
    )
