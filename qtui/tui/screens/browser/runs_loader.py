"""Asking for runs: the experiments, the infos of their runs, then the values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from threading import Event

from textual import on
from textual.message import Message

from qtui.entities import View
from qtui.figures import count, now_ms
from qtui.recorder import Library
from qtui.recorder.reading.run_watcher import RunWatcher
from qtui.tui import load as reading
from qtui.tui.load import CatalogueRead, InfosRead, Question, ValuesRead, WritesRead
from qtui.tui.load.background import LoadGroup
from qtui.tui.options import Options
from qtui.tui.present.experiment_tree import ALL, Node
from qtui.tui.screens.browser.layout import REST
from qtui.tui.screens.browser.problems import Damage
from qtui.tui.widgets.experiments import ExperimentsPane
from qtui.tui.widgets.panes import MAIN, Panes
from qtui.tui.widgets.runs_pane import RunsPane
from qtui.tui.widgets.runs_table import RunsTable
from qtui.tui.widgets.runs_table.window import CursorPlace
from qtui.tui.widgets.scope import Scope
from qtui.tui.widgets.status_line import Loading

LONGEST_WAIT = 0.3
"""For so long (s) values are not read because no row has been drawn yet."""


class Asking(Damage):
    """Reads the experiments, and the runs of the one under the cursor."""

    @dataclass
    class AllRead(Message):
        """Every run is shown with its values."""

        question: Question

    def __init__(self, library: Library, options: Options, clock: Callable[[], int] = now_ms) -> None:
        super().__init__(library, options, clock)
        self._question = Question(view=options.view)
        self._watch: RunWatcher | None = None
        self._rows_seen = Event()
        self._cursors: dict[tuple[str, View], CursorPlace | None] = {}
        """The line under the cursor when the user left a view of a scope."""

    def on_mount(self) -> None:
        """Begin to read."""
        self.status = replace(self.status, uri=self._library.uri, live=self._options.refresh != 0)
        self._ask(self._question.experiment_ids, "all experiments", ALL)
        self._read_catalogue()

    def _read_catalogue(self) -> None:
        question = self._question
        self.read(LoadGroup.EXPERIMENTS, reading.catalogue(self._library, question.view, question.experiment_ids or ()))

    @on(CatalogueRead)
    def _show_experiments(self, message: CatalogueRead) -> None:
        catalogue = message.catalogue
        self.experiments.catalogue = catalogue
        self._forget("experiments")
        self._meet("experiments", message.problems)
        names = {each.experiment_id: each.name for each in catalogue.experiments}
        self.runs.name_experiments(names)
        counted = (catalogue.counts.get(each.experiment_id) for each in catalogue.experiments)
        runs = sum(each.total for each in counted if each)
        known = count(len(catalogue.experiments), "experiment")
        counts = f"{known}, {count(runs, 'run')}" if catalogue.counts else known
        self.status = replace(self.status, counts=counts)
        self._keep_scope()

    def _keep_scope(self) -> None:
        """Load the runs of experiments that joined or left the branch under the cursor; leave a scope that is gone."""
        scope, lines = self.runs.scope, self.experiments.lines
        node = next((node for node in lines.rows if node.key == scope.key), None)
        if "experiment" in self._pending or self.experiments.wanted or scope.key == ALL:
            return
        if node is None:
            lines.go_to(ALL)
        elif set(node.ids) != set(self._question.experiment_ids or ()):
            self._choose_experiment(node)

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

    def _ask(self, experiment_ids: tuple[str, ...] | None, title: str, key: str, view: View | None = None) -> None:
        """Show the runs of these experiments from now on."""
        before = self._question
        self._question = Question(experiment_ids, view or before.view, before.number + 1)
        names = self.runs.scope.experiments
        several = experiment_ids is None or len(experiment_ids) > 1
        self.runs.begin(Scope(title, key, self._question.view, several, names))
        self._forget("runs")
        self._watch = None
        self.status = replace(self.status, failure="")
        self._show_progress("runs", Loading("reading"))
        self.read(
            LoadGroup.RUNS,
            reading.runs(self._library, self._question, self._in_sight, wait_until_seen=self._wait_until_rows_are_seen),
        )

    def _in_sight(self) -> tuple[str, ...]:
        """The runs that somebody sees; asked from the thread that reads, which may see an older answer."""
        return self.runs.seen

    def _wait_until_rows_are_seen(self) -> None:
        """Wait, in a thread that reads, for the first rows to be drawn."""
        self._rows_seen.wait(LONGEST_WAIT)

    @on(RunsTable.VisibleRowsChanged)
    def _know_that_rows_are_seen(self) -> None:
        self.call_after_refresh(self._rows_seen.set)

    @on(InfosRead)
    def _show_infos(self, message: InfosRead) -> None:
        if message.question != self._question:
            return
        self._meet("runs", message.problems)
        self._watch = message.watch
        self.runs.grow(message.infos, complete=message.watch is not None)
        self._show_progress("runs", Loading("runs", len(self.runs.frame)))

    @on(ValuesRead)
    def _show_values(self, message: ValuesRead) -> None:
        if message.question != self._question:
            return
        self._meet("runs", message.problems)
        self.runs.fill(message.runs)
        if message.done < message.total:
            self._show_progress("runs", Loading("values", message.done, message.total))
        else:
            self._show_progress("runs", None)
            self.post_message(self.AllRead(message.question))

    @on(WritesRead)
    def _note_writes(self, message: WritesRead) -> None:
        if message.question == self._question:
            self.runs.note_writes(message.writes)

    @on(RunsPane.ViewWanted)
    def _switch_view(self, message: RunsPane.ViewWanted) -> None:
        scope, table = self.runs.scope, self.runs.table
        self._cursors[scope.key, scope.view] = table.place
        self._ask(self._question.experiment_ids, scope.title, scope.key, message.view)
        table.hold(self._cursors.get((scope.key, message.view)))
        self._read_catalogue()

    def action_refresh(self) -> None:
        """Read the store again."""
        self._read_catalogue()
        scope = self.runs.scope
        self._ask(self._question.experiment_ids, scope.title, scope.key)
