"""Load the metric histories that the runs table needs, and again those of runs that have changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from qtui.query.projection import Projection
from qtui.recorder import Library
from qtui.tui.load.background import Loader, LoadGroup
from qtui.tui.load.table_histories import SparklinesLoaded, SummariesLoaded, load_sparklines, load_summaries
from qtui.tui.polling import Debouncer
from qtui.tui.screens.browser.runs_loader import CURSOR_PAUSE_S, RunsLoader
from qtui.tui.screens.browser.status_model import StatusModel
from qtui.tui.widgets.status_line import Loading

if TYPE_CHECKING:
    from qtui.tui.widgets.runs_pane import RunsPane


class HistoriesLoader:
    """Loader of summaries for every run and sparklines for the visible runs, of the metrics that need them."""

    def __init__(
        self,
        library: Library,
        loader: Loader,
        debouncer: Debouncer,
        status: StatusModel,
        runs_loader: RunsLoader,
        runs: RunsPane,
    ) -> None:
        self._library = library
        self._loader = loader
        self._debouncer = debouncer
        self._status = status
        self._runs_loader = runs_loader
        self._runs = runs
        self._request_id = 0
        self._summaries_loaded = defaultdict[str, set[str]](set)
        self._sparklines_loaded = defaultdict[str, set[str]](set)

    def restart(self) -> None:
        """Load everything again, for the runs of a new request."""
        self._summaries_loaded.clear()
        self._sparklines_loaded.clear()
        self.load()

    def load(self) -> None:
        """Load what is needed and not loaded yet; answers to an older request are dropped."""
        if not self._runs_loader.is_complete:
            return
        self._request_id += 1
        keys = self._runs.needs.summaries
        self._runs.histories_loaded = not keys
        messages = load_summaries(
            self._library,
            self._request_id,
            self._runs.model.frame,
            keys,
            _snapshot(self._summaries_loaded, keys),
            self._runs_loader.visible_runs,
        )
        self._loader.load(LoadGroup.SUMMARIES, messages)
        self._load_sparklines()

    def follow_visible_rows(self) -> None:
        """Load the sparklines of the visible runs once the table rests."""
        if self._runs.needs.curves:
            self._debouncer.call_after(CURSOR_PAUSE_S, "sparklines", self._load_sparklines)

    def load_changes(self, run_ids: Collection[str]) -> None:
        """Load the histories of runs that have changed again; the old ones stay on the screen until then."""
        if not run_ids:
            return
        for loaded in (*self._summaries_loaded.values(), *self._sparklines_loaded.values()):
            loaded.difference_update(run_ids)
        self.load()

    def _load_sparklines(self) -> None:
        if not self._runs_loader.is_complete:
            return
        keys = self._runs.needs.curves
        messages = load_sparklines(
            self._library,
            self._request_id,
            self._runs.model.frame,
            self._runs_loader.visible_runs(),
            keys,
            _snapshot(self._sparklines_loaded, keys),
        )
        self._loader.load(LoadGroup.SPARKLINES, messages)

    def show_summaries(self, message: SummariesLoaded) -> None:
        """Show the summaries of a batch of runs; their problems are kept until the runs are loaded again."""
        if message.request_id != self._request_id:
            return
        self._status.add_problems(LoadGroup.RUNS, message.problems)
        for key in message.keys:
            self._summaries_loaded[key].update(run.info.run_id for run in message.runs)
        self._runs.histories_loaded = message.done == message.total
        self._runs.add_values(message.runs, Projection(summaries=message.keys))
        self._show_progress(LoadGroup.SUMMARIES, message.done, message.total)

    def show_sparklines(self, message: SparklinesLoaded) -> None:
        """Show the sparklines of some runs; their problems are kept until the runs are loaded again."""
        if message.request_id != self._request_id:
            return
        self._status.add_problems(LoadGroup.RUNS, message.problems)
        for key, by_run in message.curves.items():
            self._sparklines_loaded[key].update(by_run)
        self._runs.add_curves(message.curves)
        self._show_progress(LoadGroup.SPARKLINES, message.done, message.total)

    def _show_progress(self, group: LoadGroup, done: int, total: int) -> None:
        self._status.set_progress(group, Loading(group, done, total) if done < total else None)


def _snapshot(loaded: Mapping[str, set[str]], keys: frozenset[str]) -> Mapping[str, frozenset[str]]:
    """Return the loaded runs by metric as they are now, for a background thread."""
    return {key: frozenset(loaded.get(key, ())) for key in keys}
