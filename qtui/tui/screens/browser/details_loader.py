"""Load the run under the cursor for the details."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from qtui.entities import PARENT_RUN_TAG, Run, RunInfo
from qtui.query.ast import Field, FieldKind
from qtui.recorder import Library
from qtui.recorder.reading.metric_follower import MetricFollower
from qtui.runs.column_data import CategoricalColumn
from qtui.runs.table_view import TableGroup
from qtui.tui.load.artifact import ArtifactMessage, TaskFailed, TaskFinished
from qtui.tui.load.background import Loader, LoadGroup
from qtui.tui.load.metric_summaries import MetricSummaries
from qtui.tui.load.run_details import ArtifactsLoaded, RunLoaded, load_artifact_tree, load_artifacts, load_run
from qtui.tui.load.run_report import ReportLoaded, load_report
from qtui.tui.polling import Debouncer
from qtui.tui.present.details.group_rows import GroupDetails
from qtui.tui.present.details.run_view import merge_reloaded
from qtui.tui.screens.browser.runs_loader import CURSOR_PAUSE_S

if TYPE_CHECKING:
    from qtui.tui.screens.artifact_loader import ArtifactLoader
    from qtui.tui.screens.task_runner import TaskRunner
    from qtui.tui.widgets.artifact import ContentTask
    from qtui.tui.widgets.details import DetailsPane
    from qtui.tui.widgets.runs_pane import RunsPane

MAX_REPORTS = 16
"""Reports that are kept, the last ones that were shown."""

PARENT = Field(FieldKind.TAG, PARENT_RUN_TAG)


class DetailsLoader:
    """Loader of the run or group under the cursor, and of folders of the run's artifacts."""

    def __init__(
        self,
        library: Library,
        follower: MetricFollower,
        loader: Loader,
        debouncer: Debouncer,
        runs: RunsPane,
        details: DetailsPane,
    ) -> None:
        self._library = library
        self._loader = loader
        self._debouncer = debouncer
        self._runs = runs
        self._details = details
        self._summaries = MetricSummaries(follower)
        self._preview: ArtifactLoader | None = None
        self._reports: dict[str, ReportLoaded] = {}
        self._loading_report: Run | None = None

        self._run_id: str | None = None
        self._group: TableGroup | None = None

    @cached_property
    def _report_tasks(self) -> TaskRunner:
        """The drawing of reports."""
        from qtui.tui.screens.task_runner import TaskRunner

        return TaskRunner(self._loader, LoadGroup.REPORT)

    @property
    def info(self) -> RunInfo | None:
        """The run under the cursor."""
        frame = self._runs.model.frame
        row = frame.row(self._run_id) if self._run_id else None
        return None if row is None else frame.infos[row]

    def follow_cursor(self, run_id: str | None, group: TableGroup | None) -> None:
        """Load the run or the group under the cursor once the cursor rests."""
        self._run_id, self._group = run_id, group
        self._debouncer.call_after(CURSOR_PAUSE_S, "details", self.load)

    def load(self) -> None:
        """Load the run under the cursor, or show the group."""
        info = self.info
        if info is None:
            self._details.view = None
            self._details.group = None if self._group is None else GroupDetails(self._runs.table.view, self._group)
        else:
            messages = load_run(self._library, self._summaries, info, self._children(info.run_id))
            self._loader.load(LoadGroup.DETAILS, messages)

    def load_changes(self, run_ids: Collection[str]) -> None:
        """Load the run under the cursor again if it is among these."""
        if self._run_id in run_ids:
            self.load()

    def _children(self, run_id: str) -> tuple[RunInfo, ...]:
        """Return the child runs of a run that are in the table."""
        frame = self._runs.model.frame
        parents = frame.column(PARENT)
        rows = parents.rows_of(run_id) if isinstance(parents, CategoricalColumn) else ()
        return tuple(frame.infos[row] for row in rows)

    def show_run(self, message: RunLoaded) -> None:
        """Show a run, unless the cursor is on another one by now."""
        if message.view.run.info.run_id != self._run_id:
            return
        before = self._details.view
        is_reload = before is not None and before.run.info.run_id == self._run_id
        self._details.group = None
        self._details.view = merge_reloaded(before, message.view) if before and is_reload else message.view

    def load_artifacts(self, path: str, *, recursive: bool = False) -> None:
        """List a folder of the run's artifacts, with `recursive` also the folders in it."""
        if self.info is not None:
            load = load_artifact_tree if recursive else load_artifacts
            part = f"{path}/*" if recursive else path
            self._loader.load(LoadGroup.ARTIFACT_LISTING, load(self._library, self.info, path), part=part)

    def show_artifacts(self, message: ArtifactsLoaded) -> None:
        """Show a folder of artifacts, unless another run is shown by now."""
        view = self._details.view
        if view is not None and view.run.info.run_id == message.run_id:
            levels = {**(view.levels or {}), message.path: message.artifacts}
            self._details.view = replace(view, levels=levels, failure=message.failure or view.failure)

    # The report

    def load_report(self, run: Run) -> None:
        """Show the report of a run, which is loaded unless it was before and the run has not changed since."""
        cached = self._reports.get(run.info.run_id)
        is_loading = self._loader.is_loading(LoadGroup.REPORT)
        if cached is not None and _has_same_results(cached.run, run):
            self.show_report(cached)
        elif not (is_loading and self._loading_report and _has_same_results(self._loading_report, run)):
            self._loading_report = run
            self._loader.load(LoadGroup.REPORT, load_report(self._library, run))

    def show_report(self, message: ReportLoaded) -> None:
        """Keep a report, and show it unless another run is shown by now."""
        run_id = message.run.info.run_id
        self._reports.pop(run_id, None)
        self._reports[run_id] = message
        if len(self._reports) > MAX_REPORTS:
            del self._reports[next(iter(self._reports))]
        if self._details.view is not None and self._details.view.run.info.run_id == run_id:
            self._details.show_report(run_id, message.report)

    # The preview of an artifact

    def load_preview(self, run: RunInfo | None, path: str) -> None:
        """Show the start of a file once the cursor rests; without a run, show none."""
        body = self._details.preview.body
        if body is None:
            return
        if self._preview is None:
            from qtui.tui.screens.artifact_loader import ArtifactLoader

            self._preview = ArtifactLoader(self._library, self._loader, body, lambda: None)
        preview = self._preview
        preview.close()
        body.clear()
        body.show_message("Opening …")
        self._debouncer.call_after(CURSOR_PAUSE_S, "preview", lambda: preview.open(run, path) if run else None)

    def handle_artifact(self, message: ArtifactMessage) -> None:
        """Show an answer of the preview or of the report."""
        if isinstance(message, TaskFinished | TaskFailed) and message.task.owner is self._details.report:
            self._report_tasks.handle(message)
        elif self._preview is not None:
            self._preview.handle(message)

    def run_task(self, task: ContentTask[Any]) -> None:
        """Run a task of the preview, or draw the report."""
        if task.owner is self._details.report:
            self._report_tasks.run(task)
        elif self._preview is not None:
            self._preview.tasks.run(task)


def _has_same_results(run: Run, other: Run) -> bool:
    """Return whether two values of a run have the same report: the same state and the same metrics."""
    return (run.info, run.metrics) == (other.info, other.metrics)
