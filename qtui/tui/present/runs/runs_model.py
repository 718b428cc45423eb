"""The state of the runs pane, without a widget: loaded runs, layout, filter and scope."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from qtui.entities import Run, RunInfo
from qtui.query.ast import LOGGED_KINDS, Field, FieldKind, Filter
from qtui.query.projection import ALL_VALUES, Projection
from qtui.recorder.reading.health import is_stale
from qtui.runs.arrange import arrange
from qtui.runs.column_specs import RUN_COLUMNS, ColumnSpec, columns_named, with_delta_columns, with_sorted_column
from qtui.runs.default_columns import default_columns
from qtui.runs.history_needs import HistoryNeeds, history_needs
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_layout import TableLayout
from qtui.runs.table_view import CurveValues, TableView
from qtui.tui.present.runs.run_scope import Scope


class RunsModel:
    """The runs of a scope as they are loaded, and the table view of them."""

    def __init__(self, clock: Callable[[], int], stale_after: timedelta, column_names: Sequence[str] = ()) -> None:
        """Create an empty model.

        `stale_after` is the time without a write after which a running run is stale; `column_names` are the columns of
        a layout without its own, by the names of the setting `columns`.
        """
        self._clock = clock
        self.stale_after = stale_after
        self._last_writes: Mapping[str, int | None] = {}
        self.column_names = tuple(column_names)
        self.scope = Scope()
        self.frame = RunsFrame()
        self.layout = TableLayout()
        """The layout that the user chose; without columns it gets the default ones."""
        self.filter: Filter | None = None
        self.curves: CurveValues = {}
        self.marked_infos: dict[str, RunInfo] = {}
        """The marked runs by ID, also those that have left the table."""
        self.complete = False
        """Whether the infos of all runs are loaded."""
        self.awaits_runs = False
        """Whether the frame still has the runs of the previous scope."""

    def set_scope(self, scope: Scope) -> None:
        """Start to load a scope; the runs of the previous one stay until the first new ones are loaded."""
        if scope.key != self.scope.key:
            self.curves, self._last_writes = {}, {}
        self.scope, self.complete, self.awaits_runs = scope, False, True

    def add_infos(self, infos: Iterable[RunInfo], *, complete: bool) -> bool:
        """Add runs without values; return True if they are the first ones of the scope."""
        is_first, self.awaits_runs, self.complete = self.awaits_runs, False, complete
        self.frame = (RunsFrame() if is_first else self.frame).with_infos(infos)
        return is_first

    def add_values(self, runs: Sequence[Run], projection: Projection = ALL_VALUES) -> None:
        """Add the values of runs, which were loaded with `projection`."""
        self.frame = self.frame.with_runs(runs, projection)

    def remove(self, run_ids: Iterable[str]) -> None:
        """Remove runs."""
        self.frame = self.frame.without(run_ids)

    def add_curves(self, curves: CurveValues) -> None:
        """Add the values of sparklines by metric and run."""
        merged = {key: {**self.curves.get(key, {}), **by_run} for key, by_run in curves.items()}
        self.curves = {**self.curves, **merged}

    def set_last_writes(self, times: Mapping[str, int | None]) -> None:
        """Set the times (ms) of the last writes of running runs."""
        self._last_writes = times

    def follow_marks(self, marks: frozenset[str]) -> None:
        """Keep the infos of marked runs, which may leave the table while they stay marked."""
        infos = self.frame.infos
        before = {run_id: info for run_id, info in self.marked_infos.items() if run_id in marks}
        present = {run_id: infos[infos.row_by_id[run_id]] for run_id in marks & infos.row_by_id.keys()}
        self.marked_infos = before | present

    @property
    def stale(self) -> frozenset[str]:
        """The IDs of running runs that have written nothing for too long."""
        now, frame = self._clock(), self.frame
        return frozenset(
            run_id
            for run_id, time in self._last_writes.items()
            if (row := frame.row(run_id)) is not None and is_stale(frame.infos[row], time, now, self.stale_after)
        )

    @property
    def has_running_runs(self) -> bool:
        """True if any run is running."""
        return bool(self.frame.infos.running_ids)

    @property
    def has_metrics(self) -> bool:
        """True if any loaded run has a metric."""
        return self.frame.has_keys(FieldKind.METRIC)

    @property
    def visible_layout(self) -> TableLayout:
        """The layout with default columns where the user chose none, and with the column that sorts."""
        columns = self.layout.columns or self._default_columns()
        columns = with_sorted_column(self.frame, columns, self.layout.order_by)
        has_baseline = self.frame.row(self.layout.baseline) is not None
        return replace(self.layout, columns=with_delta_columns(columns, has_baseline=has_baseline))

    def _default_columns(self) -> tuple[ColumnSpec, ...]:
        if self.column_names:
            named = (column for name in self.column_names for column in columns_named(self.frame, name))
            return tuple({column.key: column for column in (RUN_COLUMNS["name"], *named)}.values())
        columns = default_columns(self.frame)
        if not self.scope.several:
            return columns
        return (*columns[:2], RUN_COLUMNS["experiment"], *columns[2:])

    def view(self) -> TableView:
        """Return the table view of the runs, for the current time."""
        return arrange(
            self.frame,
            self.visible_layout,
            self.filter,
            now=self._clock(),
            experiments=self.scope.short_names,
            curves=self.curves,
            stale=self.stale,
        )

    def refresh_view(self, view: TableView) -> TableView:
        """Return a view with the same lines, and current times, sparklines and stale runs."""
        return replace(view, now=self._clock(), curves=self.curves, stale=self.stale)

    def history_needs(self) -> HistoryNeeds:
        """Return the histories that the layout and the filter need."""
        return history_needs(self.visible_layout, self.filter)

    def filter_count(self, view: TableView) -> str:
        """Return how many runs match the filter: "24 of 37"; empty without a filter."""
        return f"{len(view.rows):,} of {len(self.frame):,}" if self.filter else ""

    def missing_fields(self, fields: Iterable[Field]) -> list[Field]:
        """Return the fields that no run has; none before the values of all runs are loaded."""
        if not self.complete or not len(self.frame) or 0 in self.frame.loaded:
            return []
        return [field for field in fields if self.frame.column(field) is None]

    def kinds_of_keys(self, keys: Collection[str]) -> Mapping[str, Collection[FieldKind]]:
        """Return the kinds of fields in which the runs have these keys."""
        return {key: [kind for kind in LOGGED_KINDS if self.frame.column(Field(kind, key)) is not None] for key in keys}
