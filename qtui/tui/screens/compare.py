"""The comparison on the whole screen: it loads the values of the runs that are not loaded yet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import getters, on
from textual.app import ComposeResult
from textual.message import Message

from qtui.compare.run_comparison import MetricChoice, RunComparison
from qtui.entities import Run, RunInfo
from qtui.formatting import format_count, now_ms
from qtui.query.ast import Aggregate, FieldKind
from qtui.query.projection import ALL_VALUES, Projection
from qtui.recorder import Library
from qtui.recorder.reading.metric_follower import MetricFollower
from qtui.runs.runs_frame import RunsFrame
from qtui.tui.app import QtuiApp
from qtui.tui.commands import CommandHost
from qtui.tui.commands.compare import ReloadComparison
from qtui.tui.commands.everywhere import Back, CloseScreen
from qtui.tui.load.artifact import ArtifactMessage
from qtui.tui.load.artifact_values import ArtifactValues
from qtui.tui.load.background import BackgroundReader, LoadFailed, LoadGroup
from qtui.tui.load.chart_curves import HistoryRead, UpdatesRead
from qtui.tui.load.compared_runs import (
    ComparedRunsLoaded,
    HistoryValuesLoaded,
    load_compared_runs,
    load_history_values,
)
from qtui.tui.load.grid_curves import GridCurvesRead, load_grid_curves
from qtui.tui.messages import FilterRuns, GoToRun, OpenChart, OpenGrid, VisibleChartsChanged
from qtui.tui.present.compare.compare_selection import CompareSelection
from qtui.tui.screens.open_charts import open_charts
from qtui.tui.screens.task_runner import TaskRunner
from qtui.tui.widgets.artifact import ContentWidget
from qtui.tui.widgets.compare import ComparePane
from qtui.tui.widgets.footer import Footer

if TYPE_CHECKING:
    from qtui.tui.screens.curves_loader import CurvesLoader
    from qtui.tui.widgets.chart_grid import ChartGrid


class CompareScreen(CommandHost, BackgroundReader):
    """Shows runs side by side."""

    HEADING = "Everywhere"
    OWN_COMMANDS = (ReloadComparison, Back, CloseScreen)
    app = getters.app(QtuiApp)

    def __init__(
        self,
        library: Library,
        follower: MetricFollower,
        selection: CompareSelection,
        clock: Callable[[], int] = now_ms,
    ) -> None:
        super().__init__()
        self._library = library
        self._follower = follower
        self._selection = selection
        self._clock = clock
        self._frame = selection.frame
        self._choice = MetricChoice()
        self._tasks = TaskRunner(self)
        self._curves_loader: CurvesLoader | None = None

    def compose(self) -> ComposeResult:
        """Compose the pane and the footer."""
        self.pane = ComparePane()
        self.pane.ascii_only = self.app.ascii_only
        self.pane.artifacts = ArtifactValues(self._library)
        self.pane.keys = self.app.keys
        yield self.pane
        yield Footer()

    def on_mount(self) -> None:
        """Show the values that are loaded, and load the others."""
        self._frame = self._frame.with_infos(self._selection.missing)
        self._show_frame(self._frame.take([run.run_id for run in self._selection.runs]))
        self.pane.focus_inside()
        self._load(ALL_VALUES, only_missing=True)

    @property
    def is_busy(self) -> bool:
        """Whether a load is running, or the view is not drawn yet."""
        return self.pane.widget.is_waiting or self.has_running_load

    # Values

    def _show_frame(self, frame: RunsFrame) -> None:
        """Show the values that are loaded now; baseline and order stay."""
        self._frame = frame
        before = self.pane.comparison
        comparison = RunComparison.of_frame(
            frame, self._selection.experiments, self._clock(), self._choice, self._selection.directions
        )
        self.pane.show_comparison(self.pane.sort_runs(replace(comparison, baseline=before.baseline)))

    def _load(self, projection: Projection, *, only_missing: bool = False) -> None:
        runs = self._selection.missing if only_missing else self._selection.runs
        if runs:
            self._show_progress(0, len(runs))
            self.load(LoadGroup.COMPARISON, load_compared_runs(self._library, runs, projection))

    def show_changes(self, runs: Sequence[Run], gone: Collection[str]) -> None:
        """Show the new values of runs that have changed; runs that are gone stay and are named until they are back."""
        compared = {info.run_id for info in self._frame.infos}
        changed = [run for run in runs if run.info.run_id in compared]
        self.pane.gone = (self.pane.gone - {run.info.run_id for run in changed}) | compared.intersection(gone)
        if changed or compared.intersection(gone):
            self._show_frame(self._frame.with_runs(changed))
        if changed and self._choice.needs_points:
            self._load_history_values([run.info for run in changed], part="changes")

    def _show_progress(self, done: int, total: int) -> None:
        reading = f"reading {done:,} of {format_count(total, 'run')}"
        self.pane.progress = reading if done < total else ""
        self.pane.show_state()

    @on(ComparedRunsLoaded)
    def _show_runs(self, message: ComparedRunsLoaded) -> None:
        if message.runs:
            self._show_frame(self._frame.with_runs(message.runs, message.projection))
        self._show_progress(message.done, message.total)

    @on(HistoryValuesLoaded)
    def _show_history_values(self, message: HistoryValuesLoaded) -> None:
        if message.choice != self._choice:
            return
        if message.values:
            self._choice = self._choice.with_values(message.values)
            self._show_frame(self._frame)
        self._show_progress(message.done, message.total)

    @on(ComparePane.ChoiceChanged)
    def _change_choice(self, message: ComparePane.ChoiceChanged) -> None:
        """Compare other values of the metrics, which are loaded first."""
        self._choice = message.choice
        self._show_frame(self._frame)
        if self._choice.needs_points:
            self._load_history_values(self._selection.runs)
        elif self._choice.statistic is not Aggregate.LAST:
            self._load(Projection(summaries=frozenset(self._frame.keys(FieldKind.METRIC))))

    def _load_history_values(self, runs: Sequence[RunInfo], part: str = "") -> None:
        keys = self._frame.keys(FieldKind.METRIC)
        self._show_progress(0, len(runs))
        self.load(LoadGroup.COMPARISON, load_history_values(self._library, runs, keys, self._choice), part=part)

    @on(LoadFailed)
    def _show_failure(self, message: LoadFailed) -> None:
        if self._curves_loader is not None and not self._curves_loader.show_failure(message):
            return
        for grid in self._grids():
            grid.stop_waiting()
        self._show_progress(0, 0)
        self.app.show_notice(message.reason, severity="error")

    # Curves of the view

    def on_chart_pane_missing_curves(self) -> None:
        """Load the missing curves of the chart, which is another one each time the view is chosen."""
        # Imported with the view, as the other widgets of curves.
        from qtui.tui.screens.curves_loader import CurvesLoader
        from qtui.tui.widgets.chart_pane import ChartPane

        pane = self.pane.widget.query_one(ChartPane)
        if self._curves_loader is None or self._curves_loader.pane is not pane:
            pane.live = self.app.options.refresh != 0
            self._curves_loader = CurvesLoader(self, self._follower, pane)
        self._curves_loader.load_missing()

    @on(HistoryRead)
    def _show_history(self, message: HistoryRead) -> None:
        if self._curves_loader is not None:
            self._curves_loader.show_history(message)

    @on(UpdatesRead)
    def _schedule_next_poll(self, message: UpdatesRead) -> None:
        if self._curves_loader is not None:
            self._curves_loader.schedule_next_poll(message)

    @on(VisibleChartsChanged)
    def _load_grid(self, message: VisibleChartsChanged) -> None:
        for grid in self._grids():
            grid.is_live = lambda: self.app.options.refresh != 0
        self.load(LoadGroup.CHARTS, load_grid_curves(self._follower, message.runs, message.metrics))

    @on(GridCurvesRead)
    def _show_grid_curves(self, message: GridCurvesRead) -> None:
        for grid in self._grids():
            grid.show_curves(message.run_id, message.metrics, message.progress)

    def _grids(self) -> Iterator[ChartGrid]:
        """Yield the grid of charts, if the view has one."""
        if self._curves_loader is not None:
            from qtui.tui.widgets.chart_grid import ChartGrid

            yield from self.pane.query(ChartGrid)

    # Tasks of the view

    @on(ContentWidget.TaskRequested)
    def _run_task(self, message: ContentWidget.TaskRequested) -> None:
        self._tasks.run(message.task)

    @on(ArtifactMessage)
    def _handle_task(self, message: ArtifactMessage) -> None:
        self._tasks.handle(message)
        self.pane.show_state()

    # Commands

    @on(OpenChart)
    @on(OpenGrid)
    def _open_charts(self, message: OpenChart | OpenGrid) -> None:
        open_charts(self.app, self._library, self._follower, message)

    @on(GoToRun)
    def _go_to_run(self, message: GoToRun) -> None:
        self._close_with(GoToRun(message.run_id))

    @on(FilterRuns)
    def _filter_runs(self, message: FilterRuns) -> None:
        self._close_with(FilterRuns(message.text))

    def _close_with(self, message: Message) -> None:
        """Close the comparison, and let the screen below handle the message."""
        below = self.app.screen_stack[-2]
        self.dismiss()
        below.post_message(message)

    def action_refresh(self) -> None:
        """Read the values again, and the curves if they are shown."""
        self._load(ALL_VALUES)
        if self._curves_loader is not None and self._curves_loader.pane.is_attached:
            self._curves_loader.reload()
        for grid in self._grids():
            grid.reload()

    def action_back(self) -> None:
        """Close the comparison."""
        self.dismiss()
