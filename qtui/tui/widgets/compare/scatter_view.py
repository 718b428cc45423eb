"""The scatter plot of a comparison."""

from __future__ import annotations

from collections.abc import Sequence

from qtui.compare.run_comparison import ComparedRow, RowKind
from qtui.plot.picture import Picture
from qtui.plot.scatter import draw_scatter
from qtui.tui.commands.compare_plots import (
    ChoosePlotAxis,
    ChoosePlotColour,
    ChoosePlotMetric,
    GoToPlotRun,
    NextPlotRun,
    PreviousPlotRun,
    ToggleFront,
)
from qtui.tui.present.comparison_plots import (
    RowId,
    ScatterChoice,
    axis_rows,
    chosen_row,
    find_row,
    front_runs,
    point_order,
    row_id,
    run_summary,
    scatter_of,
)
from qtui.tui.widgets.compare.plot_widget import PlotWidget


class ScatterView(PlotWidget):
    """Shows a metric against a param, another metric or a time, coloured by a third row."""

    OWN_COMMANDS = (
        ChoosePlotAxis,
        ChoosePlotMetric,
        ChoosePlotColour,
        ToggleFront,
        GoToPlotRun,
        NextPlotRun,
        PreviousPlotRun,
    )

    def __init__(self) -> None:
        super().__init__()
        self._x: RowId | None = None
        self._colour: RowId | None = None
        self._has_front = True

    @property
    def choice(self) -> ScatterChoice | None:
        """The rows of the plot; None without a metric or another row."""
        metric = self.metric
        rows = [row for row in axis_rows(self.comparison) if row is not metric]
        x = chosen_row(self.comparison, self._x, rows)
        if metric is None or x is None:
            return None
        return ScatterChoice(x, metric, find_row(self.comparison, self._colour), self._has_front)

    @property
    def plotted_runs(self) -> Sequence[int]:
        """The runs from left to right."""
        return () if self.choice is None else point_order(self.comparison, self.choice)

    @property
    def position(self) -> str:
        """The run under the cursor with its values."""
        choice, run = self.choice, self.compared_run
        if choice is None or run is None:
            return ""
        rows = [choice.x, choice.y, *([choice.colour] if choice.colour else [])]
        front = front_runs(self.comparison, choice) if self._has_front else ()
        note = ", on the Pareto front" if run in front else ""
        return run_summary(self.comparison, run, rows) + note

    def draw(self, cells: int, rows: int) -> Picture:
        choice = self.choice
        if choice is None:
            return self.message_picture("No metric, or nothing that differs, to draw it against.", cells, rows)
        scatter = scatter_of(self.comparison, choice, self.compared_run, ascii_only=self.ascii_only)
        return draw_scatter(scatter, cells, rows)

    def action_choose_plot_axis(self) -> None:
        """Ask for the x-axis."""

        def use(row: ComparedRow | None) -> None:
            self._x = None if row is None else row_id(row)

        self.choose_row("X-axis", axis_rows(self.comparison), self.choice.x if self.choice else None, use)

    def action_choose_plot_colour(self) -> None:
        """Ask for the row that colours the points."""

        def use(row: ComparedRow | None) -> None:
            self._colour = None if row is None else row_id(row)

        current = find_row(self.comparison, self._colour)
        self.choose_row("Colour", axis_rows(self.comparison), current, use, none_text="no colours")

    def action_toggle_front(self) -> None:
        self._has_front = not self._has_front
        choice = self.choice
        is_possible = choice is not None and choice.x.kind is choice.y.kind is RowKind.METRIC
        self.notice = "" if is_possible or not self._has_front else "a Pareto front needs metrics on both axes"
        self.redraw()
