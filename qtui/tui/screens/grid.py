"""The screen of a grid of charts: every metric of some runs, the runs drawn over each other."""

from __future__ import annotations

from textual import getters, on
from textual.app import ComposeResult

from qtui.plot.glyphs import ASCII, BRAILLE
from qtui.recorder import Library
from qtui.recorder.reading.metric_follower import MetricFollower
from qtui.tui.app import QtuiApp
from qtui.tui.commands import CommandHost
from qtui.tui.commands.everywhere import Back, CloseScreen, Refresh, ToggleLive
from qtui.tui.load.background import BackgroundReader, LoadFailed, LoadGroup
from qtui.tui.load.grid_curves import GridCurvesRead, load_grid_curves
from qtui.tui.messages import OpenChart, VisibleChartsChanged
from qtui.tui.present.charts.grid_spec import GridSpec
from qtui.tui.widgets.chart_grid import ChartGrid
from qtui.tui.widgets.footer import Footer
from qtui.tui.widgets.grid_pane import GridPane

RETRY_S = 3.0
"""Seconds before a failed load is retried."""


class GridScreen(CommandHost, BackgroundReader):
    """Loads the visible charts of its grid, and their new points."""

    HEADING = "Everywhere"
    OWN_COMMANDS = (Refresh, ToggleLive, Back, CloseScreen)
    AUTO_FOCUS = "ChartGrid"
    app = getters.app(QtuiApp)

    def __init__(self, library: Library, follower: MetricFollower, spec: GridSpec) -> None:
        super().__init__()
        self._library = library
        self._follower = follower
        self._spec = spec
        self._live = False

    def compose(self) -> ComposeResult:
        """Compose the charts and the footer."""
        self.pane = GridPane(self._spec, ASCII if self.app.ascii_only else BRAILLE)
        self.pane.keys = self.app.keys
        self.pane.store_state = self.app.state.store(self._library.uri)
        self._live = self.app.options.refresh != 0
        self.grid.is_live = lambda: self._live
        yield self.pane
        yield Footer()

    @property
    def grid(self) -> ChartGrid:
        """The charts."""
        return self.pane.grid

    @property
    def is_busy(self) -> bool:
        """Whether a load or a drawing is pending."""
        return self.grid.is_waiting or self.has_running_load

    @on(VisibleChartsChanged)
    def _read_curves(self, message: VisibleChartsChanged) -> None:
        self.load(LoadGroup.CHARTS, load_grid_curves(self._follower, message.runs, message.metrics))

    def on_screen_resume(self) -> None:
        """Load what was logged while another screen was in front."""
        self.grid.schedule_poll()

    @on(GridCurvesRead)
    def _show_curves(self, message: GridCurvesRead) -> None:
        self.grid.show_curves(message.run_id, message.metrics, message.progress)

    @on(LoadFailed)
    def _show_failure(self, message: LoadFailed) -> None:
        self.app.show_notice(message.reason, severity="error")
        self.grid.stop_waiting()
        self.set_timer(RETRY_S, self.grid.load_new_points)

    @on(OpenChart)
    def _open_chart(self, message: OpenChart) -> None:
        from qtui.tui.screens.chart import ChartScreen

        self.app.push_screen(ChartScreen(self._follower, message.spec, message.options))

    def action_refresh(self) -> None:
        """Load the visible charts again, even while they are loading."""
        self.grid.reload()

    def action_toggle_live(self) -> None:
        """Start or stop following running runs."""
        self._live = not self._live
        self.app.show_notice("Curves grow as points are logged." if self._live else "Curves stay as they are.")
        self.grid.schedule_poll()

    def action_back(self) -> None:
        """Close the grid."""
        self.dismiss()
