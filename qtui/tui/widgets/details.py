"""The pane of details: a run's overview, params, metrics, tags and artifacts, a tab each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Static

from qtui.entities import NOTE_TAG, Artifact
from qtui.text import display, truncate
from qtui.tui.commands.details import (
    CopyDetail,
    CopyRunId,
    NextTab,
    OpenValue,
    PreviousTab,
    SortDetails,
)
from qtui.tui.commands.everywhere import Back, Filter
from qtui.tui.messages import ChartWanted, CopyText
from qtui.tui.present import detail_rows as facts
from qtui.tui.present.detail_rows import DetailRow
from qtui.tui.present.detail_table import DetailTable, fitted
from qtui.tui.present.group_rows import STATISTICS_COLUMNS, GroupDetails
from qtui.tui.present.rows import Piece
from qtui.tui.present.run_view import (
    ARTIFACTS,
    CHARTS,
    METRICS,
    OVERVIEW,
    PARAMS,
    TABS,
    RunView,
    Section,
    Tab,
    amounts,
    stacked_sections,
)
from qtui.tui.state import StoreState
from qtui.tui.widgets.field import Field
from qtui.tui.widgets.lines import Lines
from qtui.tui.widgets.note import Note
from qtui.tui.widgets.searchable_pane import SearchablePane
from qtui.tui.widgets.tabs import TabLine

MIN_STACKED_HEIGHT = 42
"""Lines of the pane from which metrics and params stand below the overview."""

if TYPE_CHECKING:
    from qtui.tui.present.grid_spec import Gridded
    from qtui.tui.widgets.chart_grid import ChartGrid

TICK_S = 1.0
"""Seconds after which ages and durations of the overview are computed again."""


class DetailsPane(SearchablePane):
    """Shows one run; it is given what has been read, and says what else is wanted."""

    HEADING = "Details"
    OWN_COMMANDS = (NextTab, PreviousTab, OpenValue, CopyDetail, Filter, SortDetails, CopyRunId, Back)
    DEFAULT_CSS = """
    DetailsPane {
        & > #heading { height: 1; color: $text-muted; display: none; }
        & > #heading.-shown { display: block; }
        & > #nothing { height: 1fr; padding: 1 2; color: $text-muted; display: none; }
        &.-empty > #nothing { display: block; }
        &.-empty > Lines { display: none; }
        & > ChartGrid { display: none; margin-top: 1; }
        &.-charts > ChartGrid { display: block; }
        &.-charts > Lines { display: none; }
        &.-empty > ChartGrid { display: none; }
    }
    """

    view: var[RunView | None] = var(None, init=False)
    """What is shown, set by the screen."""

    group: var[GroupDetails | None] = var(None, init=False)
    """The group that is shown while there is no run, set by the screen."""

    tab: var[int] = var(OVERVIEW, init=False)
    """The tab in front."""

    @dataclass
    class ArtifactsWanted(Message):
        """A folder of artifacts was opened; the root is the empty path."""

        path: str

    @dataclass
    class RunWanted(Message):
        """A run that is named in the details was opened: a parent or a child."""

        run_id: str

    @dataclass
    class ValueOpened(Message):
        """A value is to be shown in full."""

        key: str
        value: str

    def __init__(self, clock: Callable[[], int], silence: timedelta) -> None:
        """`silence` is how long a running run may write nothing before it counts as stale."""
        super().__init__()
        self.add_class("-empty")  # as it is laid out first: a class set later costs another layout
        self._clock = clock
        self._silence = silence
        self._sort: dict[int, int | None] = {}
        self._table = DetailTable((), 0, ())
        self.grid: ChartGrid | None = None
        """The charts, once their tab was opened."""
        self.is_live: Callable[[], bool] = lambda: False
        self.marked_runs: Callable[[], Gridded | None] = lambda: None
        """Returns the marked runs with their metrics, drawn in place of the run; None for fewer than 2."""
        self.ascii_only = False
        self.memory: StoreState | None = None
        """What is remembered of the store that the runs are in."""

    def compose(self) -> ComposeResult:
        """Tabs, a field to search, titles of columns, rows, and the note."""
        yield TabLine(tuple(each.name for each in TABS))
        yield Field(placeholder="a part of a name or a value")
        yield Static(id="heading")
        yield Lines[DetailRow](self._draw, lambda row: (row.key, row.value))
        yield Static(id="nothing")
        yield Note()

    def _draw(self, row: DetailRow, cells: int) -> Sequence[Piece]:
        return self._table.draw(row, cells)

    @property
    def lines(self) -> Lines[DetailRow]:
        """The rows."""
        lines: Lines[DetailRow] = self.query_one(Lines)
        return lines

    @property
    def front(self) -> Widget:
        """The charts or the rows."""
        return self.grid if self.grid and self.tab == CHARTS else self.lines

    @property
    def has_run(self) -> bool:
        """Whether a run is shown."""
        return self.view is not None

    @property
    def at_row(self) -> bool:
        """Whether the cursor is on a row."""
        return self.lines.current is not None

    def watch_view(self, before: RunView | None, after: RunView | None) -> None:
        """Show what has been read; a search ends with the run that it was for."""
        if before and after and before.run.info.run_id != after.run.info.run_id:
            self.lines.cursor = 0
        self._lay_out()
        self._want_artifacts()

    def _entitle_run(self) -> None:
        group = self.group.title if self.group else ""
        self.entitle(self.view.run.info.name or self.view.run.info.run_id if self.view else group)

    def watch_group(self, before: GroupDetails | None, after: GroupDetails | None) -> None:
        """Show the runs and statistics of a group."""
        if after and (before is None or before.title != after.title):
            self.lines.cursor = 0
        if self.view is None:
            self._lay_out()

    def watch_tab(self) -> None:
        """Show another tab, from its top."""
        self.query_one(TabLine).current = self.tab
        self.lines.cursor = 0
        self._lay_out()
        if self.has_focus_within and not isinstance(self.screen.focused, Field):
            self.call_after_refresh(self.focus_inside)
        self._want_artifacts()

    def _want_artifacts(self) -> None:
        """Ask for the artifacts of the run when their tab is in front and they are not known."""
        if self.tab == ARTIFACTS and self.view and self.view.levels is None:
            self.post_message(self.ArtifactsWanted(""))

    def on_mount(self) -> None:
        """Keep ages and durations current."""
        self.set_interval(TICK_S, self._tick)

    def _tick(self) -> None:
        if self.tab == OVERVIEW and self.view and self._matching(self._all_rows()) != self.lines.rows:
            self._lay_out()

    def on_resize(self) -> None:
        """Lay out for the new width."""
        self._lay_out()

    def apply_search(self) -> None:
        """Show the rows or charts that hold what is searched for."""
        self._lay_out()

    def _all_rows(self) -> tuple[DetailRow, ...]:
        if self.view is None:
            group_rows = {OVERVIEW: GroupDetails.overview, PARAMS: GroupDetails.params, METRICS: GroupDetails.metrics}
            return group_rows[self.tab](self.group) if self.group and self.tab in group_rows else ()
        rows = tuple(TABS[self.tab].rows(self.view, self._clock(), self._silence))
        is_stacked = self.tab == OVERVIEW and self.size.height >= MIN_STACKED_HEIGHT
        return (*rows, *stacked_sections(self.view)) if is_stacked and not self._is_sorted else rows

    @property
    def _is_sorted(self) -> bool:
        return self._sort.get(self.tab) is not None

    def _matching(self, rows: Sequence[DetailRow]) -> tuple[DetailRow, ...]:
        """Return the rows that hold what is searched for, in the order of the tab."""
        return facts.ordered(rows, self._sort.get(self.tab), self.search_text)

    def _lay_out(self) -> None:
        tab, view = TABS[self.tab], self.view
        rows, wanted = self._all_rows(), self.search_text
        shown = self._matching(rows)
        columns = STATISTICS_COLUMNS if self.tab == METRICS and view is None and self.group else tab.columns
        self._table = fitted(shown, columns, max(10, self.size.width - 1))
        heading = self.query_one("#heading", Static)
        heading.update(Content(self._table.heading()))
        heading.set_class(tab.columns is facts.METRIC_COLUMNS and bool(shown), "-shown")
        self.set_class(self.tab == CHARTS, "-charts")
        self._entitle_run()
        if self.tab == CHARTS:
            self._lay_out_charts(wanted)
        else:
            self._say_nothing(bool(rows), bool(shown), tab)
        self.lines.show(shown)
        self.lines.refresh()
        self.query_one(Note).text = view.run.tags.get(NOTE_TAG, "") if view and self.tab == OVERVIEW else ""
        self.query_one(TabLine).amounts = amounts(view)
        self.refresh_bindings()

    def _lay_out_charts(self, wanted: str) -> None:
        from qtui.tui.present.grid_spec import Gridded, sections_of

        run = self.view.run if self.view else None
        pins = self.memory.pins(run.info.experiment_id) if self.memory and run else ()
        marked = self.marked_runs() if run else None
        if marked is not None:
            self.entitle(marked.title)
        gridded = marked or (Gridded((run.info,), frozenset(run.metrics)) if run else Gridded())
        self._say_nothing(bool(gridded.metrics), bool(sections_of(gridded.metrics, pins, wanted)), TABS[CHARTS])
        self.grid = self.grid or self._open_grid()
        self.grid.show(gridded, pins, wanted)

    def follow_marks(self) -> None:
        """Draw the charts of the runs that are marked now."""
        if self.tab == CHARTS:
            self._lay_out()

    def _open_grid(self) -> ChartGrid:
        from qtui.plot.glyphs import ASCII, BRAILLE
        from qtui.tui.widgets.chart_grid import ChartGrid

        grid = ChartGrid(ASCII if self.ascii_only else BRAILLE)
        grid.is_live = self.is_live
        self.mount(grid, before="#nothing")
        return grid

    def _say_nothing(self, any_rows: bool, any_shown: bool, tab: Tab) -> None:
        """Say why there is nothing to see."""
        self.set_class(not any_shown, "-empty")
        if self.view is None and self.group is not None and self.tab == CHARTS:
            sentence = "Press m in the runs to draw a metric of the groups."
        elif self.view is None and not any_rows:
            sentence = "Move to a run to see it here."
        elif any_rows or self.view is None:
            sentence = "Nothing here holds these letters. Press esc to see everything."
        else:
            loading = tab is TABS[ARTIFACTS] and self.view.levels is None
            sentence = self.view.failure or ("Reading the artifacts …" if loading else tab.empty)
        self.query_one("#nothing", Static).update(Content(display(sentence, one_line=False)))

    @on(TabLine.Chosen)
    def _go_to_tab(self, event: TabLine.Chosen) -> None:
        event.stop()
        self.tab = event.index

    @on(Lines.Highlighted)
    def _follow_cursor(self, event: Lines.Highlighted) -> None:
        event.stop()
        self.refresh_bindings()

    @on(Lines.Opened)
    def _open(self, event: Lines.Opened) -> None:
        event.stop()
        self._open_row(event.row)

    def _open_row(self, row: DetailRow) -> None:
        target = row.target
        if isinstance(target, Artifact):
            self._open_artifact(target)
        elif isinstance(target, Section):
            self._open_section(target)
        elif target is not None:
            self.post_message(self.RunWanted(row.value))
        elif self.tab == METRICS:
            self._draw_metric(row.key)
        else:
            self.post_message(self.ValueOpened(row.key, row.value))

    def _open_section(self, section: Section) -> None:
        """Go to the tab of a section of the overview, or draw one of its metrics."""
        if section.metric:
            self._draw_metric(section.metric)
        else:
            self.tab = section.tab

    def _draw_metric(self, metric: str) -> None:
        from qtui.tui.present.chart_selection import in_order
        from qtui.tui.present.chart_spec import Charted

        if self.view is not None:
            run = self.view.run
            self.post_message(ChartWanted(Charted((metric,), (run.info,), offered=in_order(run.metrics))))

    def _open_artifact(self, artifact: Artifact) -> None:
        view = self.view
        if not artifact.is_dir or view is None or view.levels is None:
            return
        if artifact.path in view.levels:
            below = artifact.path + "/"
            levels = {
                path: each for path, each in view.levels.items() if path != artifact.path and not path.startswith(below)
            }
            self.view = replace(view, levels=levels)
        else:
            self.post_message(self.ArtifactsWanted(artifact.path))

    def action_next_tab(self) -> None:
        """Go to the next tab."""
        self.tab = (self.tab + 1) % len(TABS)

    def action_previous_tab(self) -> None:
        """Go to the tab before."""
        self.tab = (self.tab - 1) % len(TABS)

    def action_open_value(self) -> None:
        """Open the row under the cursor."""
        self.lines.action_open()

    def action_sort_details(self) -> None:
        """Sort by the next column, and after the last one not at all."""
        shown = [index for index, room in enumerate(self._table.widths) if room]
        order: list[int | None] = [None, *shown]
        now = self._sort.get(self.tab)
        self._sort[self.tab] = order[(order.index(now) + 1) % len(order)] if now in order else None
        self._lay_out()

    def action_copy_run_id(self) -> None:
        """Copy the id of the run."""
        if self.view:
            self.post_message(CopyText(self.view.run.info.run_id, "the run id"))

    def action_copy_detail(self) -> None:
        """Copy the whole value under the cursor."""
        row = self.lines.current
        if row is not None:
            self.post_message(CopyText(row.value, truncate(display(row.key).strip(), 30)))
