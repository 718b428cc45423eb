"""The scatter plot of a comparison."""

from __future__ import annotations

from collections.abc import Sequence

from qtui.compare.run_comparison import RowKind
from qtui.plot.charts.scatter import draw_scatter
from qtui.plot.picture import Picture
from qtui.tui.commands.compare_plots import (
    ChoosePlotAxis,
    ChoosePlotColour,
    ChoosePlotMetric,
    GoToPlotRun,
    NextPlotRun,
    PreviousPlotRun,
    ToggleFront,
)
from qtui.tui.present.compare.comparison_plots import (
    ScatterChoice,
    axis_rows,
    build_scatter,
    front_runs,
    point_order,
    run_summary,
)
from qtui.tui.widgets.compare.plot_widget import PlotWidget
from qtui.tui.widgets.compare.row_choice import RowChoice


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
        self._x = RowChoice(self, "X-axis", axis_rows, self.redraw)
        self._colour = RowChoice(self, "Colour", axis_rows, self.redraw, "no colours")
        self._has_front = True

    @property
    def choice(self) -> ScatterChoice | None:
        """The rows of the plot; None without a metric or another row."""
        metric = self.metric
        x = self._x.row or next((row for row in axis_rows(self.comparison) if row is not metric), None)
        if metric is None or x is None:
            return None
        return ScatterChoice(x, metric, self._colour.row, self._has_front)

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
        scatter = build_scatter(self.comparison, choice, self.compared_run, ascii_only=self.ascii_only)
        return draw_scatter(scatter, cells, rows)

    def action_choose_plot_axis(self) -> None:
        self._x.ask(self.choice.x if self.choice else None)

    def action_choose_plot_colour(self) -> None:
        self._colour.ask(self._colour.row)

    def action_toggle_front(self) -> None:
        self._has_front = not self._has_front
        choice = self.choice
        is_possible = choice is not None and choice.x.kind is choice.y.kind is RowKind.METRIC
        self.notice = "" if is_possible or not self._has_front else "a Pareto front needs metrics on both axes"
        self.redraw()
