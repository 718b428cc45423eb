"""The browser: experiments, their runs, the details of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import getters, on
from textual.app import ComposeResult
from textual.reactive import var

from qtui.entities import Problem
from qtui.formatting import format_count, now_ms
from qtui.recorder import Library
from qtui.store.addresses import COMBINED
from qtui.tui import keymap
from qtui.tui.app import QtuiApp
from qtui.tui.commands import CommandHost
from qtui.tui.commands.edits import RedoEdit, ShowJournal, UndoEdit
from qtui.tui.commands.everywhere import Back, Quit, Refresh, ShowProblems, ToggleLive
from qtui.tui.commands.runs import SwitchView
from qtui.tui.load.artifact import ArtifactMessage
from qtui.tui.load.background import BackgroundReader, FirstMessage, LoadCancelled, LoadFailed, LoadGroup
from qtui.tui.load.grid_curves import GridCurvesRead, load_grid_curves
from qtui.tui.load.run_details import ArtifactsLoaded, RunLoaded
from qtui.tui.load.run_list import (
    ChangesLoaded,
    ExperimentsLoaded,
    InfosLoaded,
    LastWritesLoaded,
    PermissionLoaded,
    ValuesLoaded,
    index_words,
)
from qtui.tui.load.run_report import ReportLoaded
from qtui.tui.load.table_histories import SparklinesLoaded, SummariesLoaded
from qtui.tui.messages import (
    CopyLocation,
    DownloadArtifacts,
    EditRequested,
    FilterRuns,
    FinishRequested,
    GoToRun,
    OpenArtifact,
    OpenChart,
    OpenComparison,
    OpenGrid,
    OpenResume,
    PinsChanged,
    PurgeRequested,
    TagsRequested,
    VisibleChartsChanged,
)
from qtui.tui.options import Options
from qtui.tui.polling import Debouncer, Poller
from qtui.tui.present.runs.vocabulary import tag_vocabulary
from qtui.tui.screens.browser.details_loader import DetailsLoader
from qtui.tui.screens.browser.edit_runner import EditRunner
from qtui.tui.screens.browser.histories_loader import HistoriesLoader
from qtui.tui.screens.browser.runs_loader import RunsLoader
from qtui.tui.screens.browser.status_model import StatusModel
from qtui.tui.widgets.details import DetailsPane, PreviewChanged
from qtui.tui.widgets.experiments import ExperimentsPane
from qtui.tui.widgets.footer import Footer
from qtui.tui.widgets.panes import DETAILS, MAIN, Panes
from qtui.tui.widgets.runs_pane import RunsPane
from qtui.tui.widgets.runs_table import RunsTable
from qtui.tui.widgets.status_line import StatusLine, StoreStatus

if TYPE_CHECKING:
    from qtui.tui.load.edits import EditedRunsLoaded, EditMessage
    from qtui.tui.screens.compare import CompareScreen
    from qtui.tui.widgets.artifact import ContentWidget
    from qtui.tui.widgets.chart_grid import ChartGrid

ACTIVE_POLL_S, IDLE_POLL_S = 3.0, 12.0
"""Seconds between two polls of the store: while a run is running or has just changed, and otherwise."""

FIRST_ROWS_WAIT_S = 0.2
"""Seconds for which the first paint waits at most for the first rows: to paint the screen without them takes longer."""


REQUESTED_LOADS = (LoadGroup.EDITED_TAGS, LoadGroup.JOURNAL, LoadGroup.PURGE_PLAN)
"""The loads for a dialog that the user waits for."""


class BrowserScreen(CommandHost, BackgroundReader):
    """The main screen, which connects the panes with their loaders."""

    HEADING = "Everywhere"
    OWN_COMMANDS = (Refresh, ToggleLive, ShowProblems, UndoEdit, RedoEdit, ShowJournal, SwitchView, Back, Quit)
    AUTO_FOCUS = "RunsTable"
    app = getters.app(QtuiApp)

    status: var[StoreStatus] = var(StoreStatus(), init=False)
    """The content of the status line."""

    def __init__(self, library: Library, options: Options, clock: Callable[[], int] = now_ms) -> None:
        super().__init__()
        self._library = library
        self._options = options
        self._clock = clock
        self._follower = library.follow()
        self.read_only_reason = ""
        """Why the store cannot be edited; empty if it can."""
        self._key_count = 0
        self._refreshes_details = False
        """Whether the details are loaded again after the runs."""
        self._quit_asked_at: int | None = None
        """The count of keys when the user was asked to press the key again."""

        self._status_model = StatusModel(self._show_status)
        self._debouncer = Debouncer(self.set_timer)
        self._poller = Poller(
            self.set_timer,
            self.poll,
            active_s=options.refresh or ACTIVE_POLL_S,
            idle_s=options.refresh or IDLE_POLL_S,
        )

    def compose(self) -> ComposeResult:
        """Compose the status line, the panes with their loaders, and the footer."""
        yield StatusLine(lambda: self._clock() / 1000).data_bind(BrowserScreen.status)
        store_state = self.app.state.store(self._library.uri)
        self.runs = RunsPane(self._clock, self._options.stale_after)
        self.runs.model.column_names = self._options.columns
        self.runs.store_state = store_state
        self.experiments = ExperimentsPane()
        self.details = DetailsPane(self._clock, self._options.stale_after)
        self.runs.keys = self.details.keys = self.app.keys
        self.details.store_state = store_state
        self.details.charts.marked_runs = lambda: self.runs.selection().marked_grid()
        self.details.tag_vocabulary = lambda: tag_vocabulary(self.runs.model.frame)
        self.details.charts.is_live = lambda: bool(self.status.live)
        for part in (self.details, self.details.charts, self.details.preview):
            part.ascii_only = self.app.ascii_only
        self.details.preview.images = self.app.images
        self._add_loaders()
        yield Panes(self.experiments, self.runs, self.details)
        yield Footer()

    def _add_loaders(self) -> None:
        library, debouncer, status = self._library, self._debouncer, self._status_model
        self._runs_loader = RunsLoader(
            library, self, debouncer, status, self.experiments, self.runs, self._options.view
        )
        self._details_loader = DetailsLoader(library, self._follower, self, debouncer, self.runs, self.details)
        self._histories_loader = HistoriesLoader(library, self, debouncer, status, self._runs_loader, self.runs)
        self.edit_runner = EditRunner(library, self.app, self, status, self._runs_loader.load_edited, self._clock)

    async def on_mount(self) -> None:
        """Start loading; give the first rows the time to be part of the first paint."""
        status = self._status_model.status
        self._status_model.set(
            replace(status, uri=self._library.uri.removeprefix(COMBINED), live=self._options.refresh != 0)
        )
        first = FirstMessage(self.post_message)
        self._runs_loader.start(first.post)
        message = await first.wait(FIRST_ROWS_WAIT_S)
        if isinstance(message, InfosLoaded):
            self._show_infos(message)
        elif message is not None:
            self.post_message(message)

    def _show_status(self, status: StoreStatus) -> None:
        self.status = status

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems met so far in the loaded experiments and runs."""
        return self._status_model.problems

    @property
    def is_busy(self) -> bool:
        """Whether a request is not answered on the screen yet."""
        charts_wait = self.details.charts.grid is not None and self.details.charts.grid.is_waiting
        details_wait = self.details.is_waiting or self.details.is_drawing or charts_wait
        return self._debouncer.has_pending or self.runs.is_waiting or details_wait or self.has_running_load

    # Experiments and runs

    @on(ExperimentsPane.NodeHighlighted)
    def _follow_experiment(self, message: ExperimentsPane.NodeHighlighted) -> None:
        self._runs_loader.follow_cursor(message.node)

    @on(ExperimentsPane.NodeOpened)
    def _enter_runs(self) -> None:
        self.query_one(Panes).go_to(MAIN)

    @on(RunsPane.FilterOpened)
    def _index_words(self, message: RunsPane.FilterOpened) -> None:
        self.load(LoadGroup.WORD_INDEX, index_words(message.frame))

    @on(RunsPane.ViewRequested)
    def _switch_view(self, message: RunsPane.ViewRequested) -> None:
        self._runs_loader.switch_view(message.view)

    @on(ExperimentsLoaded)
    def _show_experiments(self, message: ExperimentsLoaded) -> None:
        self._runs_loader.show_experiments(message)

    @on(PermissionLoaded)
    def _show_permission(self, message: PermissionLoaded) -> None:
        for host in (self, self.runs, self.experiments, self.details):
            host.read_only_reason = message.read_only_reason
        status = self._status_model.status
        self._status_model.set(replace(status, is_read_only=bool(message.read_only_reason)))
        self.refresh_bindings()

    @on(InfosLoaded)
    def _show_infos(self, message: InfosLoaded) -> None:
        self._runs_loader.show_infos(message)

    @on(ValuesLoaded)
    def _show_values(self, message: ValuesLoaded) -> None:
        if self._runs_loader.show_values(message):
            if self._refreshes_details:
                self._refreshes_details = False
                self._details_loader.load()
            self._schedule_poll(changed=True)
            self._histories_loader.restart()

    @on(LastWritesLoaded)
    def _show_last_writes(self, message: LastWritesLoaded) -> None:
        self._runs_loader.show_last_writes(message)

    # Edits. The messages of the loads are handled by name: their module is imported for the first edit.

    @on(EditRequested)
    @on(FinishRequested)
    @on(PurgeRequested)
    @on(TagsRequested)
    def _request_edit(self, message: EditRequested | FinishRequested | PurgeRequested | TagsRequested) -> None:
        self.edit_runner.request(message)

    def on_edit_message(self, message: EditMessage) -> None:
        """Show the progress or the end of an edit, or use what was read for one."""
        self.edit_runner.handle(message)

    def on_edited_runs_loaded(self, message: EditedRunsLoaded) -> None:
        """Show the edited runs."""
        self._runs_loader.show_edited(message)
        self._details_loader.load_changes(message.run_ids)

    # Histories in the table

    @on(RunsPane.NeedsChanged)
    def _load_histories(self) -> None:
        self._histories_loader.load()

    @on(RunsTable.VisibleRowsChanged)
    def _follow_visible_rows(self) -> None:
        self.call_after_refresh(self._runs_loader.first_rows_painted.set)
        self._histories_loader.follow_visible_rows()

    @on(SummariesLoaded)
    def _show_summaries(self, message: SummariesLoaded) -> None:
        self._histories_loader.show_summaries(message)

    @on(SparklinesLoaded)
    def _show_sparklines(self, message: SparklinesLoaded) -> None:
        self._histories_loader.show_sparklines(message)

    # Details

    @on(RunsTable.RunHighlighted)
    def _follow_run(self, message: RunsTable.RunHighlighted) -> None:
        self._details_loader.follow_cursor(message.run_id, message.group)

    @on(RunsTable.RunOpened)
    def _enter_details(self) -> None:
        self.query_one(Panes).go_to(DETAILS)

    @on(RunLoaded)
    def _show_run(self, message: RunLoaded) -> None:
        self._details_loader.show_run(message)

    @on(DetailsPane.LoadArtifacts)
    def _load_artifacts(self, message: DetailsPane.LoadArtifacts) -> None:
        self._details_loader.load_artifacts(message.path, recursive=message.recursive)

    @on(ArtifactsLoaded)
    def _show_artifacts(self, message: ArtifactsLoaded) -> None:
        self._details_loader.show_artifacts(message)

    @on(FilterRuns)
    def _filter_runs(self, message: FilterRuns) -> None:
        self.runs.bar.show(message.text)

    @on(GoToRun)
    def _go_to_run(self, message: GoToRun) -> None:
        if not self.runs.go_to(message.run_id):
            self.notify("This run is not in the table.", severity="warning", markup=False)

    @on(OpenArtifact)
    def _open_artifact(self, message: OpenArtifact) -> None:
        from qtui.tui.screens.artifact import ArtifactScreen

        self.app.push_screen(ArtifactScreen(self._library, message.run, message.path, message.files))

    @on(DetailsPane.LoadReport)
    def _load_report(self, message: DetailsPane.LoadReport) -> None:
        self._details_loader.load_report(message.run)

    @on(ReportLoaded)
    def _show_report(self, message: ReportLoaded) -> None:
        self._details_loader.show_report(message)

    @on(PreviewChanged)
    def _load_preview(self, message: PreviewChanged) -> None:
        self._details_loader.load_preview(message.run, message.path)

    @on(ArtifactMessage)
    def _handle_artifact(self, message: ArtifactMessage) -> None:
        self._details_loader.handle_artifact(message)

    def on_content_widget_task_requested(self, message: ContentWidget.TaskRequested) -> None:
        """Run a task of the details."""
        self._details_loader.run_task(message.task)

    @on(DownloadArtifacts)
    def _download_artifacts(self, message: DownloadArtifacts) -> None:
        from qtui.tui.screens.downloader import Downloader

        Downloader(self._library, self.app).ask(message)

    @on(OpenResume)
    def _open_resume(self, message: OpenResume) -> None:
        from qtui.tui.screens.run_resumer import RunResumer

        RunResumer(self._library, self.app, self.action_refresh).ask(message.run)

    @on(CopyLocation)
    def _copy_location(self, message: CopyLocation) -> None:
        from qtui.tui.screens.downloader import Downloader

        Downloader(self._library, self.app).copy_location(message)

    # Charts

    @on(VisibleChartsChanged)
    def _load_curves(self, message: VisibleChartsChanged) -> None:
        self.load(LoadGroup.CHARTS, load_grid_curves(self._follower, message.runs, message.metrics))

    @on(GridCurvesRead)
    def _show_curves(self, message: GridCurvesRead) -> None:
        if self.details.charts.grid:
            self.details.charts.grid.show_curves(message.run_id, message.metrics, message.progress)

    @on(LoadCancelled)
    def _reload_charts(self, message: LoadCancelled) -> None:
        """Load the charts again, unless a newer load of them is running."""
        if message.group == LoadGroup.CHARTS and self.details.charts.grid and not self.is_loading(LoadGroup.CHARTS):
            self.details.charts.grid.reload()

    @on(RunsTable.MarksChanged)
    def _chart_marked_runs(self) -> None:
        self.details.follow_marks()

    def on_screen_resume(self) -> None:
        """Load what was logged while another screen was in front."""
        if self.details.charts.grid:
            self.details.charts.grid.schedule_poll()

    @on(PinsChanged)
    def _save_pins(self, message: PinsChanged) -> None:
        info = self._details_loader.info
        if info is not None and self.runs.store_state is not None:
            self.runs.store_state.save_pins(info.experiment_id, message.pins)

    @on(OpenChart)
    @on(OpenGrid)
    def _open_charts(self, message: OpenChart | OpenGrid) -> None:
        from qtui.tui.screens.open_charts import open_charts

        open_charts(self.app, self._library, self._follower, message)

    @on(OpenComparison)
    def _open_comparison(self, message: OpenComparison) -> None:
        from qtui.tui.screens.compare import CompareScreen

        self.app.push_screen(CompareScreen(self._library, self._follower, message.selection, self._clock))

    def _open_comparison_screen(self) -> CompareScreen | None:
        """Return the comparison that is open."""
        if len(self.app.screen_stack) == 1:
            return None
        from qtui.tui.screens.compare import CompareScreen

        return next((screen for screen in self.app.screen_stack if isinstance(screen, CompareScreen)), None)

    def _open_grids(self) -> Iterator[ChartGrid]:
        """Yield every grid of charts that is open."""
        if self.details.charts.grid:
            yield self.details.charts.grid
        if len(self.app.screen_stack) > 1:
            from qtui.tui.screens.grid import GridScreen

            yield from (screen.grid for screen in self.app.screen_stack if isinstance(screen, GridScreen))

    # Changes in the store

    def poll(self) -> None:
        """Load what changed in the store while the screen is live, or everything where nothing could be loaded."""
        if self.status.live and self._runs_loader.needs_reload:
            self.action_refresh()
        elif self.status.live:
            self._runs_loader.load_changes()

    def _schedule_poll(self, *, changed: bool) -> None:
        self._status_model.set_read(self._clock(), keymap.fill_keys("{show-problems}", self.app.keys))
        self.refresh_bindings()
        self._poller.report(changed=changed)
        self._poller.schedule()

    @on(ChangesLoaded)
    def _show_changes(self, message: ChangesLoaded) -> None:
        run_ids = message.run_ids
        if message.request == self._runs_loader.request:
            self._runs_loader.show_changes(message)
            self._schedule_poll(changed=bool(message.changes) or self.runs.model.has_running_runs)
            self._histories_loader.load_changes(run_ids)
        if (comparison := self._open_comparison_screen()) is not None:
            comparison.show_changes(message.runs, message.changes.gone)
        for grid in self._open_grids():
            if not grid.model.spec.run_ids.isdisjoint(run_ids):
                grid.load_new_points()
        self._details_loader.load_changes(run_ids)

    @on(LoadFailed)
    def _show_failure(self, message: LoadFailed) -> None:
        """Show the failure, and try again later."""
        self._runs_loader.show_failure(message)
        if message.group in REQUESTED_LOADS:
            self.app.show_notice(message.reason, severity="error")
        self._poller.report_failure()
        self._poller.schedule()
        if message.group == LoadGroup.CHARTS and self.details.charts.grid:
            self.details.charts.grid.stop_waiting()
            self.set_timer(ACTIVE_POLL_S, self.details.charts.grid.load_new_points)

    @on(StatusLine.Clicked)
    def _follow_click(self) -> None:
        if self.problems:
            self.action_show_problems()

    # Commands

    def action_toggle_live(self) -> None:
        self._status_model.set(replace(self.status, live=not self.status.live))
        self.poll()

    def action_refresh(self) -> None:
        """Load the store again, the details, and the visible charts, even if an earlier load of them is running."""
        self._refreshes_details = True
        self._runs_loader.reload()
        if self.details.charts.grid:
            self.details.charts.grid.reload()

    def action_switch_view(self) -> None:
        """Switch between active, deleted and all runs, wherever the focus is."""
        self.runs.action_switch_view()

    def action_show_problems(self) -> None:
        from qtui.tui.screens.problems import ProblemsScreen

        self.app.push_screen(ProblemsScreen(self.problems))

    def action_back(self) -> None:
        """Cancel the running edit, or go back: to all panes, the runs, the runs without a filter, and without marks."""
        panes = self.query_one(Panes)
        if self.edit_runner.is_running:
            self.edit_runner.cancel()
        elif panes.zoomed:
            panes.zoomed = False
        elif panes.front != MAIN:
            panes.go_to(MAIN)
        elif self.runs.bar.text:
            self.runs.bar.show("")
        elif marks := self.runs.table.marks:
            self.runs.table.unmark(marks)
            self.app.show_notice(f"{format_count(len(marks), 'run')} unmarked.")

    def on_key(self) -> None:
        """Count the keys that no field took: any key between two quits cancels the first one."""
        self._key_count += 1
        if self._quit_asked_at == self._key_count - 1:
            self.app.clear_notifications()

    def action_quit(self) -> None:
        """Quit; with marked runs, or while an edit is running, only at the second key press in a row."""
        marks, is_editing = len(self.runs.table.marks), self.edit_runner.is_running
        if not (marks or is_editing) or self._quit_asked_at == self._key_count - 1:
            self.app.exit()
            return
        self._quit_asked_at = self._key_count
        advice = keymap.fill_keys("press {quit} again to quit", self.app.keys)
        reason = "An edit is running" if is_editing else f"{format_count(marks, 'run')} marked"
        self.app.show_notice(f"{reason}: {advice}.", severity="warning")
