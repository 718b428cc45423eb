"""The screen of a large chart: metrics of several runs, read curve by curve and drawn as they come and as they grow."""

from __future__ import annotations

from textual import getters, on
from textual.app import ComposeResult
from textual.timer import Timer

from qtui.entities import History, RunInfo, Status
from qtui.formatting import format_size
from qtui.plot.chart_options import ChartOptions
from qtui.plot.glyphs import ASCII, BRAILLE
from qtui.recorder.reading.metric_follower import MetricFollower
from qtui.tui.app import QtuiApp
from qtui.tui.commands import CommandHost
from qtui.tui.commands.everywhere import Back, CloseScreen, Refresh, ToggleLive
from qtui.tui.load.background import BackgroundReader, LoadFailed, LoadGroup
from qtui.tui.load.chart_curves import HistoryRead, UpdatesRead, load_histories, load_updates
from qtui.tui.present.chart_spec import ChartSpec, CurveKey
from qtui.tui.screens.saving import FileSaved, saving
from qtui.tui.widgets.chart_pane import ChartPane
from qtui.tui.widgets.footer import Footer

LIVELY, QUIET = 0.8, 5.0
"""Seconds between two looks at the curves of runs that go on: while they grow, and when they have not for a while."""
PATIENCE = 10
"""So many looks that found nothing make quiet."""


class ChartScreen(CommandHost, BackgroundReader):
    """Shows curves of runs, and follows those of runs that go on."""

    HEADING = "Everywhere"
    OWN_COMMANDS = (Refresh, ToggleLive, Back, CloseScreen)
    AUTO_FOCUS = "MetricChart"
    app = getters.app(QtuiApp)

    def __init__(self, follower: MetricFollower, spec: ChartSpec, options: ChartOptions | None = None) -> None:
        """What the follower knows already is shown at once."""
        super().__init__()
        self._follower = follower
        self._spec = spec
        self._initial_options = options or ChartOptions()
        self._question = 0
        self._known: dict[CurveKey, History] = {}
        self._idle_looks = 0
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """The chart, and the keys below."""
        self.pane = ChartPane(self._spec, ASCII if self.app.ascii_only else BRAILLE)
        self.pane.options = self._initial_options
        yield self.pane
        yield Footer()

    def on_mount(self) -> None:
        """Begin to read."""
        self.pane.live = self.app.options.refresh != 0
        self._read_missing()

    @property
    def spec(self) -> ChartSpec:
        """What is shown now."""
        return self.pane.spec

    @property
    def is_busy(self) -> bool:
        """Whether something that was asked for is not shown yet."""
        return self.pane.is_waiting or any(worker.is_running for worker in self.workers)

    # Reading

    @on(ChartPane.CurvesWanted)
    def _read_missing(self) -> None:
        """Read what is to be drawn and is not there; what was being read is asked for anew."""
        missing = self.pane.missing
        self._question += 1
        self.pane.await_curves(frozenset(missing))
        if missing:
            infos = {info.run_id: info for info in self.spec.infos}
            wanted = [(infos[key.run_id], key.metric) for key in missing]
            self.load(LoadGroup.HISTORIES, load_histories(self._follower, self._question, wanted))
        self._look_soon()

    @on(HistoryRead)
    def _show_history(self, message: HistoryRead) -> None:
        if message.request_id != self._question:
            return
        key = CurveKey(message.run_id, message.metric)
        if message.absent:
            self.pane.lack(key)
        elif message.history is None:
            self.pane.miss(key, message.failure)
        else:
            self._known[key] = message.history
            began = next(info.start_time for info in self.spec.infos if info.run_id == message.run_id)
            self.pane.take(key, message.history, began)
            if self._timer is None:
                self._look_soon()

    @on(LoadFailed)
    def _say_failure(self, message: LoadFailed) -> None:
        """What was read before stays; the next look may succeed."""
        if message.group == LoadGroup.GROWTH:
            self.pane.failure = message.reason
            self._idle_looks = PATIENCE
            self._look_soon()
            return
        if message.group == LoadGroup.HISTORIES:
            self.pane.await_curves(frozenset())
        self.app.say(message.reason, severity="error")

    def action_refresh(self) -> None:
        """Read every curve again."""
        self.pane.forget()
        self._read_missing()

    def action_back(self) -> None:
        """Stop reading; else go back to where the chart was opened."""
        if self.pane.is_reading:
            self.workers.cancel_group(self, LoadGroup.HISTORIES)
            self._question += 1
            self.pane.await_curves(frozenset())
        else:
            self.dismiss()

    # Looking again

    def action_toggle_live(self) -> None:
        """Follow runs that go on, or let them be."""
        self.pane.live = not self.pane.live
        self._idle_looks = 0
        self._look_soon()

    def _look_soon(self) -> None:
        """Look again after a while, as long as something goes on."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self.pane.live and self._growing():
            self._timer = self.set_timer(LIVELY if self._idle_looks < PATIENCE else QUIET, self._look)

    def _look(self) -> None:
        self.load(LoadGroup.GROWTH, load_updates(self._follower, self._question, self._growing(), dict(self._known)))

    def _growing(self) -> list[tuple[RunInfo, str]]:
        """The curves that are drawn of runs that go on."""
        going_on = {info.run_id: info for info in self.spec.infos if info.status == Status.RUNNING}
        return sorted(
            ((going_on[key.run_id], key.metric) for key in self.pane.present if key.run_id in going_on),
            key=lambda pair: pair[0].run_id,
        )

    @on(UpdatesRead)
    def _know_that_it_was_looked(self, message: UpdatesRead) -> None:
        self.pane.failure = ""
        self._idle_looks = 0 if message.has_new_points else self._idle_looks + 1
        self._look_soon()

    # Giving out

    @on(ChartPane.ExportWanted)
    def _save(self, message: ChartPane.ExportWanted) -> None:
        self.load(LoadGroup.EXPORT, saving(message.target, message.make))

    @on(FileSaved)
    def _say_saved(self, message: FileSaved) -> None:
        self.app.say(f"Saved {message.path} ({format_size(message.size)}).")
