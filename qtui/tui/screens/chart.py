"""The screen of a large chart."""

from __future__ import annotations

from textual import getters, on
from textual.app import ComposeResult

from qtui.plot.curves.chart_options import ChartOptions
from qtui.plot.glyphs import ASCII, BRAILLE
from qtui.recorder.reading.metric_follower import MetricFollower
from qtui.tui.app import QtuiApp
from qtui.tui.commands import CommandHost
from qtui.tui.commands.everywhere import Back, CloseScreen, Refresh, ToggleLive
from qtui.tui.load.background import BackgroundReader, LoadFailed
from qtui.tui.load.chart_curves import HistoryRead, UpdatesRead
from qtui.tui.present.charts.chart_spec import ChartSpec
from qtui.tui.screens.curves_loader import CurvesLoader
from qtui.tui.widgets.chart_pane import ChartModel, ChartPane
from qtui.tui.widgets.footer import Footer


class ChartScreen(CommandHost, BackgroundReader):
    """Shows curves of runs, and follows those of running ones."""

    HEADING = "Everywhere"
    OWN_COMMANDS = (Refresh, ToggleLive, Back, CloseScreen)
    AUTO_FOCUS = "MetricChart"
    app = getters.app(QtuiApp)

    def __init__(self, follower: MetricFollower, spec: ChartSpec, options: ChartOptions | None = None) -> None:
        super().__init__()
        self._follower = follower
        self._initial_spec = spec
        self._initial_options = options or ChartOptions()

    def compose(self) -> ComposeResult:
        """Compose the chart and the footer."""
        glyphs = ASCII if self.app.ascii_only else BRAILLE
        self.model = ChartModel(self._initial_spec, self._initial_options, glyphs, use_marks=self.app.no_color)
        self.pane = ChartPane(self.model)
        self.curves_loader = CurvesLoader(self, self._follower, self.pane)
        yield self.pane
        yield Footer()

    def on_mount(self) -> None:
        """Load the curves."""
        self.pane.live = self.app.options.refresh != 0
        self.curves_loader.load_missing()

    @property
    def spec(self) -> ChartSpec:
        """The runs and metrics that are drawn."""
        return self.model.spec

    @property
    def is_busy(self) -> bool:
        """Whether a load or a drawing is pending."""
        return self.pane.has_pending_draw or self.has_running_load

    @on(ChartPane.MissingCurves)
    def _load_missing(self) -> None:
        self.curves_loader.load_missing()

    @on(HistoryRead)
    def _show_history(self, message: HistoryRead) -> None:
        self.curves_loader.show_history(message)

    @on(UpdatesRead)
    def _schedule_next_poll(self, message: UpdatesRead) -> None:
        self.curves_loader.schedule_next_poll(message)

    @on(LoadFailed)
    def _show_failure(self, message: LoadFailed) -> None:
        if self.curves_loader.show_failure(message):
            self.app.show_notice(message.reason, severity="error")

    def action_refresh(self) -> None:
        """Load every curve again."""
        self.curves_loader.reload()

    def action_toggle_live(self) -> None:
        """Start or stop checking running runs for new points."""
        self.curves_loader.toggle_live()

    def action_back(self) -> None:
        """Cancel loading; if nothing is loading, close the chart."""
        if not self.curves_loader.cancel():
            self.dismiss()
