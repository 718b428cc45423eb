"""The pane of runs: filter, table, and a notice when there is nothing to show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from qtui.entities import Run, RunInfo, ViewType
from qtui.formatting import format_count
from qtui.query import logged_fields
from qtui.query.ast import Field, FieldKind
from qtui.query.projection import ALL_VALUES, Projection
from qtui.query.rewrite import asks_for_stale
from qtui.recorder.reading.health import STALE_AFTER
from qtui.runs.cells import raw_text
from qtui.runs.column_specs import ColumnFormat, ColumnSpec
from qtui.runs.history_needs import HistoryNeeds
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_layout import TableLayout
from qtui.runs.table_view import CurveValues, TableView
from qtui.text import display, width
from qtui.tui.commands import edits, runs
from qtui.tui.commands.everywhere import FilterPane
from qtui.tui.messages import (
    AskText,
    ChooseOne,
    ChooseOrder,
    ChooseSeveral,
    ChooseView,
    CopyExport,
    CopyText,
    DownloadArtifacts,
    OpenChart,
    OpenComparison,
    OpenGrid,
    OpenResume,
    SaveFile,
)
from qtui.tui.polling import DelayedCall
from qtui.tui.present import layout_actions
from qtui.tui.present.choices import Choice
from qtui.tui.present.edit_texts import finish_refusal
from qtui.tui.present.run_scope import Scope, empty_notice
from qtui.tui.present.run_selection import RunSelection
from qtui.tui.present.runs_model import RunsModel
from qtui.tui.present.runs_title import runs_title
from qtui.tui.present.vocabulary import vocabulary_of
from qtui.tui.state import StoreState
from qtui.tui.widgets.edit_actions import EditActions
from qtui.tui.widgets.notice import Notice
from qtui.tui.widgets.pane import Pane
from qtui.tui.widgets.query_bar import QueryBar
from qtui.tui.widgets.runs_table import RunsTable
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from qtui.tui.present.chart_spec import ChartSpec
    from qtui.tui.present.edit_selection import EditSelection
    from qtui.tui.present.grid_spec import GridSpec

TICK_INTERVAL_S = 1.0
REARRANGE_INTERVAL_S = 0.1
"""The minimum time between two arrangements while runs are loading."""

TITLE_FRAME_CELLS = 5
"""The cells of the line above the pane that its title does not fill."""

MIN_COLUMN_CELLS = 3

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
    class ViewRequested(Message):
        """The user wants runs of another lifecycle stage."""

        view: ViewType

    def __init__(self, clock: Callable[[], int], stale_after: timedelta = STALE_AFTER) -> None:
        """Create an empty pane; after `stale_after` without a write a running run is stale."""
        super().__init__()
        self._clock = clock
        self._delayed_rearrange = DelayedCall(self.set_timer, self.rearrange)
        self._has_new_scope = False
        self._shows_order = False
        self._filter_count = ""
        self._missing_sort_fields: list[Field] = []
        self._marked_infos: dict[str, RunInfo] = {}
        self.model = RunsModel(clock, stale_after)
        self.needs = HistoryNeeds()
        self.store_state: StoreState | None = None
        self.histories_loaded = False
        """Whether all histories that the table needs are loaded."""
        self.visible_run_ids: tuple[str, ...] = ()
        """The ids of visible runs."""
        self.read_only_reason = ""
        """Why the store cannot be edited; empty if it can."""
        self.edits = EditActions(self, self._edit_selection)

    def compose(self) -> ComposeResult:
        """Create filter, table and notice."""
        bar = QueryBar(self._clock)
        bar.lookup = self.model.kinds_of_keys
        yield bar
        yield RunsTable()
        yield Notice()

    @property
    def table(self) -> RunsTable:
        """The table."""
        return self.query_one(RunsTable)

    @property
    def bar(self) -> QueryBar:
        """The filter."""
        return self.query_one(QueryBar)

    # Runs from the screen

    @property
    def scope(self) -> Scope:
        """The experiments whose runs are shown."""
        return self.model.scope

    @property
    def frame(self) -> RunsFrame:
        """The loaded runs."""
        return self.model.frame

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns of a layout without its own, by the names of the setting `columns`."""
        return self.model.column_names

    @column_names.setter
    def column_names(self, names: tuple[str, ...]) -> None:
        self.model.column_names = names

    def set_scope(self, scope: Scope) -> None:
        """Start to show another scope; the old runs stay until the first new ones are loaded."""
        if scope.key != self.scope.key:
            saved = self.store_state.layout(scope.key) if self.store_state else {}
            self.model.layout = TableLayout.from_dict(saved)
            self.table.reset_cursor()
            self._has_new_scope = True
        self.model.set_scope(scope)
        self.histories_loaded = False
        self._show_title()

    def set_experiment_names(self, names: Mapping[str, str]) -> None:
        """Set the names of experiments."""
        self.model.scope = replace(self.scope, experiments=names)
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
    def has_running_runs(self) -> bool:
        """True if any run is running."""
        return self.model.has_running_runs

    @property
    def is_waiting(self) -> bool:
        """True while loaded runs are not shown yet."""
        return self._delayed_rearrange.is_pending

    # Arranging

    def _rearrange_soon(self) -> None:
        """Arrange the runs at most once per interval while batches are loading."""
        wait = REARRANGE_INTERVAL_S if len(self.frame) > self.run_count > 0 else 0.001
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
            self.table.go_to_field(self.chosen_layout.order_by[0].field if self.chosen_layout.order_by else None)
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
        self._shows_order = layout.order_by != self.chosen_layout.order_by
        self.model.layout = layout
        if self.store_state:
            self.store_state.save_layout(self.scope.key, layout.to_dict())
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
            self.scope, len(self.frame), complete=self.model.complete, settled=self.histories_loaded
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
        layout = replace(self.chosen_layout, columns=self.table.view.columns)
        cells = self.size.width - TITLE_FRAME_CELLS - width(self.HEADING)
        row = self.frame.row(layout.baseline)
        baseline = "" if row is None else self.frame.infos[row].name or layout.baseline[:8]
        marks = len(self.table.marks)
        can_restore = self.scope.view is ViewType.DELETED and not self.read_only_reason
        hint = self.fill_keys("{delete} restores") if can_restore else ""
        filtered = self._filter_count
        self.show_title(
            runs_title(self.scope, layout, cells, filtered=filtered, marks=marks, baseline=baseline, hint=hint)
        )

    # State that commands read

    @property
    def chosen_layout(self) -> TableLayout:
        """The layout that the user chose, which may have no columns."""
        return self.model.layout

    @property
    def visible_layout(self) -> TableLayout:
        """The layout of the table, with default columns."""
        return self.table.view.layout

    @property
    def current_column(self) -> ColumnSpec | None:
        """The column under the cursor."""
        return self.table.current_column

    @property
    def run_count(self) -> int:
        """The number of lines in the table."""
        return len(self.table.view)

    @property
    def at_run(self) -> bool:
        """True if the cursor is on a run."""
        return self.table.at_run

    @property
    def at_metric(self) -> bool:
        """True if the cursor is in a column with values of a metric."""
        column = self.current_column
        return (
            column is not None and column.field.kind is FieldKind.METRIC and column.format is not ColumnFormat.SPARKLINE
        )

    @property
    def sorted_by(self) -> str:
        """The key of the field that sorts the runs, empty for the default order."""
        return self.chosen_layout.order_by[0].field.key if self.chosen_layout.order_by else ""

    @property
    def has_metrics(self) -> bool:
        """True if any loaded run has a metric."""
        return self.model.has_metrics

    @property
    def comparable_count(self) -> int:
        """The number of marked runs, or else of those in the group under the cursor."""
        return len(self.table.marks or self.table.run_ids_at(self.table.cursor))

    @property
    def edit_count(self) -> int:
        """The number of marked runs, or else of those under the cursor."""
        return self.comparable_count

    @property
    def edits_deleted(self) -> bool:
        """True if all runs that an edit changes are deleted."""
        if self.scope.view is not ViewType.ALL:
            return self.scope.view is ViewType.DELETED
        return not any(info.lifecycle_stage == "active" for info in self.selection().infos())

    @property
    def finish_refusal(self) -> str:
        """Why none of the runs that an edit changes can be ended; empty if one can."""
        running = self.selection().running_ids(self.scope.view)
        return "" if running & self.model.stale else finish_refusal(len(running), self.model.stale_after)

    @property
    def has_views(self) -> bool:
        """True if views of this store are saved."""
        return bool(self.store_state and self.store_state.views)

    # Events

    def on_mount(self) -> None:
        """Update ages and durations every second."""
        self.set_interval(TICK_INTERVAL_S, self._update_times)

    def on_resize(self) -> None:
        """Fit the title into the new width."""
        self._show_title()

    @on(RunsTable.MarksChanged)
    def _follow_marks(self, event: RunsTable.MarksChanged) -> None:
        """Keep the infos of marked runs, which may leave the table while they stay marked."""
        infos = self.frame.infos
        before = {run_id: info for run_id, info in self._marked_infos.items() if run_id in event.marks}
        present = {run_id: infos[infos.row_by_id[run_id]] for run_id in event.marks & infos.row_by_id.keys()}
        self._marked_infos = before | present
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
        self.set_layout(self.chosen_layout.sort_by(event.field, add=event.add))

    @on(RunsTable.FoldRequested)
    def _fold(self, event: RunsTable.FoldRequested) -> None:
        event.stop()
        folded = self.chosen_layout.folded | event.keys if event.hide else self.chosen_layout.folded - event.keys
        self.model.layout = replace(self.chosen_layout, folded=folded)
        self.rearrange()

    @on(RunsTable.ColumnResized)
    def _resize_dragged_column(self, event: RunsTable.ColumnResized) -> None:
        event.stop()
        self.set_layout(self.visible_layout.with_column(event.column))

    @on(RunsTable.ColumnMoved)
    def _move_dragged_column(self, event: RunsTable.ColumnMoved) -> None:
        event.stop()
        self.set_layout(self.visible_layout.move_column(event.column, event.to))

    def focus_inside(self) -> None:
        """Focus the table, or the notice shown instead of it."""
        self.screen.set_focus(self.query_one(Notice) if self.has_class("-empty") else self.table)

    # Actions on the layout

    def action_filter(self) -> None:
        """Focus the filter."""
        self.bar.vocabulary = vocabulary_of(self.frame)
        if self.store_state:
            self.bar.history = self.store_state.history
        self.bar.enter()

    def action_sort_by(self) -> None:
        choices = layout_actions.sort_choices(self.table.view)
        column = self.current_column
        field = column.field if column and any(choice.value == column.field for choice in choices) else None
        self.post_message(
            ChooseOrder(
                choices,
                self.chosen_layout,
                field,
                on_answer=lambda order: self.set_layout(replace(self.chosen_layout, order_by=order)),
            )
        )

    def action_reverse_sort(self) -> None:
        self.set_layout(self.chosen_layout.reverse_sort())

    def action_choose_columns(self) -> None:
        view = self.table.view
        before = layout_actions.chosen_columns(view)

        def choose(keys: tuple[layout_actions.ColumnKey, ...]) -> None:
            self.set_layout(layout_actions.choose_columns(self.chosen_layout, view, keys, self.current_column))
            added = [key for key in keys if key not in before]
            if added:
                self.table.go_to_column([column.key for column in self.table.view.columns].index(added[0]))

        choices = layout_actions.column_choices(view)
        self.post_message(ChooseSeveral("Columns", choices, before, on_answer=choose))

    def action_group_by(self) -> None:
        """Ask for the fields to group by."""
        self.post_message(
            ChooseSeveral(
                "Group by",
                layout_actions.group_choices(self.frame),
                (None,) if self.chosen_layout.group_all_but is not None else self.chosen_layout.group_by,
                "a param, a tag, the dataset",
                on_answer=self._group_by,
            )
        )

    def _group_by(self, fields: tuple[Field | None, ...]) -> None:
        if None not in fields:
            named = [field for field in fields if field is not None]
            self.set_layout(layout_actions.group_by(self.chosen_layout, named))
            return
        self.post_message(
            ChooseSeveral(
                "Group by all params but",
                layout_actions.left_out_choices(self.frame),
                self.chosen_layout.group_all_but or (),
                "the params to leave out, such as the seed",
                on_answer=lambda left_out: self.set_layout(
                    layout_actions.group_by_all_but(self.chosen_layout, left_out)
                ),
            )
        )

    def action_make_baseline(self) -> None:
        """Make the run the baseline, or have none."""
        line = self.table.line
        if line is not None:
            self.set_layout(layout_actions.toggle_baseline(self.chosen_layout, line.key))

    def move_column(self, by: int) -> None:
        """Move the column under the cursor to the right, or with a negative number to the left."""
        column, columns = self.current_column, self.table.view.columns
        index = self.table.column + by
        if column is not None and 0 <= index < len(columns):
            self.set_layout(self.visible_layout.move_column(column, columns[index]))

    def resize_column(self, by: int) -> None:
        """Make the column under the cursor wider by this many cells."""
        column = self.current_column
        if column is not None:
            cells = max(MIN_COLUMN_CELLS, self.table.column_width + by)
            self.set_layout(self.visible_layout.with_column(column.with_width(cells)))

    def action_only_differences(self) -> None:
        self.set_layout(layout_actions.toggle_differences(self.chosen_layout, self.table.view))

    def action_pin(self) -> None:
        line = self.table.line
        if line is not None:
            self.set_layout(layout_actions.toggle_pin(self.chosen_layout, line.key))

    def action_switch_direction(self) -> None:
        column = self.current_column
        if column is not None:
            self.set_layout(layout_actions.toggle_direction(self.chosen_layout, column.field.key))
            higher = self.chosen_layout.is_higher_better(column.field.key)
            self.notify(f"The {'highest' if higher else 'lowest'} value is best now.", markup=False)

    # Edits

    def selection(self) -> RunSelection:
        """Return the runs that a command applies to."""
        table = self.table
        at_cursor = frozenset(table.run_ids_at(table.cursor))
        return RunSelection(table.view, table.marks, at_cursor, table.line, table.current_column, self._marked_infos)

    def _edit_selection(self) -> EditSelection:
        """Return the runs to edit; marked runs of another lifecycle stage than the view are left out."""
        return self.selection().to_edit(self.scope.view, self.model.stale)

    # Other actions

    def _selected_chart(self) -> ChartSpec | None:
        """Return the chart of the selected runs; warn if they have no metric."""
        spec = self.selection().to_chart()
        if spec is None:
            self.notify("The selected runs have no metrics.", severity="warning", markup=False)
        return spec

    def action_draw_metrics(self) -> None:
        """Open a large chart."""
        if spec := self._selected_chart():
            self.post_message(OpenChart(spec))

    def action_draw_grid(self) -> None:
        if spec := self._selected_chart():
            from qtui.tui.present.grid_spec import grid_spec_of

            self.post_message(OpenGrid(grid_spec_of(spec, self.frame.metrics_with_steps)))

    def action_compare(self) -> None:
        """Compare the marked runs, or those of the group, in the order of the table."""
        self.post_message(OpenComparison(self.selection().to_compare(self.scope.experiments)))

    def action_download_runs(self) -> None:
        if infos := self.selection().infos():
            self.post_message(DownloadArtifacts(infos, ""))

    def action_resume_run(self) -> None:
        """Open the dialog that resumes the run under the cursor."""
        line = self.table.line
        if line is not None and line.row is not None:
            self.post_message(OpenResume(self.table.view.frame.infos[line.row]))

    def marked_runs(self) -> GridSpec | None:
        """Return the marked runs with their metrics; None for fewer than 2 or without a metric."""
        return self.selection().marked_grid() if len(self.table.marks) > 1 else None

    def action_switch_view(self) -> None:
        view = VIEWS[(VIEWS.index(self.scope.view) + 1) % len(VIEWS)]
        self.post_message(self.ViewRequested(view))
        if view is ViewType.DELETED and not self.read_only_reason:
            advice = self.fill_keys("What is deleted: {delete} restores it, {purge} removes it for good.")
            self.notify(advice, markup=False)

    def action_save_view(self) -> None:
        self.post_message(AskText("Save this view as", placeholder="a name", on_answer=self._save_view))

    def _save_view(self, name: str) -> None:
        name = name.strip()
        if name and self.store_state:
            self.store_state.save_view(name, {"filter": self.bar.text, "layout": self.visible_layout.to_dict()})
            advice = self.fill_keys("{open-view} opens it.")
            self.notify(f"Saved the view {display(name)!r}: {advice}", markup=False)

    def action_open_view(self) -> None:
        """Ask for a saved view and show it."""
        if self.store_state is not None:
            self.post_message(ChooseView(self.store_state, on_answer=self._open_view, on_cancel=self.refresh_bindings))

    def _open_view(self, name: str) -> None:
        views = self.store_state.views if self.store_state else {}
        self.refresh_bindings()
        if name in views:
            layout, text = views[name].get("layout"), views[name].get("filter")
            self.set_layout(TableLayout.from_dict(layout if isinstance(layout, dict) else {}))
            self.bar.show(text if isinstance(text, str) else "")

    def action_export(self) -> None:
        """Ask for a format; export the visible lines to a file or the clipboard."""
        from qtui.runs.export import EXPORT_FORMATS

        choices = [
            Choice((name, to_file), f"{name} to {'a file' if to_file else 'the clipboard'}", note=EXPORT_NOTES[name])
            for to_file in (True, False)
            for name in EXPORT_FORMATS
        ]
        self.post_message(
            ChooseOne("Export the table", choices, on_answer=partial(self._export, self.table.view, self.scope.title))
        )

    def _export(self, view: TableView, title: str, choice: tuple[str, bool]) -> None:
        from qtui.runs.export import EXPORT_FORMATS, FILE_EXTENSIONS, export_lines

        name, to_file = choice
        lines = format_count(sum(1 for _ in export_lines(view)), "line")

        def make_text() -> str:
            return "".join(EXPORT_FORMATS[name](view))

        if to_file:
            extension = FILE_EXTENSIONS[name]
            self.post_message(SaveFile(f"Write {name} to", title or "runs", extension, make_text, lines))
        else:
            self.post_message(CopyExport(make_text, f"{lines} as {name}"))

    def action_copy_id(self) -> None:
        line = self.table.line
        if line is not None:
            self.post_message(CopyText(line.key, "the run ID"))

    def action_copy_value(self) -> None:
        line, column = self.table.line, self.current_column
        if line is not None and line.row is not None and column is not None:
            text = raw_text(self.table.view, line.row, column.field)
            self.post_message(CopyText(text or "", column.title or column.field.key))


def no_run_has(field: Field) -> str:
    """Return "no run has a metric 'x'"."""
    return f"no run has a {field.kind} {display(field.key)!r}"
