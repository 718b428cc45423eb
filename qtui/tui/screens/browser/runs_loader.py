"""Load the experiments, the infos of the runs in scope, their values, and later the changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

from textual.message import Message

from qtui.entities import ViewType
from qtui.formatting import format_count
from qtui.recorder import Library
from qtui.recorder.reading.run_watcher import RunWatcher
from qtui.tui.load.background import Loader, LoadFailed, LoadGroup
from qtui.tui.load.run_list import (
    ChangesLoaded,
    ExperimentsLoaded,
    InfosLoaded,
    LastWritesLoaded,
    RunsRequest,
    ValuesLoaded,
    load_changes,
    load_experiments,
    load_runs,
)
from qtui.tui.polling import Debouncer
from qtui.tui.present.experiment_tree import ALL, ExperimentNode
from qtui.tui.present.runs.run_scope import Scope
from qtui.tui.screens.browser.status_model import StatusModel
from qtui.tui.widgets.status_line import Loading

if TYPE_CHECKING:
    from qtui.recorder.editing.editor import EditResult
    from qtui.tui.load.edits import EditedRuns, EditedRunsLoaded
    from qtui.tui.widgets.experiments import ExperimentsPane
    from qtui.tui.widgets.runs_pane import RunsPane
    from qtui.tui.widgets.runs_table.viewport import CursorPosition

CURSOR_PAUSE_S = 0.06
"""Seconds for which the cursor must stay on a line before the line is loaded."""

MAX_PAINT_WAIT_S = 1.0
"""Seconds for which further loading waits at most, once, for the first rows to be painted."""

MISSING_STORE = (
    "There is no store here yet.",
    "It is shown as soon as something is logged there. To look around without one, leave and run `qtui demo`.",
)
"""The heading and the advice where no store exists."""


class RunsLoader:
    """Loader of the experiments, and of the runs of the experiment or folder under the cursor."""

    def __init__(
        self,
        library: Library,
        loader: Loader,
        debouncer: Debouncer,
        status: StatusModel,
        experiments: ExperimentsPane,
        runs: RunsPane,
        view: ViewType = ViewType.ACTIVE,
    ) -> None:
        self._library = library
        self._loader = loader
        self._debouncer = debouncer
        self._status = status
        self._experiments = experiments
        self._runs = runs
        self._watcher: RunWatcher | None = None
        self._cursors: dict[tuple[str, ViewType], CursorPosition | None] = {}
        """The line under the cursor when the user left a view of a scope."""

        self.request = RunsRequest(view=view)
        """The newest request: answers to older ones are dropped."""

        self._counted_view: ViewType | None = None
        """The view whose runs were counted last."""

        self.is_complete = False
        """Whether every run of the request is shown with its values."""

        self.first_rows_painted = Event()
        self._edited: EditedRuns = {}
        """The edited runs that are not read again yet."""

    def start(self, post: Callable[[Message], object] | None = None) -> None:
        """Load the experiments and all their runs; `post` gets the messages with runs."""
        self._load_runs(self.request.experiment_ids, "all experiments", ALL, post=post)
        self.load_experiments()

    def reload(self) -> None:
        """Load everything in scope again; the cursor stays on its run."""
        self.load_experiments()
        self._runs.table.viewport.await_line()
        scope = self._runs.model.scope
        self._load_runs(self.request.experiment_ids, scope.title, scope.key)

    # Experiments

    def load_experiments(self) -> None:
        """Load the experiments and their run counts."""
        keep = self.request.experiment_ids or ()
        messages = load_experiments(self._library, self.request.view, keep, self._wait_for_first_paint)
        self._loader.load(LoadGroup.EXPERIMENTS, messages)

    def show_experiments(self, message: ExperimentsLoaded) -> None:
        """Show the experiments, and their total in the status line; the former counts until they are counted again."""
        listing = message.experiments
        if listing.counts:
            self._counted_view = message.view
        elif message.view is self._counted_view:
            listing = replace(listing, counts=self._experiments.listing.counts)
        self._experiments.listing = listing
        self._status.clear_problems(LoadGroup.EXPERIMENTS)
        self._status.add_problems(LoadGroup.EXPERIMENTS, message.problems)
        self._runs.set_experiment_names({item.experiment_id: item.name for item in listing.experiments})
        total = format_count(len(listing.experiments), "experiment")
        counts = f"{total}, {format_count(listing.run_count, 'run')}" if listing.counts else total
        self._status.set(replace(self._status.status, counts=counts))
        self._follow_scope()

    def _follow_scope(self) -> None:
        """Load the runs of experiments that joined or left the folder under the cursor; leave a scope that is gone."""
        scope, lines = self._runs.model.scope, self._experiments.lines
        node = next((node for node in lines.rows if node.key == scope.key), None)
        if self._debouncer.is_pending("experiment") or self._experiments.search or scope.key == ALL:
            return
        if node is None:
            lines.go_to(ALL)
        elif set(node.ids) != set(self.request.experiment_ids or ()):
            self._load_node(node)

    def follow_cursor(self, node: ExperimentNode) -> None:
        """Load the runs of the line under the cursor once the cursor rests."""
        if node.key != self._runs.model.scope.key:
            self._debouncer.call_after(CURSOR_PAUSE_S, "experiment", partial(self._load_node, node))

    def _load_node(self, node: ExperimentNode) -> None:
        is_all = node.key == ALL
        title = "all experiments" if is_all else node.experiment.name if node.experiment else node.title
        self._load_runs(None if is_all else node.ids, title, node.key)

    def switch_view(self, view: ViewType) -> None:
        """Load the active, the deleted or all runs of the scope; each view keeps its own cursor."""
        scope, table = self._runs.model.scope, self._runs.table
        self._cursors[scope.key, scope.view] = table.viewport.position
        self._load_runs(self.request.experiment_ids, scope.title, scope.key, view)
        table.restore_cursor(self._cursors.get((scope.key, view)))
        self.load_experiments()

    # Runs

    def _load_runs(
        self,
        experiment_ids: tuple[str, ...] | None,
        title: str,
        key: str,
        view: ViewType | None = None,
        post: Callable[[Message], object] | None = None,
    ) -> None:
        """Show the runs of these experiments from now on."""
        self.request = RunsRequest(experiment_ids, view or self.request.view, self.request.request_id + 1)
        self.is_complete = False
        self._watcher = None
        names = self._runs.model.scope.experiments
        several = experiment_ids is None or len(experiment_ids) > 1
        self._runs.set_scope(Scope(title, key, self.request.view, several, names))
        self._status.clear_problems(LoadGroup.RUNS)
        self._status.set(replace(self._status.status, notice=""))
        self._status.set_progress(LoadGroup.RUNS, Loading("reading"))
        messages = load_runs(
            self._library, self.request, self.visible_runs, wait_for_first_paint=self._wait_for_first_paint
        )
        self._loader.load(LoadGroup.RUNS, messages, post=post)

    def visible_runs(self) -> tuple[str, ...]:
        """Return the visible runs; a background thread may get an older answer."""
        return self._runs.visible_run_ids

    def _wait_for_first_paint(self) -> None:
        self.first_rows_painted.wait(MAX_PAINT_WAIT_S)
        self.first_rows_painted.set()

    def show_infos(self, message: InfosLoaded) -> None:
        """Show a batch of runs without values."""
        if message.request != self.request:
            return
        self._status.add_problems(LoadGroup.RUNS, message.problems)
        self._watcher = message.watcher
        self._runs.add_infos(message.infos, complete=message.watcher is not None)
        if message.watcher is not None and not len(self._runs.model.frame):
            self.first_rows_painted.set()  # there are no rows to wait for
        self._status.set_progress(LoadGroup.RUNS, Loading("runs", len(self._runs.model.frame)))

    def show_values(self, message: ValuesLoaded) -> bool:
        """Show the values of a batch of runs; return whether it was the last batch of the newest request."""
        if message.request != self.request:
            return False
        self._status.add_problems(LoadGroup.RUNS, message.problems)
        self._runs.add_values(message.runs)
        self.is_complete = message.done >= message.total
        progress = None if self.is_complete else Loading("values", message.done, message.total)
        self._status.set_progress(LoadGroup.RUNS, progress)
        return self.is_complete

    def show_last_writes(self, message: LastWritesLoaded) -> None:
        """Update which running runs are stale."""
        if message.request == self.request:
            self._runs.set_last_writes(message.writes)

    def show_failure(self, message: LoadFailed) -> None:
        """Show why the store cannot be read; what was loaded before stays."""
        self.first_rows_painted.set()
        self._status.set_progress(message.group, None)
        self._status.set_failure(message.reason)
        if not len(self._runs.model.frame):
            heading, advice = MISSING_STORE if message.store_missing else ("The store cannot be read.", "")
            self._runs.show_notice(heading, "\n\n".join(filter(None, (message.reason, advice))))

    # Edits

    def load_edited(self, result: EditResult) -> None:
        """Read edited runs again; after an edit of experiments, everything."""
        from qtui.store.changes import ALL_RUNS
        from qtui.tui.load.edits import load_edited_runs

        if not {target.run_id for target in result.targets}.isdisjoint(("", ALL_RUNS)):
            self.reload()
            return
        self._edited = {**self._edited, **dict.fromkeys(result.targets, ""), **result.stages}
        messages = load_edited_runs(self._library, self.request, self._edited)
        self._loader.load(LoadGroup.EDITED_RUNS, messages)

    def show_edited(self, message: EditedRunsLoaded) -> None:
        """Show edited runs, and count the runs of the experiments again if a status or a lifecycle stage changed."""
        if message.run_ids and message.edited is self._edited:
            self._edited = {}
        if message.request != self.request:
            return
        frame = self._runs.model.frame
        rows = [frame.row(run.info.run_id) for run in message.runs]
        before = [None if row is None else frame.infos[row].status for row in rows]
        self._runs.show_edited(message.runs, message.gone)
        if message.gone or before != [run.info.status for run in message.runs]:
            self.load_experiments()

    # Changes

    @property
    def needs_reload(self) -> bool:
        """Whether the runs could not be loaded so far, and no load of them is running."""
        return self._watcher is None and not self._loader.is_loading(LoadGroup.RUNS)

    def load_changes(self) -> None:
        """Load what changed in the store since the runs were loaded."""
        if self._watcher is not None:
            messages = load_changes(self._library, self.request, self._runs.model.frame.infos, self._watcher)
            self._loader.load(LoadGroup.CHANGES, messages)

    def show_changes(self, message: ChangesLoaded) -> None:
        """Show the runs that are new or have changed, and drop those that are gone."""
        if message.changes.gone:
            self._runs.remove_runs(message.changes.gone)
        if message.runs:
            self._runs.add_values(message.runs)
            self.load_experiments()
