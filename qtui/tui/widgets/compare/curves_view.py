"""The curves of a comparison: a large chart, or a grid of small charts of all metrics."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.widget import Widget

from qtui.compare.run_comparison import ComparedRow, RowKind, RunComparison
from qtui.plot.curves.chart_options import ChartOptions
from qtui.plot.glyphs import ASCII, BRAILLE
from qtui.query.ast import Field
from qtui.text import display
from qtui.tui.commands.compare_plots import GroupCurves, ToggleCurvesGrid
from qtui.tui.messages import ChooseOne, OpenChart
from qtui.tui.present.charts.grid_spec import grid_spec_of
from qtui.tui.present.compare.comparison_curves import curves_spec, first_curve
from qtui.tui.present.compare.group_choice import NO_GROUPS, group_fields, run_group_choices
from qtui.tui.widgets.chart_grid import ChartGrid, GridLegend
from qtui.tui.widgets.chart_pane import ChartModel, ChartPane
from qtui.tui.widgets.compare.view import CompareWidget


class CurvesView(CompareWidget):
    """Shows the curves of the runs or of groups of them over each other; the screen loads what is visible."""

    OWN_COMMANDS = (GroupCurves, ToggleCurvesGrid)
    DEFAULT_CSS = """
    CurvesView { layout: vertical; }
    CurvesView.-grid > ChartPane, CurvesView > ChartGrid { display: none; }
    CurvesView.-grid > ChartGrid { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.chart: ChartPane | None = None
        """The large chart; None until the view is on the screen."""
        self.grid = ChartGrid()
        self._legend = GridLegend()
        self._groups = NO_GROUPS
        """The choice of `run_group_choices`."""
        self._search = ""

    def compose(self) -> ComposeResult:
        """Compose the chart and the grid; only one of them is visible."""
        glyphs = ASCII if self.ascii_only else BRAILLE
        spec = curves_spec(self.comparison, (first_curve(self.comparison),), self.fields)
        self.chart = ChartPane(ChartModel(spec, ChartOptions(), glyphs, use_marks=self.app.no_color))
        self.grid.glyphs = glyphs
        yield self.chart
        yield self._legend
        yield self.grid

    def on_mount(self) -> None:
        """Load the curves, and let their keys work."""
        if self.chart is not None:
            self.chart.post_message(ChartPane.MissingCurves().set_sender(self.chart))
        # The Focus event of the view may still be in its queue.
        if self.screen.focused is self:
            self.screen.set_focus(self.focus_target)
        self.can_focus = False

    # The comparison

    def show_comparison(self, comparison: RunComparison) -> None:
        """Show a comparison: curves that are loaded stay."""
        super().show_comparison(comparison)
        self._show_spec()

    def _show_spec(self) -> None:
        if self.chart is None:
            return
        spec = curves_spec(self.comparison, self.chart.model.spec.metrics, self.fields)
        if spec != self.chart.model.spec:
            self.chart.draw_spec(spec)
        self._legend.display = False
        if self.shows_grid:
            grid_spec = grid_spec_of(spec)
            self._legend.show(grid_spec, self.grid.glyphs)
            self.grid.show(grid_spec, search=self._search)
        self.changed()

    @property
    def fields(self) -> tuple[Field, ...] | None:
        """The fields that group the runs; None for a curve for each run."""
        return group_fields(self.comparison, self._groups)

    @property
    def shows_grid(self) -> bool:
        """Whether the grid is visible, and not the large chart."""
        return self.has_class("-grid")

    @property
    def focus_target(self) -> Widget:
        if self.chart is None:
            return self
        return self.grid if self.shows_grid else self.chart.chart_widget

    @property
    def compared_row(self) -> ComparedRow | None:
        """The first metric of the large chart, or the one under the cursor of the grid."""
        if self.shows_grid:
            item = self.grid.model.item
            metric = item.metric if item else ""
        else:
            metric = self.chart.model.spec.metrics[0] if self.chart else ""
        return self.comparison.row(RowKind.METRIC, metric)

    @property
    def compared_run(self) -> int | None:
        """The run of the selected line of the legend; None for a group."""
        line = None if self.chart is None or self.shows_grid else self.chart.selected
        return None if line is None or line.is_group else self.comparison.frame.row(line.owner_id)

    @property
    def is_waiting(self) -> bool:
        """Whether a chart is not drawn yet, or curves are being loaded."""
        if self.chart is None:
            return True
        return self.grid.is_waiting if self.shows_grid else self.chart.is_waiting

    @property
    def position(self) -> str:
        """How the runs are grouped."""
        return "a curve for each run" if self.fields is None else f"groups: {display(self._groups)}"

    @property
    def why_no_search(self) -> str | None:
        return None if self.shows_grid else "A single chart cannot be filtered; show the grid."

    def search(self, text: str) -> None:
        self._search = text
        self._show_spec()

    # Commands

    def action_group_curves(self) -> None:
        """Ask for the groups."""

        def use(groups: str) -> None:
            self._groups = groups
            self._show_spec()

        choices = run_group_choices(self.comparison)
        self.post_message(ChooseOne("Groups", choices, self._groups, on_answer=use).set_sender(self))

    def action_toggle_curves_grid(self) -> None:
        self.set_class(not self.shows_grid, "-grid")
        self._show_spec()
        self.screen.set_focus(self.focus_target)
        self.refresh_bindings()

    @on(OpenChart)
    def _enlarge(self, message: OpenChart) -> None:
        """Show the chart of the grid under the cursor large."""
        message.stop()
        if self.chart is not None:
            self.chart.draw_metrics(message.spec.metrics)
            self.action_toggle_curves_grid()
