"""Runs on a board: the filter above, the table, and what is said where there is nothing to show."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from qtui.query import logged_fields
from qtui.query.ast import LOGGED_KINDS, Field, Kind
from qtui.query.ast import Filter as Wish
from qtui.query.rewrite import asks_for_stale
from qtui.recorder.reading.health import SILENCE
from qtui.runs.arrange import arrange
from qtui.runs.column_specs import RUN_COLUMNS, ColumnFormat, ColumnSpec, column_named, with_sorted_column
from qtui.runs.default_columns import default_columns
from qtui.runs.history_needs import HistoryNeeds, history_needs
from qtui.runs.table_layout import TableLayout
from qtui.runs.table_view import TableView
from qtui.text import display, width
from qtui.tui.present.run_scope import Scope, nothing_here
from qtui.tui.present.runs_title import runs_title
from qtui.tui.state import StoreState
from qtui.tui.widgets.notice import Notice
from qtui.tui.widgets.query_bar import QueryBar
from qtui.tui.widgets.runs_model import HeldRuns
from qtui.tui.widgets.runs_table import RunsTable

TITLE_FRAME_CELLS = 4
"""The cells of the line above the pane that its title does not fill."""


class RunsBoard(HeldRuns):
    """Shows the runs that it is given, filtered and laid out as the user wants, which is remembered by experiment."""

    DEFAULT_CSS = """
    RunsBoard {
        & > Notice { display: none; }
        &.-empty > Notice { display: block; }
        &.-empty > RunsTable { display: none; }
    }
    """

    class NeedsChanged(Message):
        """Other histories are needed than before."""

    def __init__(self, clock: Callable[[], int], silence: timedelta = SILENCE) -> None:
        super().__init__(clock, silence)
        self.needs = HistoryNeeds()
        self.memory: StoreState | None = None
        self.chosen = TableLayout()
        self.column_names: tuple[str, ...] = ()
        """The columns to show unless somebody chooses, by the names of the settings."""
        self.wish: Wish | None = None
        self.seen: tuple[str, ...] = ()
        self._other_runs = False
        self._shows_order = False
        self._matching = ""
        self._missing_order: list[Field] = []

    def compose(self) -> ComposeResult:
        """Filter, table, notice."""
        bar = QueryBar(self._clock)
        bar.lookup = self._kinds_of_keys
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

    # What the screen gives

    def begin(self, scope: Scope) -> None:
        """Show the runs of something else from now on; the old ones stay until the first of the new ones come."""
        if scope.key != self.scope.key:
            remembered = self.memory.layout(scope.key) if self.memory else {}
            self.chosen = TableLayout.from_dict(remembered)
            self.table.reset_cursor()
            self._other_runs = True
        super().begin(scope)
        self._show_title()

    def _show_title(self) -> None:
        """Show the state of the table in the title: scope, order, filter count, marks, grouping."""
        layout = replace(self.chosen, columns=self.table.view.columns)
        cells = self.size.width - TITLE_FRAME_CELLS - width(self.HEADING)
        self.show_title(runs_title(self.scope, layout, cells, filtered=self._matching, marks=len(self.table.marks)))

    def on_resize(self) -> None:
        """Fit the title into the new width."""
        self._show_title()

    @on(RunsTable.MarksChanged)
    def _count_marks(self) -> None:
        self._show_title()

    def say(self, heading: str, text: str) -> None:
        """Say why nothing can be shown."""
        self.add_class("-empty")
        self.query_one(Notice).say(heading, text)

    def go_to(self, run_id: str) -> bool:
        """Put the cursor on a run, if it is shown."""
        index = self.table.view.index(run_id)
        if index is not None:
            self.table.go_to(index)
        return index is not None

    # What is shown

    def rearrange(self) -> None:
        """Lay out the runs as they are wanted now."""
        self.bar.look_up_again()
        columns = self.chosen.columns or self._usual_columns()
        layout = replace(self.chosen, columns=with_sorted_column(self.frame, columns, self.chosen.order_by))
        view = arrange(
            self.frame,
            layout,
            self.wish,
            now=self._clock(),
            experiments=self.scope.short_names,
            curves=self.curves,
            stale=self.stale,
        )
        if self._other_runs and not self._fresh:
            # Not before: until the first of them come, the old ones are shown, and measured when they are drawn again.
            self._other_runs = False
            self.table.reset_columns()
            self._shows_order = True
        self.table.view = view
        if self._shows_order and not self._fresh:
            self._shows_order = False
            self.table.go_to_field(self.chosen.order_by[0].field if self.chosen.order_by else None)
        self._say_needs(history_needs(layout, self.wish))
        self._say_what_is_here(view)
        self._matching = f"{len(view.rows):,} of {len(self.frame):,}" if self.wish else ""
        missing = map(no_run_has, self._missing(logged_fields(self.wish)))
        self.bar.found = ", ".join(filter(None, (self._matching, *missing)))
        self._say_missing_order(layout)
        self._show_title()
        self.refresh_bindings()

    def _kinds_of_keys(self, keys: Collection[str]) -> Mapping[str, Collection[Kind]]:
        """Return the kinds in which the runs that are known have these keys."""
        return {key: [kind for kind in LOGGED_KINDS if self.frame.column(Field(kind, key)) is not None] for key in keys}

    def _missing(self, fields: Iterable[Field]) -> list[Field]:
        """Return the fields that no run has, none before the values of all runs are read."""
        if not self.complete or not len(self.frame) or 0 in self.frame.loaded:
            return []
        return [field for field in fields if self.frame.column(field) is None]

    def _say_missing_order(self, layout: TableLayout) -> None:
        """Say once that the runs are sorted by a key that none of them has."""
        missing = self._missing(logged_fields(None, layout.order_by))
        for field in missing:
            if field not in self._missing_order:
                self.notify(f"Not sorted: {no_run_has(field)}.", severity="warning", markup=False)
        self._missing_order = missing

    def _usual_columns(self) -> tuple[ColumnSpec, ...]:
        if self.column_names:
            named = (column_named(self.frame, name) for name in self.column_names)
            return tuple({column.key: column for column in (RUN_COLUMNS["name"], *named)}.values())
        columns = default_columns(self.frame)
        if not self.scope.several:
            return columns
        return (*columns[:2], RUN_COLUMNS["experiment"], *columns[2:])

    def lay_out(self, layout: TableLayout) -> None:
        """Lay out differently, and remember it."""
        self._shows_order = layout.order_by != self.chosen.order_by
        self.chosen = layout
        if self.memory:
            self.memory.save_layout(self.scope.key, layout.to_dict())
        self.rearrange()

    def redraw(self) -> None:
        """Show what has changed that moves no line: curves, ages, what is stale."""
        if asks_for_stale(self.wish):
            self.rearrange()
        else:
            self.table.view = replace(self.table.view, now=self._clock(), curves=self.curves, stale=self.stale)

    def _say_needs(self, needs: HistoryNeeds) -> None:
        if needs != self.needs:
            self.needs = needs
            self.post_message(self.NeedsChanged())

    def _say_what_is_here(self, view: TableView) -> None:
        self.set_class(not len(view), "-empty")
        if len(view) or self._fresh:
            return
        heading, text = nothing_here(self.scope, len(self.frame), complete=self.complete, settled=self.is_settled)
        self.query_one(Notice).say(heading, text)

    # What the commands ask

    @property
    def run_count(self) -> int:
        """How many runs are shown."""
        return len(self.table.view)

    @property
    def at_run(self) -> bool:
        """Whether the cursor is on a run."""
        line = self.table.line
        return line is not None and line.row is not None

    @property
    def at_metric(self) -> bool:
        """Whether the cursor is in the column of a metric."""
        column = self.current_column
        return column is not None and column.field.kind is Kind.METRIC and column.format is not ColumnFormat.CURVE

    @property
    def sorted_by(self) -> str:
        """The column that the runs are sorted by."""
        return self.chosen.order_by[0].field.key if self.chosen.order_by else ""

    @property
    def has_metrics(self) -> bool:
        """Whether any run that is known has a metric."""
        return bool(self.frame.keys(Kind.METRIC))

    @property
    def has_views(self) -> bool:
        """Whether views of this store are saved."""
        return bool(self.memory and self.memory.views)

    @property
    def current_column(self) -> ColumnSpec | None:
        """The column with the cursor."""
        columns = self.table.view.columns
        return columns[self.table.column] if self.table.column < len(columns) else None

    @property
    def layout_shown(self) -> TableLayout:
        """The layout of what is shown, the usual columns among it."""
        return self.table.view.layout

    # What happens inside

    @on(QueryBar.Changed)
    def _filter(self, event: QueryBar.Changed) -> None:
        event.stop()
        self.wish = event.filter
        self.rearrange()

    @on(QueryBar.Submitted)
    def _keep_filter(self, event: QueryBar.Submitted) -> None:
        event.stop()
        if self.memory:
            self.memory.add_to_history(event.text)
            self.bar.history = self.memory.history
        self.focus_inside()

    @on(QueryBar.Left)
    def _leave_filter(self, event: QueryBar.Left) -> None:
        event.stop()
        self.focus_inside()

    @on(RunsTable.VisibleRowsChanged)
    def _know_what_is_seen(self, event: RunsTable.VisibleRowsChanged) -> None:
        self.seen = event.run_ids

    @on(RunsTable.SortRequested)
    def _sort(self, event: RunsTable.SortRequested) -> None:
        event.stop()
        self.lay_out(self.chosen.sort_by(event.field, add=event.add))

    @on(RunsTable.FoldRequested)
    def _fold(self, event: RunsTable.FoldRequested) -> None:
        event.stop()
        closed = self.chosen.folded | event.keys if event.hide else self.chosen.folded - event.keys
        self.chosen = replace(self.chosen, folded=closed)
        self.rearrange()

    @on(RunsTable.ColumnResized)
    def _resize_column(self, event: RunsTable.ColumnResized) -> None:
        event.stop()
        self.lay_out(self.layout_shown.with_column(event.column))

    @on(RunsTable.ColumnMoved)
    def _move_column_to(self, event: RunsTable.ColumnMoved) -> None:
        event.stop()
        self.lay_out(self.layout_shown.move_column(event.column, event.to))

    def focus_inside(self) -> None:
        """Give the focus to the table, or to the notice in its place."""
        self.screen.set_focus(self.query_one(Notice) if self.has_class("-empty") else self.table)


def no_run_has(field: Field) -> str:
    """Return in words that no run has a metric, a param or a tag."""
    return f"no run has a {field.kind} {display(field.key)!r}"
