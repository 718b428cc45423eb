"""Summing up: the histories that the table needs are read in the background, and again when a run has written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping

from textual import on

from qtui.figures import now_ms
from qtui.query.wanted import Wanted
from qtui.recorder import Library
from qtui.tui import load as reading
from qtui.tui.load import NewsRead, Question, SparklinesRead, SummariesRead
from qtui.tui.load.background import LoadGroup
from qtui.tui.options import Options
from qtui.tui.screens.browser.layout import REST
from qtui.tui.screens.browser.runs_loader import Asking
from qtui.tui.widgets.runs_pane import RunsPane
from qtui.tui.widgets.runs_table import RunsTable
from qtui.tui.widgets.status_line import Loading


class Summing(Asking):
    """Reads of the metrics' histories what the layout and the filter need, and nothing else."""

    def __init__(self, library: Library, options: Options, clock: Callable[[], int] = now_ms) -> None:
        super().__init__(library, options, clock)
        self._complete: Question | None = None
        self._turn = 0
        self._read: dict[str, defaultdict[str, set[str]]] = {}

    @on(Asking.AllRead)
    def _begin_to_sum_up(self, message: Asking.AllRead) -> None:
        self._complete = message.question
        self._read = {LoadGroup.SUMMARIES: defaultdict(set), LoadGroup.SPARKLINES: defaultdict(set)}
        self._sum_up()

    @on(RunsPane.NeedsChanged)
    def _follow_needs(self) -> None:
        self._sum_up()

    @on(RunsTable.VisibleRowsChanged)
    def _follow_sight(self) -> None:
        if self.runs.needs.curves:
            self._after(REST, LoadGroup.SPARKLINES, self._draw_curves)

    @on(NewsRead)
    def _read_again(self, message: NewsRead) -> None:
        """What has written is read again; what is known of it stays on the screen until then."""
        written = {run.info.run_id for run in message.runs}
        if written and message.question == self._question:
            for by_key in self._read.values():
                for known in by_key.values():
                    known -= written
            self._sum_up()

    def _sum_up(self) -> None:
        """Read what is missing; an answer to what was asked before is dropped."""
        if self._complete != self._question:
            return
        self._turn += 1
        keys, known = self._known(LoadGroup.SUMMARIES, self.runs.needs.summaries)
        self.runs.is_settled = not keys
        about = self._library, self._turn, self.runs.frame
        self.read(LoadGroup.SUMMARIES, reading.summaries(*about, keys, known, self._in_sight))
        self._draw_curves()

    def _draw_curves(self) -> None:
        if self._complete == self._question:
            keys, known = self._known(LoadGroup.SPARKLINES, self.runs.needs.curves)
            about = self._library, self._turn, self.runs.frame
            self.read(LoadGroup.SPARKLINES, reading.sparklines(*about, self.runs.seen, keys, known))

    def _known(self, what: str, keys: frozenset[str]) -> tuple[frozenset[str], Mapping[str, frozenset[str]]]:
        """The metrics that are needed, and the runs of which each was read, as they are now."""
        return keys, {key: frozenset(self._read[what][key]) for key in keys}

    @on(SummariesRead)
    def _show_summaries(self, message: SummariesRead) -> None:
        if message.turn != self._turn:
            return
        self._meet("runs", message.problems)
        for key in message.keys:
            self._read[LoadGroup.SUMMARIES][key].update(run.info.run_id for run in message.runs)
        self.runs.is_settled = message.done == message.total
        self.runs.fill(message.runs, Wanted(summaries=message.keys))
        self._show_progress(LoadGroup.SUMMARIES, progress(message))

    @on(SparklinesRead)
    def _show_sparklines(self, message: SparklinesRead) -> None:
        if message.turn != self._turn:
            return
        self._meet("runs", message.problems)
        for key, by_run in message.curves.items():
            self._read[LoadGroup.SPARKLINES][key].update(by_run)
        self.runs.draw_curves(message.curves)
        self._show_progress(LoadGroup.SPARKLINES, progress(message))


def progress(message: SummariesRead | SparklinesRead) -> Loading | None:
    """How far it has come; None at its end."""
    what = LoadGroup.SUMMARIES if isinstance(message, SummariesRead) else LoadGroup.SPARKLINES
    return Loading(what, message.done, message.total) if message.done < message.total else None
