"""The browser: experiments, their runs, the details of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from textual import getters, on
from textual.app import ComposeResult
from textual.timer import Timer

from qtui.entities import PARENT_RUN_TAG, RunInfo, View
from qtui.figures import count, now_ms
from qtui.query.ast import Field, Kind
from qtui.recorder import ExpManager
from qtui.recorder.watch import Watch
from qtui.tui import reading
from qtui.tui.app import QtuiApp
from qtui.tui.commands import Place
from qtui.tui.commands.everywhere import Back, Refresh, ToggleLive
from qtui.tui.messages import CopyWanted
from qtui.tui.options import Options
from qtui.tui.outline import ALL, Node
from qtui.tui.pump import ReadFailed, Reads
from qtui.tui.reading import ArtifactsRead, CatalogueRead, InfosRead, NewsRead, Question, RunRead, ValuesRead
from qtui.tui.widgets.details import DetailsPane
from qtui.tui.widgets.experiments import ExperimentsPane
from qtui.tui.widgets.footer import Footer
from qtui.tui.widgets.panes import DETAILS, MAIN, Panes
from qtui.tui.widgets.runs import RunsPane
from qtui.tui.widgets.runs_board import Scope
from qtui.tui.widgets.runs_table import RunsTable
from qtui.tui.widgets.status_line import Loading, StatusLine, StoreStatus

REST = 0.06
"""Seconds for which a cursor must stay before what it is on is read."""

LIVELY, QUIET = 3.0, 12.0
"""Seconds between two looks at the store: while something runs or has just changed, and otherwise."""

LOOK = "look"
"""The next look at the store, which is always pending."""

PARENT = Field(Kind.TAG, PARENT_RUN_TAG)


class BrowserScreen(Place, Reads):
    """The screen people live in: it takes what the panes want to those who read, and to the panes what was read."""

    PLACE = "Everywhere"
    OFFERS = (Refresh, ToggleLive, Back)
    AUTO_FOCUS = "RunsTable"
    app = getters.app(QtuiApp)

    def __init__(self, library: ExpManager, options: Options, clock: Callable[[], int] = now_ms) -> None:
        super().__init__()
        self._library = library
        self._options = options
        self._clock = clock
        self._question = Question(view=self._options.view)
        self._watch: Watch | None = None
        self._selected: str | None = None
        self._pending: dict[str, Timer] = {}
        self._problems = 0

    def compose(self) -> ComposeResult:
        """The status above, the panes, the keys below."""
        yield StatusLine(lambda: self._clock() / 1000)
        self.runs = RunsPane(self._clock)
        self.runs.memory = self.app.state.store(self._library.uri)
        self.experiments = ExperimentsPane()
        self.details = DetailsPane(self._clock, self._options.silence // timedelta(milliseconds=1))
        yield Panes(self.experiments, self.runs, self.details)
        yield Footer()

    def on_mount(self) -> None:
        """Begin to read."""
        self._tell(uri=self._library.uri, live=self._options.refresh != 0)
        self._ask(self._question.experiment_ids, "all experiments", ALL)
        self._read_catalogue()

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

    # Experiments

    def _read_catalogue(self) -> None:
        self.read("experiments", reading.catalogue(self._library, self._question.view))

    @on(CatalogueRead)
    def _show_experiments(self, message: CatalogueRead) -> None:
        catalogue = message.catalogue
        self.experiments.catalogue = catalogue
        names = {each.experiment_id: each.name for each in catalogue.experiments}
        self.runs.name_experiments(names)
        runs = sum(each.total for each in catalogue.counts.values())
        known = count(len(catalogue.experiments), "experiment")
        self._tell(
            counts=f"{known}, {count(runs, 'run')}" if catalogue.counts else known,
            loading=self.status.loading,
            failure=self.status.failure,
        )

    @on(ExperimentsPane.Highlighted)
    def _follow_experiment(self, message: ExperimentsPane.Highlighted) -> None:
        node = message.node
        if node.key != self.runs.scope.key:
            self._after(REST, "experiment", partial(self._choose_experiment, node))

    def _choose_experiment(self, node: Node) -> None:
        everything = node.key == ALL
        title = "all experiments" if everything else node.experiment.name if node.experiment else node.title
        self._ask(None if everything else node.ids, title, node.key)

    @on(ExperimentsPane.Opened)
    def _enter_experiment(self) -> None:
        self.query_one(Panes).go_to(MAIN)

    # Runs

    def _ask(self, experiment_ids: tuple[str, ...] | None, title: str, key: str, view: View | None = None) -> None:
        """Show the runs of these experiments from now on."""
        before = self._question
        self._question = Question(experiment_ids, view or before.view, before.number + 1)
        names = self.runs.scope.experiments
        several = experiment_ids is None or len(experiment_ids) > 1
        self.runs.begin(Scope(title, key, self._question.view, several, names))
        self._problems = 0
        self._tell(loading=Loading("reading"))
        self._watch = None
        self.read("runs", reading.runs(self._library, self._question, self._in_sight))

    def _in_sight(self) -> tuple[str, ...]:
        """The runs that somebody sees; asked from the thread that reads, which may see an older answer."""
        return self.runs.seen

    @on(InfosRead)
    def _show_infos(self, message: InfosRead) -> None:
        if message.question != self._question:
            return
        self._problems += len(message.problems)
        self._watch = message.watch
        self.runs.grow(message.infos, complete=message.watch is not None)
        self._tell(loading=Loading("runs", len(self.runs.frame)))

    @on(ValuesRead)
    def _show_values(self, message: ValuesRead) -> None:
        if message.question != self._question:
            return
        self._problems += len(message.problems)
        self.runs.fill(message.runs)
        if message.done < message.total:
            self._tell(loading=Loading("values", message.done, message.total))
        else:
            self._rest_until_the_next_look()

    @on(RunsPane.ViewWanted)
    def _switch_view(self, message: RunsPane.ViewWanted) -> None:
        self._ask(self._question.experiment_ids, self.runs.scope.title, self.runs.scope.key, message.view)
        self._read_catalogue()

    # Details

    @on(RunsTable.Highlighted)
    def _follow_run(self, message: RunsTable.Highlighted) -> None:
        self._selected = message.run_id
        self._after(REST, "details", self._read_details)

    def _read_details(self) -> None:
        info = self._info(self._selected)
        if info is None:
            self.details.view = None
        else:
            self.read("details", reading.details(self._library, info, self._children(info.run_id)))

    def _info(self, run_id: str | None) -> RunInfo | None:
        row = self.runs.frame.row(run_id) if run_id else None
        return None if row is None else self.runs.frame.infos[row]

    def _children(self, run_id: str) -> tuple[RunInfo, ...]:
        """The runs that call this one their parent."""
        frame = self.runs.frame
        parents = frame.column(PARENT)
        return tuple(frame.infos[row] for row in range(len(frame)) if parents[row] == run_id) if parents else ()

    @on(RunRead)
    def _show_run(self, message: RunRead) -> None:
        if message.view.run.info.run_id == self._selected:
            known = self.details.view
            same = known is not None and known.run.info.run_id == self._selected
            self.details.view = replace(message.view, levels=known.levels) if known and same else message.view

    @on(DetailsPane.ArtifactsWanted)
    def _read_artifacts(self, message: DetailsPane.ArtifactsWanted) -> None:
        info = self._info(self._selected)
        if info is not None:
            self.read(f"artifacts/{message.path}", reading.artifacts(self._library, info, message.path))

    @on(ArtifactsRead)
    def _show_artifacts(self, message: ArtifactsRead) -> None:
        view = self.details.view
        if view is not None and view.run.info.run_id == message.run_id:
            levels = {**(view.levels or {}), message.path: message.artifacts}
            self.details.view = replace(view, levels=levels, failure=message.failure or view.failure)

    @on(DetailsPane.RunWanted)
    def _go_to_run(self, message: DetailsPane.RunWanted) -> None:
        if not self.runs.go_to(message.run_id):
            self.notify("That run is not among those shown.", severity="warning", markup=False)

    @on(DetailsPane.ValueOpened)
    def _show_value(self, message: DetailsPane.ValueOpened) -> None:
        from qtui.tui.screens.value import ValueScreen

        self.app.push_screen(ValueScreen(message.key, message.value))

    @on(RunsTable.Opened)
    def _enter_run(self) -> None:
        self.query_one(Panes).go_to(DETAILS)

    def action_back(self) -> None:
        """Go back: to all panes, to the runs, to the runs without a filter."""
        panes = self.query_one(Panes)
        if panes.zoomed:
            panes.zoomed = False
        elif panes.front != MAIN:
            panes.go_to(MAIN)
        else:
            self.runs.bar.show("")

    # Looking again

    def action_refresh(self) -> None:
        """Read the store again."""
        self._read_catalogue()
        scope = self.runs.scope
        self._ask(self._question.experiment_ids, scope.title, scope.key)

    def action_toggle_live(self) -> None:
        """Switch on or off that changes are shown as they come."""
        self._tell(live=not self.status.live)
        if self.status.live:
            self._look_again()

    def _rest_until_the_next_look(self, *, lively: bool = True) -> None:
        self._tell(read=True, failure=self._damage())
        seconds = self._options.refresh or (LIVELY if lively else QUIET)
        self._after(seconds, LOOK, self._look_again)

    def _look_again(self) -> None:
        if self.status.live and self._watch:
            known = {info.run_id: info for info in self.runs.frame.infos}
            self.read(LOOK, reading.news(self._library, self._question, known, self._watch))

    @on(NewsRead)
    def _show_news(self, message: NewsRead) -> None:
        if message.question != self._question:
            return
        if message.news.gone:
            self.runs.drop(message.news.gone)
        if message.runs:
            self.runs.fill(message.runs)
            self._read_catalogue()
        if self._selected in {each.info.run_id for each in message.runs}:
            self._read_details()
        self._rest_until_the_next_look(lively=bool(message.news) or self.runs.anything_runs)

    def _damage(self) -> str:
        return f"{count(self._problems, 'problem')}: qtui doctor names them" if self._problems else ""

    @on(ReadFailed)
    def _say_failure(self, message: ReadFailed) -> None:
        """What was read before stays on the screen; the next look may succeed."""
        self._tell(failure=message.sentence)
        if not len(self.runs.frame):
            self.runs.say("The store cannot be read.", message.sentence)
        self._after(self._options.refresh or QUIET, LOOK, self._look_again)

    @on(CopyWanted)
    def _copy(self, message: CopyWanted) -> None:
        self.app.copy(message.text, message.what)
