"""The screen of a large chart: it loads the curves of several runs and the new points of running ones."""

from __future__ import annotations

from textual import getters, on
from textual.app import ComposeResult

from qtui.entities import History, RunInfo, Status
from qtui.plot.chart_options import ChartOptions
from qtui.plot.glyphs import ASCII, BRAILLE
from qtui.recorder.reading.metric_follower import MetricFollower
from qtui.tui.app import QtuiApp
from qtui.tui.commands import CommandHost
from qtui.tui.commands.everywhere import Back, CloseScreen, Refresh, ToggleLive
from qtui.tui.load.background import BackgroundReader, LoadFailed, LoadGroup
from qtui.tui.load.chart_curves import HistoryRead, UpdatesRead, load_histories, load_updates
from qtui.tui.polling import Poller
from qtui.tui.present.chart_spec import ChartSpec, CurveKey
from qtui.tui.widgets.chart_pane import ChartPane
from qtui.tui.widgets.footer import Footer

ACTIVE_POLL_S, IDLE_POLL_S = 0.8, 5.0
"""Seconds between two checks of running runs: while they log points, and when they have not for a while."""
MAX_IDLE_POLLS = 10
"""The number of checks without new points after which the longer pause applies."""


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
        self._request_id = 0
        self._histories: dict[CurveKey, History] = {}
        self._poller = self._new_poller()

    def _new_poller(self) -> Poller:
        return Poller(
            self.set_timer,
            self._poll,
            active_s=ACTIVE_POLL_S,
            idle_s=IDLE_POLL_S,
            max_idle_polls=MAX_IDLE_POLLS,
        )

    def compose(self) -> ComposeResult:
        """Compose the chart and the footer."""
        self.pane = ChartPane(self._initial_spec, ASCII if self.app.ascii_only else BRAILLE)
        self.pane.options = self._initial_options
        yield self.pane
        yield Footer()

    def on_mount(self) -> None:
        """Load the curves."""
        self.pane.live = self.app.options.refresh != 0
        self._load_missing()

    @property
    def spec(self) -> ChartSpec:
        """The runs and metrics that are drawn."""
        return self.pane.spec

    @property
    def is_busy(self) -> bool:
        """Whether a load or a drawing is pending."""
        return self.pane.has_pending_draw or any(worker.is_running for worker in self.workers)

    # Loading

    @on(ChartPane.MissingCurves)
    def _load_missing(self) -> None:
        """Load the missing curves; this replaces a load in progress."""
        missing = self.pane.curve_set.missing
        self._request_id += 1
        self.pane.expect(frozenset(missing))
        if missing:
            runs = {run.run_id: run for run in self.spec.infos}
            metrics = [(runs[key.run_id], key.metric) for key in missing]
            self.load(LoadGroup.HISTORIES, load_histories(self._follower, self._request_id, metrics))
        self._schedule_poll()

    @on(HistoryRead)
    def _show_history(self, message: HistoryRead) -> None:
        if message.request_id != self._request_id:
            return
        key = CurveKey(message.run_id, message.metric)
        if message.absent:
            self.pane.add_absent(key)
        elif message.history is None:
            self.pane.add_failure(key, message.failure)
        else:
            self._histories[key] = message.history
            start_time = next(run.start_time for run in self.spec.infos if run.run_id == message.run_id)
            self.pane.add(key, message.history, start_time)
            if not self._poller.is_scheduled:
                self._schedule_poll()

    @on(LoadFailed)
    def _show_failure(self, message: LoadFailed) -> None:
        """Show the failure; curves stay, and the next check may succeed."""
        if message.group == LoadGroup.GROWTH:
            self.pane.failure = message.reason
            self._poller.report_failure()
            self._schedule_poll()
            return
        if message.group == LoadGroup.HISTORIES:
            self.pane.expect(frozenset())
        self.app.show_notice(message.reason, severity="error")

    def action_refresh(self) -> None:
        """Load every curve again."""
        self.pane.curve_set.reload()
        self._load_missing()

    def action_back(self) -> None:
        """Cancel loading; if nothing is loading, close the chart."""
        if self.pane.is_loading:
            self.workers.cancel_group(self, LoadGroup.HISTORIES)
            self._request_id += 1
            self.pane.expect(frozenset())
        else:
            self.dismiss()

    # Polling

    def action_toggle_live(self) -> None:
        """Start or stop checking running runs for new points."""
        self.pane.live = not self.pane.live
        self._poller.report(changed=True)
        self._schedule_poll()

    def _schedule_poll(self) -> None:
        """Schedule the next check if a loaded curve belongs to a running run."""
        self._poller.stop()
        if self.pane.live and self._running_curves():
            self._poller.schedule()

    def _poll(self) -> None:
        updates = load_updates(self._follower, self._request_id, self._running_curves(), dict(self._histories))
        self.load(LoadGroup.GROWTH, updates)

    def _running_curves(self) -> list[tuple[RunInfo, str]]:
        """Return the loaded curves of running runs."""
        running = {run.run_id: run for run in self.spec.infos if run.status == Status.RUNNING}
        return sorted(
            ((running[key.run_id], key.metric) for key in self.pane.curve_set.loaded if key.run_id in running),
            key=lambda pair: pair[0].run_id,
        )

    @on(UpdatesRead)
    def _schedule_next_poll(self, message: UpdatesRead) -> None:
        self.pane.failure = ""
        self._poller.report(changed=message.has_new_points)
        self._schedule_poll()
