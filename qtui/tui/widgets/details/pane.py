"""The details pane: a run in tabs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Static

from qtui.entities import NOTE_TAG, Artifact, Run
from qtui.plot.pieces import Piece
from qtui.runs.display_names import run_name
from qtui.text import display, truncate
from qtui.tui.commands.details import (
    CopyDetail,
    CopyRunId,
    NextTab,
    OpenValue,
    PreviousTab,
    ResumeShownRun,
    SortDetails,
)
from qtui.tui.commands.downloads import CopyArtifactLocation, CopyScpLine, DownloadArtifact
from qtui.tui.commands.edits import DeleteOrRestore, EditName, EditNote, EditTags, ToggleStar
from qtui.tui.commands.everywhere import Back, FilterPane
from qtui.tui.messages import CopyLocation, CopyText, DownloadArtifacts, OpenResume
from qtui.tui.present.details.detail_rows import DetailRow, filter_and_sort
from qtui.tui.present.details.detail_table import DetailTable, fit_sections
from qtui.tui.present.details.details_tabs import DETAILS_TABS, DetailsTab, TabBody, TabTarget
from qtui.tui.present.details.group_rows import GroupDetails
from qtui.tui.present.details.run_view import RunView
from qtui.tui.present.details.tab_contents import TabContents, next_sort_column, shown_tabs
from qtui.tui.state import StoreState
from qtui.tui.widgets.details.preview import ArtifactPreview
from qtui.tui.widgets.details.run_charts import RunCharts
from qtui.tui.widgets.edit_actions import EditActions
from qtui.tui.widgets.note import Note
from qtui.tui.widgets.row_list import FocusableList, RowList
from qtui.tui.widgets.searchable_pane import SearchablePane
from qtui.tui.widgets.tabs import TabLine
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from qtui.artifacts.content import DrawingContent
    from qtui.tui.present.edit_selection import EditSelection
    from qtui.tui.widgets.artifact.drawing_widget import DrawingWidget

MIN_STACKED_LINES = 42
"""The height of the pane from which tabs show their stacked rows."""

MIN_PREVIEW_LINES = 18
"""The height of the pane from which the artifact under the cursor is previewed."""

TICK_S = 1.0
"""Seconds after which ages and durations are computed again."""


class DetailsPane(SearchablePane):
    """The pane that shows a run or a group of runs in tabs."""

    HEADING = "Details"
    SEARCH_PLACEHOLDER = "a part of a name or a value"
    SEARCH_BEFORE = "#heading"
    OWN_COMMANDS = (
        NextTab,
        PreviousTab,
        OpenValue,
        CopyDetail,
        DownloadArtifact,
        CopyArtifactLocation,
        CopyScpLine,
        FilterPane,
        SortDetails,
        EditTags,
        EditNote,
        ToggleStar,
        EditName,
        DeleteOrRestore,
        ResumeShownRun,
        CopyRunId,
        Back,
    )
    DEFAULT_CSS = """
    DetailsPane {
        & > #heading { height: 1; color: $text-muted; display: none; }
        & > #heading.-shown { display: block; }
        & > #nothing { height: 1fr; padding: 1 2; color: $text-muted; display: none; }
        &.-empty > #nothing { display: block; }
        &.-empty > RowList { display: none; }
        & > ChartGrid { display: none; margin-top: 1; }
        &.-charts > ChartGrid { display: block; }
        &.-charts > RowList { display: none; }
        & > DrawingWidget { display: none; margin-top: 1; padding: 0 1; }
        &.-report > DrawingWidget { display: block; }
        &.-report > RowList { display: none; }
        &.-empty > ChartGrid, &.-empty > DrawingWidget { display: none; }
        & > ArtifactBody { height: 60%; border-top: solid $line; border-title-color: $text-muted; display: none; }
        &.-preview > ArtifactBody { display: block; }
    }
    """

    view: var[RunView | None] = var(None, init=False)
    """The run, set by the screen."""

    group: var[GroupDetails | None] = var(None, init=False)
    """The group of runs that is shown without a run, set by the screen."""

    tab: var[int] = var(0, init=False)
    """The index of the tab in front."""

    @dataclass
    class LoadArtifacts(Message):
        """Load a folder of artifacts, with `recursive` also the folders in it; the root is the empty path."""

        path: str
        recursive: bool = False

    @dataclass
    class LoadReport(Message):
        """Load the report of the run, unless it is loaded."""

        run: Run

    def __init__(
        self, clock: Callable[[], int], stale_after: timedelta, tabs: Sequence[DetailsTab] = DETAILS_TABS
    ) -> None:
        """`stale_after` is how long a running run may log nothing before it counts as stale."""
        super().__init__()
        self.add_class("-empty")  # before the first layout: a class set later costs another layout
        self._clock = clock
        self._stale_after = stale_after
        self._tabs = tuple(tabs)
        self._sort_columns: dict[str, int | None] = {}
        """The index of the column that sorts each tab."""
        self._searched_run: str | None = None
        """The run whose artifacts were all requested for a search."""
        self._tables: Mapping[str, DetailTable] = {}
        """The columns of each section of the rows."""
        self.report: DrawingWidget | None = None
        """The report of the run, once its tab was opened."""
        self._reported_run: str | None = None
        """The run of the report that is shown."""
        self.charts = RunCharts(self)
        self.preview = ArtifactPreview(self)
        self.ascii_only = False
        self.read_only_reason = ""
        """Why the store cannot be edited; empty if it can."""
        self.tag_vocabulary: Callable[[], Mapping[str, Sequence[str]]] = dict
        """Returns the tags of the store with some of their values, for completion."""
        self.edits = EditActions(self, self._edit_selection)
        self.store_state: StoreState | None = None
        """The remembered state of the store."""

    def compose(self) -> ComposeResult:
        """Compose the tabs, the column titles, the rows, and the note."""
        yield TabLine(tuple(tab.name for tab in self._tabs))
        yield Static(id="heading")
        yield FocusableList[DetailRow](
            self._render_row, lambda row: (row.key, row.value), is_heading=lambda row: not self._contents.can_open(row)
        )
        yield Static(id="nothing")
        yield Note()

    def _render_row(self, row: DetailRow, cells: int) -> Sequence[Piece]:
        return self._tables[row.section].render_row(row)

    @property
    def current_tab(self) -> DetailsTab:
        """The tab in front."""
        return self._tabs[self.tab]

    @property
    def _contents(self) -> TabContents:
        """The contents of the tab in front."""
        return TabContents(self.current_tab, self.view, self.group)

    @property
    def _shows_charts(self) -> bool:
        return self.current_tab.body is TabBody.CHARTS

    @property
    def _shows_report(self) -> bool:
        return self.current_tab.body is TabBody.REPORT

    @property
    def lines(self) -> FocusableList[DetailRow]:
        """The rows."""
        lines: FocusableList[DetailRow] = self.query_one(FocusableList)
        return lines

    @property
    def front(self) -> Widget:
        """The charts, the report or the rows."""
        if self.report and self._shows_report:
            return self.report
        return self.charts.grid if self.charts.grid and self._shows_charts else self.lines

    @property
    def has_run(self) -> bool:
        """Whether a run is shown."""
        return self.view is not None

    @property
    def edit_count(self) -> int:
        """The number of runs that an edit changes: 1 if a run is shown."""
        return int(self.has_run)

    @property
    def edits_deleted(self) -> bool:
        """Whether the run is deleted."""
        return self.view is not None and self.view.run.info.lifecycle_stage != "active"

    def _edit_selection(self) -> EditSelection:
        """Return the run that is shown."""
        from qtui.tui.present.edit_selection import EditSelection

        if self.view is None:
            return EditSelection()
        run = self.view.run
        return EditSelection((run.info,), lambda _: run.tags, self.tag_vocabulary)

    @property
    def at_row(self) -> bool:
        """Whether the cursor is on a row that can be opened."""
        row = self.lines.current
        return row is not None and self._contents.can_open(row)

    @property
    def current_artifact(self) -> Artifact | None:
        """The artifact under the cursor."""
        return self._contents.artifact(self.lines.current)

    @property
    def at_artifact(self) -> bool:
        """Whether the cursor is on an artifact."""
        return self.current_artifact is not None

    def watch_view(self, before: RunView | None, after: RunView | None) -> None:
        """Show another run from its first row, or more of the same run."""
        if before and after and before.run.info.run_id != after.run.info.run_id:
            self.lines.cursor = 0
        self._show_tab()
        self._request_artifacts()

    def watch_group(self, before: GroupDetails | None, after: GroupDetails | None) -> None:
        """Show a group of runs."""
        if after and (before is None or before.title != after.title):
            self.lines.cursor = 0
        if self.view is None:
            self._show_tab()

    def watch_tab(self) -> None:
        """Show another tab from its first row."""
        self.query_one(TabLine).current = self.tab
        self.lines.cursor = 0
        self._show_tab()
        self.call_after_refresh(self._focus_tab)
        self._request_artifacts()

    def _focus_tab(self) -> None:
        """Focus the contents of the tab, unless the user has left the pane or searches."""
        if self.has_focus_within and not self.is_typing:
            self.focus_inside()

    @property
    def is_waiting(self) -> bool:
        """Whether the rows of the tab are not loaded yet."""
        return self._contents.awaits_artifacts

    @property
    def is_drawing(self) -> bool:
        """Whether the report in front is not drawn yet."""
        is_visible = self._shows_report and not self.has_class("-empty")
        return is_visible and self.report is not None and self.report.is_waiting

    def _request_artifacts(self) -> None:
        if self.is_waiting:
            self.post_message(self.LoadArtifacts(""))
        if self.view and self._contents.has_report:
            self.post_message(self.LoadReport(self.view.run))

    def on_mount(self) -> None:
        """Update ages and durations every second."""
        self.set_interval(TICK_S, self._update_ages)

    def _update_ages(self) -> None:
        if self.current_tab.shows_ages and self.view and self._matches(self._all_rows()) != self.lines.rows:
            self._show_tab()

    def on_resize(self) -> None:
        """Fit the table into the new width."""
        self._show_tab()

    def apply_search(self) -> None:
        """Show the rows or charts that match the search; artifacts are searched in closed folders too."""
        run = self.view.run.info if self.view else None
        if self.current_tab.has_folders and self.search_text and run and run.run_id != self._searched_run:
            self._searched_run = run.run_id
            self.post_message(self.LoadArtifacts("", recursive=True))
        self._show_tab()

    def _all_rows(self) -> tuple[DetailRow, ...]:
        is_sorted = self._sort_columns.get(self.current_tab.name) is not None
        is_stacked = self.size.height >= MIN_STACKED_LINES and not is_sorted
        return self._contents.rows(self._clock(), self._stale_after, stacked=is_stacked)

    def _matches(self, rows: Sequence[DetailRow]) -> tuple[DetailRow, ...]:
        """Return the rows that match the search, in the order of the tab."""
        return filter_and_sort(rows, self._sort_columns.get(self.current_tab.name), self.search_text)

    def _show_tab(self) -> None:
        tab, view = self.current_tab, self.view
        rows = self._all_rows()
        matches = self._matches(rows)
        columns = self._contents.columns
        self._tables = fit_sections(matches, columns, max(10, self.size.width - 1), are_names=tab.has_names)
        heading = self.query_one("#heading", Static)
        heading.update(Content(self._tables[""].render_heading()), layout=False)  # Its height is fixed.
        heading.set_class(tab.has_heading and bool(matches), "-shown")
        self.set_class(self._shows_charts, "-charts")
        self.set_class(self._shows_report, "-report")
        group_title = self.group.title if self.group else ""
        self.show_title(run_name(view.run) or view.run.info.run_id if view else group_title)
        if self._shows_charts:
            self._show_charts()
        elif self._shows_report:
            is_loaded = view is not None and view.run.info.run_id == self._reported_run
            self._show_notice(has_contents=is_loaded, has_matches=is_loaded)
        else:
            self._show_notice(has_contents=bool(rows), has_matches=bool(matches))
        self.lines.set_rows(matches)
        self.query_one(Note).text = view.run.tags.get(NOTE_TAG, "") if view and tab.has_note else ""
        self._show_preview()
        self.query_one(TabLine).hidden = frozenset(range(len(self._tabs))) - frozenset(self._shown_tabs)
        self.query_one(TabLine).counts = tuple(tab.count(view) if view else None for tab in self._tabs)
        self.refresh_bindings()

    def _show_charts(self) -> None:
        from qtui.tui.present.charts.grid_spec import group_metrics

        run = self.view.run if self.view else None
        pins = self.store_state.pins(run.info.experiment_id) if self.store_state and run else ()
        spec = self.charts.spec(run)
        if run is not None and spec.runs != (run.info,):
            self.show_title(spec.title)
        has_matches = bool(group_metrics(spec.metrics, pins, self.search_text))
        self._show_notice(has_contents=bool(spec.metrics), has_matches=has_matches)
        self.charts.show(spec, pins, self.search_text)

    @property
    def _shown_tabs(self) -> list[int]:
        """The indexes of the tabs that are offered; the tab in front always is."""
        return shown_tabs(self._tabs, self.tab, self.view)

    def show_report(self, run_id: str, report: DrawingContent) -> None:
        """Show the report of the run, if its tab is in front."""
        from qtui.tui.widgets.artifact.drawing_widget import DrawingWidget

        if self.report is None:
            self.report = DrawingWidget(report)
            self.report.ascii_only = self.ascii_only
            self.mount(self.report, before="#nothing")
        self._reported_run = run_id
        self.report.show(report)
        self._show_tab()
        self._focus_tab()

    def _show_preview(self) -> None:
        """Preview the file under the cursor, if there is room."""
        has_room = self.size.height >= MIN_PREVIEW_LINES and self.current_tab.has_preview
        path = self._contents.file(self.lines.current) if has_room else None
        self.preview.show(self.view.run.info if self.view else None, path)

    def follow_marks(self) -> None:
        """Chart the runs that are marked now."""
        if self._shows_charts:
            self._show_tab()

    def _show_notice(self, *, has_contents: bool, has_matches: bool) -> None:
        if has_matches and self.has_class("-empty"):
            self.call_after_refresh(self._focus_tab)  # the pane had the focus while there was only the notice
        self.set_class(not has_matches, "-empty")
        text = self._contents.notice(self.fill_keys, has_contents=has_contents)
        self.query_one("#nothing", Static).update(Content(display(text, one_line=False)), layout=False)

    @on(TabLine.Chosen)
    def _follow_tab(self, event: TabLine.Chosen) -> None:
        event.stop()
        self.tab = event.index

    @on(RowList.RowHighlighted)
    def _follow_cursor(self, event: RowList.RowHighlighted) -> None:
        event.stop()
        self.refresh_bindings()
        self._show_preview()

    @on(RowList.RowSelected)
    def _open(self, event: RowList.RowSelected) -> None:
        event.stop()
        if self._contents.can_open(event.row):
            self._open_row(event.row)

    def _open_row(self, row: DetailRow) -> None:
        from qtui.tui.widgets.details.row_opener import opening_message

        target = self.current_tab.target(row)
        if isinstance(target, TabTarget):
            self.tab = next(index for index, tab in enumerate(self._tabs) if tab.name == target.tab)
        elif isinstance(target, Artifact) and target.is_dir:
            self._open_folder(target.path)
        elif (message := opening_message(self._contents, row, self.lines.rows)) is not None:
            self.post_message(message)

    def _open_folder(self, path: str) -> None:
        """Open a folder of artifacts, or close it."""
        view = self.view
        if view is not None and view.levels is not None and path in view.levels:
            self.view = view.without_folder(path)
        elif view is not None:
            self.post_message(self.LoadArtifacts(path))

    def step_tab(self, step: int) -> None:
        """Go to the next tab, or with a negative number to the previous one."""
        tabs = self._shown_tabs
        self.tab = tabs[(tabs.index(self.tab) + step) % len(tabs)]

    def action_sort_details(self) -> None:
        """Sort by the next column, and after the last one by none."""
        tab = self.current_tab.name
        self._sort_columns[tab] = next_sort_column(self._sort_columns.get(tab), self._tables[""].widths)
        self._show_tab()

    def action_resume_run(self) -> None:
        """Open the dialog that resumes the run."""
        if self.view:
            self.post_message(OpenResume(self.view.run.info))

    def action_copy_run_id(self) -> None:
        if self.view:
            self.post_message(CopyText(self.view.run.info.run_id, "the run ID"))

    def action_copy_detail(self) -> None:
        row = self.lines.current
        if row is not None and row.value:
            self.post_message(CopyText(row.value, truncate(display(row.key).strip(), 30)))

    def action_download_artifact(self) -> None:
        """Download the artifact or folder under the cursor."""
        if self.view is not None and (artifact := self.current_artifact):
            self.post_message(DownloadArtifacts((self.view.run.info,), artifact.path))

    def copy_location(self, as_scp: bool) -> None:
        """Copy the path of the artifact under the cursor, or the command that fetches it."""
        if self.view is not None and (artifact := self.current_artifact):
            self.post_message(CopyLocation(self.view.run.info, artifact.path, as_scp))
