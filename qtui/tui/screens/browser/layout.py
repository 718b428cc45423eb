"""The frame of the browser: the status above, the panes, the keys below, and what waits to be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual import getters
from textual.app import ComposeResult
from textual.timer import Timer

from qtui.figures import now_ms
from qtui.recorder import Library
from qtui.tui.app import QtuiApp
from qtui.tui.commands import Place
from qtui.tui.load.background import Reads
from qtui.tui.options import Options
from qtui.tui.widgets.details import DetailsPane
from qtui.tui.widgets.experiments import ExperimentsPane
from qtui.tui.widgets.footer import Footer
from qtui.tui.widgets.panes import Panes
from qtui.tui.widgets.runs_pane import RunsPane
from qtui.tui.widgets.status_line import Loading, StatusLine, StoreStatus

REST = 0.06
"""Seconds for which a cursor must stay before what it is on is read."""

LIVELY, QUIET = 3.0, 12.0
"""Seconds between two looks at the store: while something runs or has just changed, and otherwise."""

LOOK = "look"
"""The next look at the store, which is always pending."""


class Frame(Place, Reads):
    """Holds the panes and the status line; the flows of the browser read for them."""

    app = getters.app(QtuiApp)

    def __init__(self, library: Library, options: Options, clock: Callable[[], int] = now_ms) -> None:
        super().__init__()
        self._library = library
        self._options = options
        self._clock = clock
        self._pending: dict[str, Timer] = {}
        self._loads: dict[str, Loading] = {}

    def compose(self) -> ComposeResult:
        """The status above, the panes, the keys below."""
        yield StatusLine(lambda: self._clock() / 1000)
        self.runs = RunsPane(self._clock, self._options.silence)
        self.runs.column_names = self._options.columns
        self.runs.memory = self.app.state.store(self._library.uri)
        self.experiments = ExperimentsPane()
        self.details = DetailsPane(self._clock, self._options.silence)
        self.details.memory = self.runs.memory
        self.details.marked_runs = self.runs.marked_runs
        self.details.is_live = lambda: bool(self.status.live)
        self.details.ascii_only = self.app.ascii_only
        yield Panes(self.experiments, self.runs, self.details)
        yield Footer()

    @property
    def status(self) -> StoreStatus:
        """What the first line says."""
        return self.query_one(StatusLine).status

    @status.setter
    def status(self, status: StoreStatus) -> None:
        self.query_one(StatusLine).status = status

    def _show_progress(self, group: str, loading: Loading | None) -> None:
        """Say how far the reading of a group has come, None when it is over; what began last is what is seen."""
        self._loads.pop(group, None)
        if loading is not None:
            self._loads[group] = loading
        self.status = replace(self.status, loading=next(reversed(self._loads.values()), None))

    def _after(self, seconds: float, what: str, then: Callable[[], None]) -> None:
        """Do it after a while, unless the same was asked for again meanwhile."""

        def now() -> None:
            # A timer that is stopped when its turn has come already goes off once more.
            if self._pending.get(what) is timer:
                del self._pending[what]
                then()

        if what in self._pending:
            self._pending[what].stop()
        timer = self._pending[what] = self.set_timer(seconds, now)

    @property
    def is_busy(self) -> bool:
        """Whether something that was asked for is not shown yet."""
        waits = bool(self._pending.keys() - {LOOK}) or self.runs.is_waiting
        charts_wait = self.details.grid is not None and self.details.grid.is_waiting
        return waits or charts_wait or any(worker.is_running for worker in self.workers)
