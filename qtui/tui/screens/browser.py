"""The browser: experiments, their runs, the details of a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from textual import on
from textual.app import ComposeResult
from textual.timer import Timer

from qtui.entities import RunInfo, View
from qtui.figures import count, now_ms
from qtui.recorder import ExpManager
from qtui.tui import reading
from qtui.tui.commands import Place
from qtui.tui.commands.everywhere import Refresh
from qtui.tui.messages import CopyWanted
from qtui.tui.options import Options
from qtui.tui.pump import ReadFailed, Reads
from qtui.tui.reading import ArtifactsRead, CatalogueRead, InfosRead, Question, RunRead, ValuesRead
from qtui.tui.widgets.details import DetailsPane
from qtui.tui.widgets.experiments import ExperimentsPane
from qtui.tui.widgets.footer import Footer
from qtui.tui.widgets.panes import DETAILS, MAIN, Panes
from qtui.tui.widgets.runs import RunsPane
from qtui.tui.widgets.status_line import Loading, StatusLine, StoreStatus

PAUSE = 0.06
"""Seconds for which a cursor must rest before what it is on is read."""


class BrowserScreen(Place, Reads):
    """The screen people live in. It leads what the panes want to those who read, and what was read to the panes."""

    PLACE = "Everywhere"
    OFFERS = (Refresh,)
    AUTO_FOCUS = "RunsTable"

    def __init__(
        self,
        library: ExpManager,
        options: Options,
        clock: Callable[[], int] = now_ms,
        silence: timedelta = timedelta(hours=1),
    ) -> None:
        super().__init__()
        self._library = library
        self._options = options
        self._clock = clock
        self._silence = silence // timedelta(milliseconds=1)
        self._question = Question(view=options.view)
        self._resting: dict[str, Timer] = {}

    def compose(self) -> ComposeResult:
        """The status above, the panes, the keys below."""
        yield StatusLine(lambda: self._clock() / 1000)
        runs = RunsPane(self._options, self._clock)
        yield Panes(ExperimentsPane(), runs, DetailsPane(self._clock, self._silence))
        yield Footer()

    @property
    def experiments(self) -> ExperimentsPane:
        """The pane of experiments."""
        return self.query_one(ExperimentsPane)

    @property
    def runs(self) -> RunsPane:
        """The pane of runs."""
        return self.query_one(RunsPane)

    @property
    def details(self) -> DetailsPane:
        """The pane of details."""
        return self.query_one(DetailsPane)

    def on_mount(self) -> None:
        """Begin to read."""
        self._status(uri=self._library.uri)
        self.action_refresh()

    def _status(self, **changed: object) -> None:
        line = self.query_one(StatusLine)
        line.status = replace(line.status, **changed)  # pyright: ignore

    def _rest(self, what: str, then: Callable[[], None]) -> None:
        """Do it when nothing of the kind was asked for a moment."""
        if what in self._resting:
            self._resting[what].stop()
        self._resting[what] = self.set_timer(PAUSE, then)

    # What is asked for

    def action_refresh(self) -> None:
        """Read the store again."""
        self._status(loading=Loading("reading"))
        self.read("experiments", reading.catalogue(self._library, self._question.view))
        self._ask(self._question.experiment_ids, self._question.view)
