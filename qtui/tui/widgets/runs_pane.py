"""The pane of runs, and what can be done in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import getters, work
from textual.message import Message

from qtui.entities import View
from qtui.runs.cells import raw_text
from qtui.runs.table_layout import TableLayout
from qtui.tui.app import QtuiApp
from qtui.tui.commands.everywhere import Filter
from qtui.tui.commands.runs import (
    ChooseColumns,
    CopyId,
    CopyValue,
    DrawGrid,
    DrawMetrics,
    Export,
    GroupBy,
    MoveColumnLeft,
    MoveColumnRight,
    NarrowColumn,
    OnlyDifferences,
    OpenView,
    Pin,
    ReverseSort,
    SaveView,
    SortBy,
    SwitchDirection,
    SwitchView,
    WidenColumn,
)
from qtui.tui.messages import CopyText, OpenChart, OpenGrid
from qtui.tui.present.vocabulary import vocabulary_of
from qtui.tui.widgets.laid_out_runs import LaidOutRuns

if TYPE_CHECKING:
    from qtui.tui.present.chart_spec import ChartSpec
    from qtui.tui.present.grid_spec import GridSpec

VIEWS = (View.ACTIVE, View.DELETED, View.ALL)
MOST_IN_GRID = 24
"""So many runs are drawn over each other; with more no chart can be read."""


class RunsPane(LaidOutRuns):
    """Shows runs and does what is asked of the table; what the store must do, it asks for."""

    HEADING = "Runs"
    OWN_COMMANDS = (
        Filter,
        SortBy,
        ChooseColumns,
        GroupBy,
        DrawMetrics,
        DrawGrid,
        ReverseSort,
        OnlyDifferences,
        MoveColumnLeft,
        MoveColumnRight,
        NarrowColumn,
        WidenColumn,
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

    def action_draw_metrics(self) -> None:
        """Ask for a large chart."""
        from qtui.tui.present.chart_selection import chart_spec_for_selection

        spec = chart_spec_for_selection(self.table.view, self.table.marks, self.table.line, self.current_column)
        if spec is None:
            self.app.notify("The runs that are meant have no metrics.", severity="warning", markup=False)
        else:
            self.post_message(OpenChart(spec))

    def action_draw_grid(self) -> None:
        """Ask for a chart of every metric."""
        from qtui.tui.present.chart_selection import chart_spec_for_selection

        spec = chart_spec_for_selection(self.table.view, self.table.marks, self.table.line, self.current_column)
        if spec is None:
            self.app.notify("The runs that are meant have no metrics.", severity="warning", markup=False)
            return
        self.post_message(OpenGrid(grid_spec_of(spec)))

    def marked_runs(self) -> GridSpec | None:
        """Return the marked runs with their metrics; None for fewer than 2 or without a metric."""
        from qtui.tui.present.chart_selection import chart_spec_for_selection

        if len(self.table.marks) < 2:
            return None
        spec = chart_spec_for_selection(self.table.view, self.table.marks, None, None)
        return grid_spec_of(spec) if spec else None

    def action_switch_view(self) -> None:
        """Go on from active runs to deleted ones, and to all."""
        self.post_message(self.ViewWanted(VIEWS[(VIEWS.index(self.scope.view) + 1) % len(VIEWS)]))

    @work
    async def action_save_view(self) -> None:
        """Ask for a name, and keep filter, order and columns under it."""
        from qtui.tui.screens.text_dialog import TextDialog

        name = await self.app.push_screen_wait(TextDialog("Save this view as", placeholder="a name"))
        if name and name.strip() and self.memory:
            self.memory.save_view(name.strip(), {"filter": self.bar.text, "layout": self.layout_shown.to_dict()})

    @work
    async def action_open_view(self) -> None:
        """Let the user choose a saved view, and show it."""
        from qtui.tui.screens.saved_view_dialog import SavedViewDialog

        if self.memory is None:
            return
        name = await self.app.push_screen_wait(SavedViewDialog(self.memory))
        views = self.memory.views
        self.refresh_bindings()
        if name in views:
            layout, text = views[name].get("layout"), views[name].get("filter")
            self.lay_out(TableLayout.from_dict(layout if isinstance(layout, dict) else {}))
            self.bar.show(text if isinstance(text, str) else "")

    @work
    async def action_export(self) -> None:
        """Give away what is shown, in the form that the user wants."""
        from qtui.tui.screens.exporting import export_view

        await export_view(self.app, self.table.view, self.scope.title)

    def action_copy_id(self) -> None:
        """Copy the id of the run."""
        line = self.table.line
        if line is not None:
            self.post_message(CopyText(line.key, "the run id"))

    def action_copy_value(self) -> None:
        """Copy the whole value under the cursor."""
        line, column = self.table.line, self.current_column
        if line is not None and line.row is not None and column is not None:
            text = raw_text(self.table.view, line.row, column.field)
            self.post_message(CopyText(text or "", column.title or column.field.key))


def grid_spec_of(spec: ChartSpec) -> GridSpec:
    """Return the first runs of a chart with all their metrics."""
    from qtui.tui.present.grid_spec import GridSpec

    runs = spec.infos[:MOST_IN_GRID]
    return GridSpec(runs, frozenset(spec.available_metrics), len(spec.infos) - len(runs))
