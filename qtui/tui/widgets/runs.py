"""The pane of runs, and what can be done in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from textual import getters, work
from textual.message import Message

from qtui.entities import View
from qtui.query.ast import Field, Kind
from qtui.runs.cells import text_of
from qtui.runs.columns import KNOWN, ColumnSpec, Look, logged, offered, title_of
from qtui.runs.layout import Layout
from qtui.runs.learn import differing
from qtui.tui.app import QtuiApp
from qtui.tui.chart_plan import Gridded
from qtui.tui.commands.everywhere import Filter
from qtui.tui.commands.runs import (
    ChooseColumns,
    CopyId,
    CopyValue,
    DrawGrid,
    DrawMetrics,
    Export,
    GroupBy,
    OnlyDifferences,
    OpenView,
    Pin,
    ReverseSort,
    SaveView,
    SortBy,
    SwitchDirection,
    SwitchView,
)
from qtui.tui.drawable import charted_of
from qtui.tui.messages import ChartWanted, CopyWanted, GridWanted
from qtui.tui.screens.ask import Ask
from qtui.tui.screens.choose import Choose
from qtui.tui.screens.choose_several import ChooseSeveral
from qtui.tui.vocabulary import vocabulary_of
from qtui.tui.widgets.choice_list import Choice
from qtui.tui.widgets.runs_board import RunsBoard

VIEWS = (View.ACTIVE, View.DELETED, View.ALL)
ALWAYS = ("name", "status", "age", "duration")
MOST_IN_GRID = 24
"""So many runs are drawn over each other; with more no chart can be read."""
"""The columns that stay when only differences are shown."""


class RunsPane(RunsBoard):
    """Shows runs and does what is asked of the table; what the store must do, it asks for."""

    PLACE = "Runs"
    OFFERS = (
        Filter,
        SortBy,
        ChooseColumns,
        GroupBy,
        DrawMetrics,
        DrawGrid,
        ReverseSort,
        OnlyDifferences,
        Pin,
        SwitchDirection,
        SwitchView,
        SaveView,
        OpenView,
        Export,
        CopyId,
        CopyValue,
    )

    app = getters.app(QtuiApp)

    @dataclass
    class ViewWanted(Message):
        """Runs of another lifecycle are wanted."""

        view: View

    def action_filter(self) -> None:
        """Let the user type a filter."""
        self.bar.vocabulary = vocabulary_of(self.frame)
        if self.memory:
            self.bar.history = self.memory.history
        self.bar.enter()

    @work
    async def action_sort_by(self) -> None:
        """Let the user choose a column to sort by."""
        fields = [each for each in self._columns_offered().values() if each.look is not Look.CURVE]
        choices = [Choice(each.field, each.title, detail=kind_of(each)) for each in fields]
        here = self.current_column
        field = await self.app.push_screen_wait(
            Choose("Sort by", choices, chosen=here.field if here else None, placeholder="a column")
        )
        if field is not None:
            self.lay_out(self.chosen.sorted_by(field))

    def action_reverse_sort(self) -> None:
        """Reverse the order."""
        self.lay_out(self.chosen.reversed())

    @work
    async def action_choose_columns(self) -> None:
        """Let the user choose the columns and their order."""
        columns = self._columns_offered()
        choices = [Choice(key, each.title or each.field.key, detail=kind_of(each)) for key, each in columns.items()]
        shown = [each.key for each in self.table.view.columns]
        chosen = await self.app.push_screen_wait(ChooseSeveral("Columns", choices, chosen=shown))
        if chosen is not None:
            self.lay_out(replace(self.chosen, columns=tuple(columns[key] for key in chosen)))

    def action_only_differences(self) -> None:
        """Show the params that differ between the runs instead of those chosen, or go back."""
        differences = difference_columns(self)
        if self.chosen.columns == differences:
            self.lay_out(replace(self.chosen, columns=()))
        else:
            self.lay_out(replace(self.chosen, columns=differences))

    @work
    async def action_group_by(self) -> None:
        """Let the user choose what to group by."""
        fields = groupable(self)
        choices = [Choice(each, title_of(each), detail=each.kind.value) for each in fields]
        chosen = await self.app.push_screen_wait(
            ChooseSeveral("Group by", choices, chosen=self.chosen.group_by, placeholder="a param, a tag, the dataset")
        )
        if chosen is not None:
            self.lay_out(replace(self.chosen, group_by=chosen, closed=frozenset()))

    def action_draw_metrics(self) -> None:
        """Ask for a large chart."""
        charted = charted_of(self.table.view, self.table.marks, self.table.line, self.current_column)
        if charted is None:
            self.app.notify("The runs that are meant have no metrics.", severity="warning", markup=False)
        else:
            self.post_message(ChartWanted(charted))

    def action_draw_grid(self) -> None:
        """Ask for a chart of every metric."""
        charted = charted_of(self.table.view, self.table.marks, self.table.line, self.current_column)
        if charted is None:
            self.app.notify("The runs that are meant have no metrics.", severity="warning", markup=False)
            return
        runs = charted.infos[:MOST_IN_GRID]
        if len(runs) < len(charted.infos):
            said = f"The first {len(runs)} of {len(charted.infos):,} runs are drawn."
            self.app.notify(said, severity="warning", markup=False)
        self.post_message(GridWanted(Gridded(runs, frozenset(charted.offered))))

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
            self.lay_out(replace(self.chosen, higher={**self.chosen.higher, key: higher}))
            self.notify(f"The {'highest' if higher else 'lowest'} value is the best one now.", markup=False)

    def action_switch_view(self) -> None:
        """Go on from active runs to deleted ones, and to all."""
        self.post_message(self.ViewWanted(VIEWS[(VIEWS.index(self.scope.view) + 1) % len(VIEWS)]))

    @work
    async def action_save_view(self) -> None:
        """Ask for a name, and keep filter, order and columns under it."""
        name = await self.app.push_screen_wait(Ask("Save this view as", placeholder="a name"))
        if name and name.strip() and self.memory:
            self.memory.save_view(name.strip(), {"filter": self.bar.text, "layout": self.layout_shown.to_dict()})

    @work
    async def action_open_view(self) -> None:
        """Let the user choose a saved view, and show it."""
        views = self.memory.views if self.memory else {}
        choices = [Choice(name, name, note=str(view.get("filter", ""))) for name, view in views.items()]
        name = await self.app.push_screen_wait(Choose("Open a view", choices, placeholder="a name"))
        if name is not None:
            layout, text = views[name].get("layout"), views[name].get("filter")
            self.lay_out(Layout.from_dict(layout if isinstance(layout, dict) else {}))
            self.bar.show(text if isinstance(text, str) else "")

    @work
    async def action_export(self) -> None:
        """Give away what is shown, in the form that the user wants."""
        from qtui.tui.exporting import export_view

        await export_view(self.app, self.table.view, self.scope.title)

    def action_copy_id(self) -> None:
        """Copy the id of the run."""
        line = self.table.line
        if line is not None:
            self.post_message(CopyWanted(line.key, "the run id"))

    def action_copy_value(self) -> None:
        """Copy the whole value under the cursor."""
        line, column = self.table.line, self.current_column
        if line is not None and line.row is not None and column is not None:
            text = text_of(self.table.view, line.row, column.field)
            self.post_message(CopyWanted(text or "", column.title or column.field.key))

    def _columns_offered(self) -> dict[tuple[Field, Look], ColumnSpec]:
        """Every column that there is, those that are shown first."""
        return {each.key: each for each in (*self.layout_shown.columns, *offered(self.frame))}


def kind_of(column: ColumnSpec) -> str:
    """What a column is taken from, in a word."""
    if column.look is Look.CURVE:
        return "curve"
    return "" if column.field.kind is Kind.ATTRIBUTE else column.field.kind.value


def difference_columns(board: RunsBoard) -> tuple[ColumnSpec, ...]:
    """The columns that tell the shown runs apart: the usual attributes, the metrics shown, the params that differ."""
    rows = board.table.view.rows
    metrics = tuple(each for each in board.table.view.columns if each.field.kind is Kind.METRIC)
    params = tuple(logged(board.frame, each) for each in differing(board.frame, rows))
    return (*(KNOWN[name] for name in ALWAYS), *params, *metrics)


def groupable(board: RunsBoard) -> tuple[Field, ...]:
    """What runs can be grouped by."""
    attributes = ("experiment_id", "status", "user_id")
    return (
        *(Field(Kind.PARAM, key) for key in board.frame.keys(Kind.PARAM)),
        *(Field(Kind.ATTRIBUTE, key) for key in attributes),
        Field(Kind.DATASET, "name"),
        *(Field(Kind.TAG, key) for key in board.frame.keys(Kind.TAG)),
    )
