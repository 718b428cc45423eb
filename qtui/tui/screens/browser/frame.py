"""The frame of the browser: the status above, the panes, the keys below, and what waits to be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from textual import getters
from textual.app import ComposeResult
from textual.timer import Timer

from qtui.figures import now_ms
from qtui.recorder import ExpManager
from qtui.tui.app import QtuiApp
from qtui.tui.commands import Place
from qtui.tui.options import Options
from qtui.tui.pump import Reads
from qtui.tui.widgets.details import DetailsPane
from qtui.tui.widgets.experiments import ExperimentsPane
from qtui.tui.widgets.footer import Footer
from qtui.tui.widgets.panes import Panes
from qtui.tui.widgets.runs import RunsPane
from qtui.tui.widgets.status_line import Loading, StatusLine, StoreStatus

REST = 0.06
"""Seconds for which a cursor must stay before what it is on is read."""

LOOK = "look"
"""The next look at the store, which is always pending."""


class Frame(Place, Reads):
    """Holds the panes and the status line; the flows of the browser read for them."""

    app = getters.app(QtuiApp)

    def __init__(self, library: ExpManager, options: Options, clock: Callable[[], int] = now_ms) -> None:
        super().__init__()
        self._library = library
        self._options = options
        self._clock = clock
        self._pending: dict[str, Timer] = {}

    def compose(self) -> ComposeResult:
        """The status above, the panes, the keys below."""
        yield StatusLine(lambda: self._clock() / 1000)
        self.runs = RunsPane(self._clock)
        self.runs.memory = self.app.state.store(self._library.uri)
        self.experiments = ExperimentsPane()
        self.details = DetailsPane(self._clock, self._options.silence // timedelta(milliseconds=1))
        yield Panes(self.experiments, self.runs, self.details)
        yield Footer()

    @property
    def status(self) -> StoreStatus:
        """What the first line says."""
        return self.query_one(StatusLine).status

    def _tell(
        self,
        *,
        uri: str | None = None,
        counts: str | None = None,
        loading: Loading | None = None,
        live: bool | None = None,
        read: bool = False,
        failure: str = "",
    ) -> None:
        """Say something new in the first line; what is not said here stays, but for what is being read and failed."""
        before = self.status
        self.query_one(StatusLine).status = StoreStatus(
            uri=before.uri if uri is None else uri,
            counts=before.counts if counts is None else counts,
            loading=loading,
            live=before.live if live is None else live,
            read_at=self._clock() if read else before.read_at,
            failure=failure,
        )

    def _after(self, seconds: float, what: str, then: Callable[[], None]) -> None:
        """Do it after a while, unless the same was asked for again meanwhile."""

        def now() -> None:
            del self._pending[what]
            then()

        if what in self._pending:
            self._pending[what].stop()
        self._pending[what] = self.set_timer(seconds, now)

    @property
    def is_busy(self) -> bool:
        """Whether something that was asked for is not shown yet."""
        waits = bool(self._pending.keys() - {LOOK})
        return waits or self.runs.is_waiting or any(worker.is_running for worker in self.workers)
