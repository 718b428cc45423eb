"""The ranked bars of a comparison, and its boxes by a param."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qtui.compare.run_comparison import ComparedRow
from qtui.plot.charts.bar_chart import BarChart, draw_bars
from qtui.plot.charts.box_plot import draw_box_plot
from qtui.plot.picture import Picture
from qtui.query.ast import Field
from qtui.tui.commands.compare_plots import (
    ChoosePlotAxis,
    ChoosePlotMetric,
    GoToPlotRun,
    NextPlotRun,
    PreviousPlotRun,
)
from qtui.tui.messages import ChooseOne
from qtui.tui.present.compare.comparison_plots import (
    build_bars,
    build_boxes,
    category_rows,
    run_summary,
)
from qtui.tui.present.compare.group_choice import NO_GROUPS, group_fields, run_group_choices
from qtui.tui.widgets.compare.plot_widget import PlotWidget
from qtui.tui.widgets.compare.row_choice import RowChoice


class BarsView(PlotWidget):
    """Shows a metric as a bar for each run, or for each group with the deviation of its mean, the best first."""

    OWN_COMMANDS = (ChoosePlotMetric, ChoosePlotAxis, GoToPlotRun, NextPlotRun, PreviousPlotRun)

    def __init__(self) -> None:
        super().__init__()
        self._groups = NO_GROUPS
        """The choice of `run_group_choices`."""

    @property
    def fields(self) -> tuple[Field, ...] | None:
        """The fields that group the runs; None for a bar for each run."""
        return group_fields(self.comparison, self._groups)

    def _chart(self) -> tuple[BarChart, Sequence[int]]:
        metric = self.metric
        if metric is None:
            return BarChart(()), ()
        chart, runs = build_bars(self.comparison, metric, self.fields, ascii_only=self.ascii_only)
        return chart, [run for run in runs if run is not None]

    @property
    def plotted_runs(self) -> Sequence[int]:
        """The runs in the order of their bars; the best one of each group."""
        return self._chart()[1]

    @property
    def position(self) -> str:
        run, metric = self.compared_run, self.metric
        if run is None or metric is None:
            return ""
        best = "" if self.fields is None else "best of the group: "
        return best + run_summary(self.comparison, run, (metric,))

    def draw(self, cells: int, rows: int) -> Picture:
        chart, runs = self._chart()
        if not runs:
            return self.message_picture("No run has a metric.", cells, rows)
        current = next((index for index, run in enumerate(runs) if run == self.compared_run), 0)
        return draw_bars(replace(chart, current=current), cells, rows)

    def action_choose_plot_axis(self) -> None:
        """Ask for the groups."""

        def use(groups: str) -> None:
            self._groups = groups
            self.redraw()

        choices = run_group_choices(self.comparison)
        self.post_message(ChooseOne("Groups", choices, self._groups, on_answer=use).set_sender(self))


class BoxView(PlotWidget):
    """Shows the distribution of a metric for each value of a param."""

    OWN_COMMANDS = (ChoosePlotMetric, ChoosePlotAxis)

    def __init__(self) -> None:
        super().__init__()
        self._by = RowChoice(self, "Boxes by", category_rows, self.redraw, "all runs in one box")

    @property
    def by(self) -> ComparedRow | None:
        """The row whose values have a box each: the chosen one, or else the first one."""
        return self._by.row_or_first

    @property
    def plotted_runs(self) -> Sequence[int]:
        """None: a box has many runs."""
        return ()

    def draw(self, cells: int, rows: int) -> Picture:
        metric = self.metric
        if metric is None:
            return self.message_picture("No run has a metric.", cells, rows)
        return draw_box_plot(build_boxes(self.comparison, metric, self.by, ascii_only=self.ascii_only), cells, rows)

    def action_choose_plot_axis(self) -> None:
        self._by.ask(self.by)
