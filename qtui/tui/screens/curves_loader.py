"""The loader of a large chart: it loads missing curves, and the new points of running runs."""

from __future__ import annotations

from qtui.entities import History, RunInfo, Status
from qtui.recorder.reading.metric_follower import MetricFollower
from qtui.tui.load.background import BackgroundReader, LoadFailed, LoadGroup
from qtui.tui.load.chart_curves import HistoryRead, UpdatesRead, load_histories, load_updates
from qtui.tui.polling import Poller
from qtui.tui.present.charts.chart_spec import CurveKey
from qtui.tui.widgets.chart_pane import ChartPane

ACTIVE_POLL_S, IDLE_POLL_S = 0.8, 5.0
"""Seconds between two checks of running runs: while they log points, and when they have not for a while."""
MAX_IDLE_POLLS = 10
"""The number of checks without new points after which the longer pause applies."""


class CurvesLoader:
    """Loads the curves of a chart for its screen, which passes on the messages of the loads."""

    def __init__(self, screen: BackgroundReader, follower: MetricFollower, pane: ChartPane) -> None:
        self.pane = pane
        self._screen = screen
        self._follower = follower
        self._request_id = 0
        self._histories: dict[CurveKey, History] = {}
        # A timer of the pane ends with it.
        self._poller = Poller(
            pane.set_timer,
            self.poll,
            active_s=ACTIVE_POLL_S,
            idle_s=IDLE_POLL_S,
            max_idle_polls=MAX_IDLE_POLLS,
        )

    def load_missing(self) -> None:
        """Load the missing curves; this replaces a load in progress."""
        missing = self.pane.model.curve_set.missing
        self._request_id += 1
        self._expect(frozenset(missing))
        if missing:
            runs = {run.run_id: run for run in self.pane.model.spec.infos}
            metrics = [(runs[key.run_id], key.metric) for key in missing]
            self._screen.load(LoadGroup.HISTORIES, load_histories(self._follower, self._request_id, metrics))
        self._schedule_poll()

    def reload(self) -> None:
        """Load every curve again."""
        self.pane.model.curve_set.reload()
        self.load_missing()

    def cancel(self) -> bool:
        """Cancel the load; return whether one was running."""
        if not self.pane.model.curve_set.requested:
            return False
        self._screen.workers.cancel_group(self._screen, LoadGroup.HISTORIES)
        self._request_id += 1
        self._expect(frozenset())
        return True

    def show_history(self, message: HistoryRead) -> None:
        """Show a history, unless a newer load has replaced its load."""
        run = next((run for run in self.pane.model.spec.infos if run.run_id == message.run_id), None)
        if message.request_id != self._request_id or run is None:
            return
        key = CurveKey(message.run_id, message.metric)
        curve_set = self.pane.model.curve_set
        if message.is_absent:
            curve_set.add_absent(key)
        elif message.history is None:
            curve_set.add_failure(key, message.failure)
        else:
            self._histories[key] = message.history
            curve_set.add(key, message.history, run.start_time)
            if not self._poller.is_scheduled:
                self._schedule_poll()
        self.pane.draw_soon()

    def _expect(self, keys: frozenset[CurveKey]) -> None:
        """Show that these curves, and no others, are being loaded."""
        self.pane.model.curve_set.requested = keys
        self.pane.draw_soon()

    def show_failure(self, message: LoadFailed) -> bool:
        """Show that a load of curves failed; they stay, and the next check may succeed.

        Return whether the user has to be told: not after a check for new points, whose failure the chart shows.
        """
        if message.group == LoadGroup.GROWTH:
            self.pane.failure = message.reason
            self._poller.report_failure()
            self._schedule_poll()
            return False
        if message.group == LoadGroup.HISTORIES:
            self._expect(frozenset())
        return True

    # Polling

    @property
    def is_scheduled(self) -> bool:
        """Whether running runs will be checked for new points."""
        return self._poller.is_scheduled

    def toggle_live(self) -> None:
        """Start or stop checking running runs for new points."""
        self.pane.live = not self.pane.live
        self._poller.report(changed=True)
        self._schedule_poll()

    def schedule_next_poll(self, message: UpdatesRead) -> None:
        """Schedule the check after one that succeeded."""
        self.pane.failure = ""
        self._poller.report(changed=message.has_new_points)
        self._schedule_poll()

    def _schedule_poll(self) -> None:
        """Schedule the next check if a loaded curve belongs to a running run."""
        self._poller.stop()
        if self.pane.live and self._running_curves():
            self._poller.schedule()

    def poll(self) -> None:
        """Check the running runs for new points."""
        updates = load_updates(self._follower, self._request_id, self._running_curves(), dict(self._histories))
        self._screen.load(LoadGroup.GROWTH, updates)

    def _running_curves(self) -> list[tuple[RunInfo, str]]:
        """Return the loaded curves of running runs."""
        running = {run.run_id: run for run in self.pane.model.spec.infos if run.status == Status.RUNNING}
        return sorted(
            ((running[key.run_id], key.metric) for key in self.pane.model.curve_set.loaded if key.run_id in running),
            key=lambda pair: pair[0].run_id,
        )
