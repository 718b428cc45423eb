"""The pane of runs: filter, table, and a notice when there is nothing to show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from qtui.entities import Run, RunInfo, ViewType
from qtui.formatting import format_count
from qtui.query import logged_fields
from qtui.query.ast import Field
from qtui.query.projection import ALL_VALUES, Projection
from qtui.query.rewrite import asks_for_stale
from qtui.recorder.reading.health import STALE_AFTER
from qtui.runs.history_needs import HistoryNeeds
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_layout import TableLayout
from qtui.runs.table_view import CurveValues, TableView
from qtui.text import display, width
from qtui.tui.commands import edits, runs
from qtui.tui.commands.everywhere import FilterPane
from qtui.tui.polling import DelayedCall
from qtui.tui.present.edit_texts import finish_refusal
from qtui.tui.present.runs.run_scope import Scope, empty_notice
from qtui.tui.present.runs.run_selection import RunSelection
from qtui.tui.present.runs.runs_model import RunsModel
from qtui.tui.present.runs.runs_title import runs_title
from qtui.tui.present.runs.vocabulary import collect_vocabulary
from qtui.tui.state import StoreState
from qtui.tui.widgets.edit_actions import EditActions
from qtui.tui.widgets.notice import Notice
from qtui.tui.widgets.pane import Pane
from qtui.tui.widgets.query_bar import QueryBar
from qtui.tui.widgets.runs_table import RunsTable
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from qtui.tui.widgets.runs_pane.layout_editor import LayoutEditor
    from qtui.tui.widgets.runs_pane.run_actions import RunActions
    from qtui.tui.widgets.runs_pane.saved_views import SavedViews

TICK_INTERVAL_S = 1.0
REARRANGE_INTERVAL_S = 0.1
"""The minimum time between two arrangements while runs are loading."""

TITLE_FRAME_CELLS = 5
"""The cells of the line above the pane that its title does not fill."""

VIEWS = (ViewType.ACTIVE, ViewType.DELETED, ViewType.ALL)

EXPORT_NOTES = {"CSV": "raw values", "Markdown": "the texts of the cells", "JSON": "raw values, one object per line"}


class RunsPane(Pane):
    """Shows the runs of a scope, filtered and arranged by the user; the layout is saved per experiment."""

    HEADING = "Runs"
    OWN_COMMANDS = (
        runs.Compare,
        FilterPane,
        runs.SortBy,
        runs.ChooseColumns,
        runs.GroupBy,
        runs.DrawMetrics,
        runs.DrawGrid,
        runs.ReverseSort,
        runs.MakeBaseline,
        runs.OnlyDifferences,
        runs.MoveColumnLeft,
        runs.MoveColumnRight,
        runs.NarrowColumn,
        runs.WidenColumn,
        runs.Pin,
        runs.SwitchDirection,
        runs.SwitchView,
        runs.SaveView,
        runs.OpenView,
        runs.Export,
        edits.EditTags,
        edits.EditNote,
        edits.ToggleStar,
        edits.EditName,
        edits.DeleteOrRestore,
        edits.FinishRuns,
        edits.PurgeRuns,
        runs.DownloadRuns,
        runs.ResumeRun,
        runs.CopyId,
        runs.CopyValue,
    )
    DEFAULT_CSS = """
    RunsPane {
        & > Notice { display: none; }
        &.-empty > Notice { display: block; }
        &.-empty > RunsTable { display: none; }
    }
    """

    class NeedsChanged(Message):
        """The table needs other histories."""

    @dataclass
    class FilterOpened(Message):
        """The user is about to type a filter of these runs."""

        frame: RunsFrame

    @dataclass
    class ViewRequested(Message):
        """The user wants runs of another lifecycle stage."""

        view: ViewType

    def __init__(self, clock: Callable[[], int], stale_after: timedelta = STALE_AFTER) -> None:
        """Create an empty pane; after `stale_after` without a write a running run is stale."""
        super().__init__()
        self._delayed_rearrange = DelayedCall(self.set_timer, self.rearrange)
        self._has_new_scope = False
        self._shows_order = False
        self._filter_count = ""
        self._missing_sort_fields: list[Field] = []

        self.model = model = RunsModel(clock, stale_after)
        self.table = RunsTable()
        self.viewport = self.table.viewport
        self.bar = QueryBar(clock)
        self.bar.lookup = model.kinds_of_keys
        self.needs = HistoryNeeds()
        self.store_state: StoreState | None = None
        self.histories_loaded = False
        """Whether all histories that the table needs are loaded."""
        self.visible_run_ids: tuple[str, ...] = ()
        """The IDs of visible runs."""
        self.read_only_reason = ""
        """Why the store cannot be edited; empty if it can."""

        self.edits = EditActions(self, lambda: self.selection().to_edit(model.scope.view, model.stale))

    def compose(self) -> ComposeResult:
        """Compose filter, table and notice."""
        yield self.bar
        yield self.table
        yield Notice()

    @cached_property
    def layouts(self) -> LayoutEditor:
        """The changes of the layout that the user asks for."""
        from qtui.tui.widgets.runs_pane.layout_editor import LayoutEditor

        return LayoutEditor(self, self.model, self.table, self.set_layout)

    @cached_property
    def run_actions(self) -> RunActions:
        """The actions on the selected runs, other than edits."""
        from qtui.tui.widgets.runs_pane.run_actions import RunActions

        return RunActions(self, self.model, self.selection)

    @cached_property
    def saved_views(self) -> SavedViews:
        """The saved views of the store."""
        from qtui.tui.widgets.runs_pane.saved_views import SavedViews

        return SavedViews(self, self.store_state, self.table, self.bar, self.set_layout)

    # Runs from the screen

    def set_scope(self, scope: Scope) -> None:
        """Start to show another scope; the old runs stay until the first new ones are loaded."""
        if scope.key != self.model.scope.key:
            saved = self.store_state.layout(scope.key) if self.store_state else {}
            self.model.layout = TableLayout.from_dict(saved)
            self.table.reset_cursor()
            self._has_new_scope = True
        self.model.set_scope(scope)
        self.histories_loaded = False
        self._show_title()

    def set_experiment_names(self, names: Mapping[str, str]) -> None:
        """Set the names of experiments."""
        self.model.scope = replace(self.model.scope, experiments=names)
        self._rearrange_soon()

    def add_infos(self, infos: Iterable[RunInfo], *, complete: bool = False) -> None:
        """Add runs without values."""
        if self.model.add_infos(infos, complete=complete):
            self._delayed_rearrange.make()  # A timer would let Textual paint a screen without runs first.
        else:
            self._rearrange_soon()

    def add_values(self, runs: Sequence[Run], projection: Projection = ALL_VALUES) -> None:
        """Add the values of runs, which were loaded with `projection`."""
        self.model.add_values(runs, projection)
        self._rearrange_soon()

    def remove_runs(self, run_ids: Iterable[str]) -> None:
        """Remove runs."""
        self.model.remove(run_ids)
        self._rearrange_soon()

    def show_edited(self, runs: Sequence[Run], gone: Iterable[str]) -> None:
        """Show the values of edited runs; remove and unmark those that are no longer in the view."""
        self.remove_runs(gone)
        self.table.unmark(gone)
        self.add_values(runs)

    def add_curves(self, curves: CurveValues) -> None:
        """Add the values of sparklines."""
        self.model.add_curves(curves)
        self._refresh_view()

    def set_last_writes(self, writes: Mapping[str, int | None]) -> None:
        """Set the times (ms) of the last writes of running runs; update ages and durations."""
        self.model.set_last_writes(writes)
        self._refresh_view()

    def show_notice(self, heading: str, text: str) -> None:
        """Show a notice instead of the table."""
        self.add_class("-empty")
        self.query_one(Notice).show_text(heading, text)

    def go_to(self, run_id: str) -> bool:
        """Move the cursor to a run; return False if the table does not have it."""
        index = self.table.view.index(run_id)
        if index is not None:
            self.table.go_to(index)
        return index is not None

    @property
    def is_waiting(self) -> bool:
        """True while loaded runs are not shown yet."""
        return self._delayed_rearrange.is_pending

    # Arranging

    def _rearrange_soon(self) -> None:
        """Arrange the runs at most once per interval while batches are loading."""
        wait = REARRANGE_INTERVAL_S if len(self.model.frame) > len(self.table.view) > 0 else 0.001
        self._delayed_rearrange.request(wait)

    def rearrange(self) -> None:
        """Arrange the runs and show them."""
        self.bar.parse_again()
        model, awaits_runs = self.model, self.model.awaits_runs
        view = model.view()
        if self._has_new_scope and not awaits_runs:
            # Not before: until the first new runs are loaded, the old ones are shown and measured.
            self._has_new_scope = False
            self.table.reset_columns()
            self._shows_order = True
        self.table.view = view
        if self._shows_order and not awaits_runs:
            self._shows_order = False
            self.table.go_to_field(self.model.layout.order_by[0].field if self.model.layout.order_by else None)
        self._update_needs()
        self._update_notice(view)
        self._filter_count = model.filter_count(view)
        missing = map(no_run_has, model.missing_fields(logged_fields(model.filter)))
        self.bar.summary = ", ".join(filter(None, (self._filter_count, *missing)))
        self._warn_about_missing_sort_fields(view.layout)
        self._show_title()
        self.refresh_bindings()

    def _refresh_view(self) -> None:
        """Show changes that move no line: sparklines, ages, stale runs."""
        if asks_for_stale(self.model.filter):
            self.rearrange()
        else:
            self.table.view = self.model.refresh_view(self.table.view)

    def _update_times(self) -> None:
        """Show ages and durations of the current time, if any visible one has changed."""
        if not self.table.has_same_times(self.model.refresh_view(self.table.view)):
            self._refresh_view()

    def set_layout(self, layout: TableLayout) -> None:
        """Change the layout and save it."""
        self._shows_order = layout.order_by != self.model.layout.order_by
        self.model.layout = layout
        if self.store_state:
            self.store_state.save_layout(self.model.scope.key, layout.to_dict())
        self.rearrange()

    def _update_needs(self) -> None:
        needs = self.model.history_needs()
        if needs != self.needs:
            self.needs = needs
            self.post_message(self.NeedsChanged())

    def _update_notice(self, view: TableView) -> None:
        self.set_class(not len(view), "-empty")
        if len(view) or self.model.awaits_runs:
            return
        heading, text = empty_notice(
            self.model.scope, len(self.model.frame), complete=self.model.complete, settled=self.histories_loaded
        )
        self.query_one(Notice).show_text(heading, self.fill_keys(text))

    def _warn_about_missing_sort_fields(self, layout: TableLayout) -> None:
        """Warn once that the runs are sorted by a key that none of them has."""
        missing = self.model.missing_fields(logged_fields(None, layout.order_by))
        for field in missing:
            if field not in self._missing_sort_fields:
                self.notify(f"Not sorted: {no_run_has(field)}.", severity="warning", markup=False)
        self._missing_sort_fields = missing

    def _show_title(self) -> None:
        """Show scope, order, filter count, marks and grouping in the title."""
        layout = replace(self.model.layout, columns=self.table.view.columns)
        cells = self.size.width - TITLE_FRAME_CELLS - width(self.HEADING)
        row = self.model.frame.row(layout.baseline)
        baseline = "" if row is None else self.model.frame.infos[row].name or layout.baseline[:8]
        marks = len(self.table.marks)
        can_restore = self.model.scope.view is ViewType.DELETED and not self.read_only_reason
        hint = self.fill_keys("{delete} restores") if can_restore else ""
        filtered = self._filter_count
        self.show_title(
            runs_title(self.model.scope, layout, cells, filtered=filtered, marks=marks, baseline=baseline, hint=hint)
        )

    # State that commands read

    @property
    def edit_count(self) -> int:
        """The number of marked runs, or else of those under the cursor."""
        return len(self.table.marks or self.table.run_ids_at(self.table.cursor))

    @property
    def edits_deleted(self) -> bool:
        """True if all runs that an edit changes are deleted."""
        if self.model.scope.view is not ViewType.ALL:
            return self.model.scope.view is ViewType.DELETED
        return not any(info.lifecycle_stage == "active" for info in self.selection().infos())

    @property
    def finish_refusal(self) -> str:
        """Why none of the runs that an edit changes can be ended; empty if one can."""
        running = self.selection().running_ids(self.model.scope.view)
        return "" if running & self.model.stale else finish_refusal(len(running), self.model.stale_after)

    # Events

    def on_mount(self) -> None:
        """Update ages and durations every second."""
        self.set_interval(TICK_INTERVAL_S, self._update_times)

    def on_resize(self) -> None:
        """Fit the title into the new width."""
        self._show_title()

    @on(RunsTable.MarksChanged)
    def _follow_marks(self, event: RunsTable.MarksChanged) -> None:
        self.model.follow_marks(event.marks)
        self._show_title()
        self.refresh_bindings()

    @on(QueryBar.Changed)
    def _apply_filter(self, event: QueryBar.Changed) -> None:
        event.stop()
        self.model.filter = event.filter
        self.rearrange()

    @on(QueryBar.Submitted)
    def _keep_filter(self, event: QueryBar.Submitted) -> None:
        event.stop()
        if self.store_state:
            self.store_state.add_to_history(event.text)
            self.bar.history = self.store_state.history
        self.focus_inside()

    @on(QueryBar.Dismissed)
    def _leave_filter(self, event: QueryBar.Dismissed) -> None:
        event.stop()
        self.focus_inside()

    @on(RunsTable.VisibleRowsChanged)
    def _update_visible_runs(self, event: RunsTable.VisibleRowsChanged) -> None:
        self.visible_run_ids = event.run_ids

    @on(RunsTable.SortRequested)
    def _sort(self, event: RunsTable.SortRequested) -> None:
        event.stop()
        self.set_layout(self.model.layout.sort_by(event.field, add=event.add))

    @on(RunsTable.FoldRequested)
    def _fold(self, event: RunsTable.FoldRequested) -> None:
        event.stop()
        folded = self.model.layout.folded | event.keys if event.hide else self.model.layout.folded - event.keys
        self.model.layout = replace(self.model.layout, folded=folded)
        self.rearrange()

    @on(RunsTable.ColumnResized)
    def _resize_dragged_column(self, event: RunsTable.ColumnResized) -> None:
        event.stop()
        self.set_layout(self.table.view.layout.with_column(event.column))

    @on(RunsTable.ColumnMoved)
    def _move_dragged_column(self, event: RunsTable.ColumnMoved) -> None:
        event.stop()
        self.set_layout(self.table.view.layout.move_column(event.column, event.to))

    def focus_inside(self) -> None:
        """Focus the table, or the notice shown instead of it."""
        self.screen.set_focus(self.query_one(Notice) if self.has_class("-empty") else self.table)

    # Actions

    def action_filter(self) -> None:
        """Focus the filter."""
        self.bar.vocabulary = collect_vocabulary(self.model.frame)
        if self.store_state:
            self.bar.history = self.store_state.history
        self.bar.enter()
        self.post_message(self.FilterOpened(self.model.frame))

    def selection(self) -> RunSelection:
        """Return the runs that a command applies to."""
        table = self.table
        at_cursor = frozenset(table.run_ids_at(table.cursor))
        return RunSelection(
            table.view, table.marks, at_cursor, table.line, table.current_column, self.model.marked_infos
        )

    def action_switch_view(self) -> None:
        """Switch between active, deleted and all runs."""
        view = VIEWS[(VIEWS.index(self.model.scope.view) + 1) % len(VIEWS)]
        self.post_message(self.ViewRequested(view))
        if view is ViewType.DELETED and not self.read_only_reason:
            advice = self.fill_keys("What is deleted: {delete} restores it, {purge} removes it for good.")
            self.notify(advice, markup=False)

    def action_export(self) -> None:
        """Ask for a format; export the visible lines to a file or the clipboard."""
        from qtui.runs.export import EXPORT_FORMATS, export_lines
        from qtui.tui.widgets.ask_export import ask_export

        view = self.table.view
        ask_export(
            self.post_message,
            "Export the table",
            self.model.scope.title or "runs",
            {name: partial(make, view) for name, make in EXPORT_FORMATS.items()},
            lambda: format_count(sum(1 for _ in export_lines(view)), "line"),
            EXPORT_NOTES,
        )


def no_run_has(field: Field) -> str:
    """Return "no run has a metric 'x'"."""
    return f"no run has a {field.kind} {display(field.key)!r}"
