"""The browser: experiments, their runs, the details of a run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen
from textual.worker import get_current_worker

from qtui.entities import Experiment, Listing, RunCounts
from qtui.errors import QtuiError
from qtui.figures import count
from qtui.recorder import ExpManager
from qtui.tui.commands import Place
from qtui.tui.commands.everywhere import Refresh
from qtui.tui.options import Options
from qtui.tui.widgets.footer import Footer
from qtui.tui.widgets.notice import Notice
from qtui.tui.widgets.pane import Pane
from qtui.tui.widgets.panes import Panes
from qtui.tui.widgets.status_line import Loading, StatusLine


class ExperimentsPane(Pane):
    """The experiments of the store."""

    PLACE = "Experiments"

    def compose(self) -> ComposeResult:
        """Nothing is known yet."""
        yield Notice()

    def show(self, listing: Listing[Experiment]) -> None:
        """Show the experiments."""
        names = "\n".join(each.name for each in listing.items)
        self.query_one(Notice).say(count(len(listing.items), "experiment"), names)


class RunsPane(Pane):
    """The runs of the experiment under the cursor."""

    PLACE = "Runs"

    def compose(self) -> ComposeResult:
        """Nothing is chosen yet."""
        yield Notice()


class DetailsPane(Pane):
    """Everything about the run under the cursor."""

    PLACE = "Details"

    def compose(self) -> ComposeResult:
        """Nothing is chosen yet."""
        yield Notice()


class BrowserScreen(Place, Screen[None]):
    """The screen people live in."""

    PLACE = "Everywhere"
    OFFERS = (Refresh,)
    AUTO_FOCUS = "#main Notice"

    @dataclass
    class StoreRead(Message):
        """The experiments were read."""

        experiments: Listing[Experiment]
        counts: Mapping[str, RunCounts]

    @dataclass
    class ReadingFailed(Message):
        """The store could not be read."""

        error: QtuiError

    def __init__(self, library: ExpManager, options: Options, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._library = library
        self._options = options
        self._clock = clock

    def compose(self) -> ComposeResult:
        """The status above, the panes, the keys below."""
        yield StatusLine(self._clock)
        yield Panes(ExperimentsPane(), RunsPane(), DetailsPane())
        yield Footer()

    def on_mount(self) -> None:
        """Begin to read."""
        self.action_refresh()

    @work(thread=True, exclusive=True, group="store", exit_on_error=False)
    def load_store(self) -> None:
        """Read what experiments there are."""
        worker = get_current_worker()
        try:
            answer: Message = self.StoreRead(self._library.experiments(self._options.view), self._library.counts())
        except QtuiError as error:
            answer = self.ReadingFailed(error)
        if not worker.is_cancelled:
            self.post_message(answer)

    @on(StoreRead)
    def _show_store(self, message: StoreRead) -> None:
        runs = sum(each.total for each in message.counts.values())
        counts = f"{count(len(message.experiments.items), 'experiment')}, {count(runs, 'run')}"
        line = self.query_one(StatusLine)
        read_at = int(self._clock() * 1000)
        line.status = replace(line.status, loading=None, counts=counts, read_at=read_at, failure="")
        self.query_one(ExperimentsPane).show(message.experiments)

    @on(ReadingFailed)
    def _show_failure(self, message: ReadingFailed) -> None:
        line = self.query_one(StatusLine)
        line.status = replace(line.status, loading=None, failure=str(message.error))

    def action_refresh(self) -> None:
        """Read the store again."""
        line = self.query_one(StatusLine)
        line.status = replace(line.status, uri=self._library.uri, loading=Loading("reading"))
        self.load_store()
