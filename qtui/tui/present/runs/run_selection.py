"""The runs of a table that a command applies to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import partial
from typing import TYPE_CHECKING

from qtui.entities import RunInfo, Status, ViewType
from qtui.query.ast import Field, FieldKind
from qtui.runs.column_specs import ColumnSpec
from qtui.runs.table_view import TableLine, TableView
from qtui.tui.present.runs.vocabulary import tag_vocabulary
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from qtui.store.edits import Item
    from qtui.tui.present.charts.chart_spec import ChartSpec
    from qtui.tui.present.charts.grid_spec import GridSpec
    from qtui.tui.present.compare.compare_selection import CompareSelection
    from qtui.tui.present.edit_selection import EditSelection


@dataclass(frozen=True, slots=True)
class RunSelection:
    """The marked runs, or else those under the cursor."""

    view: TableView
    marks: frozenset[str] = frozenset()
    at_cursor: frozenset[str] = frozenset()
    """The IDs of the run or of the runs of the group under the cursor."""

    line: TableLine | None = None
    """The line under the cursor."""

    column: ColumnSpec | None = None
    """The column under the cursor."""

    marked_infos: Mapping[str, RunInfo] = field(default_factory=dict)
    """The marked runs by ID, also those that the table does not have any more."""

    @property
    def run_ids(self) -> frozenset[str]:
        """The IDs of the runs."""
        return self.marks or self.at_cursor

    @property
    def current(self) -> RunInfo | None:
        """The run under the cursor."""
        return self.view.frame.infos[self.line.row] if self.line and self.line.row is not None else None

    def infos(self, stages: ViewType = ViewType.ALL) -> tuple[RunInfo, ...]:
        """Return the runs in the order of the lines, hidden ones and those of other experiments last.

        Runs whose lifecycle stage is not among `stages` are left out.
        """
        all_infos = self.view.frame.infos
        rows = {row for row in map(all_infos.row_by_id.get, self.run_ids) if row is not None}
        in_order = filter(rows.__contains__, self.view.lines.entries)
        infos = map(all_infos.items.__getitem__, dict.fromkeys((*in_order, *sorted(rows))))
        selected = (*infos, *self._infos_elsewhere())
        return selected if stages is ViewType.ALL else tuple(run for run in selected if run.lifecycle_stage == stages)

    def running_ids(self, stages: ViewType) -> frozenset[str]:
        """Return the IDs of the running runs; fast for thousands of marked runs."""
        infos = self.view.frame.infos
        running = [infos[infos.row_by_id[run_id]] for run_id in self.run_ids & infos.running_ids]
        running += [info for info in self._infos_elsewhere() if info.status == Status.RUNNING]
        return frozenset(info.run_id for info in running if stages.admits(info.lifecycle_stage))

    def _infos_elsewhere(self) -> list[RunInfo]:
        """Return the marked runs that the table does not have."""
        run_ids = self.marked_infos.keys() - self.view.frame.infos.row_by_id.keys()
        return [info for run_id, info in self.marked_infos.items() if run_id in run_ids] if run_ids else []

    def to_edit(self, stages: ViewType, stale: frozenset[str]) -> EditSelection:
        """Return the runs to edit, with their tags as far as they are loaded; `stale` has the IDs of stale runs."""
        from qtui.tui.present.edit_selection import EditSelection

        runs, frame = self.infos(stages), self.view.frame
        matches = frozenset(self.view.rows)
        fields = [Field(FieldKind.TAG, key) for key in frame.keys(FieldKind.TAG)]
        columns = [(tag.key, column) for tag in fields if (column := frame.column(tag)) is not None]

        def tags_of(item: Item) -> Mapping[str, str] | None:
            row = frame.row(item.run_id) if isinstance(item, RunInfo) else None
            if row is None or not frame.loaded[row]:
                return None
            values = ((key, column[row]) for key, column in columns)
            return {key: value for key, value in values if isinstance(value, str)}

        hidden_count = sum(frame.row(run.run_id) not in matches for run in runs)
        return EditSelection(runs, tags_of, partial(tag_vocabulary, frame), stale, hidden_count=hidden_count)

    def to_compare(self, experiments: Mapping[str, str]) -> CompareSelection:
        """Return the runs to compare in the order of the table; `experiments` has the names of experiments by ID."""
        from qtui.tui.present.compare.compare_selection import select_runs

        frame = self.view.frame
        in_order: Sequence[str] = [frame.infos[row].run_id for row in self.view.rows]
        run_ids = [run_id for run_id in dict.fromkeys((*in_order, *self.marked_infos)) if run_id in self.run_ids]
        directions = self.view.layout.higher_is_better
        return select_runs(frame, run_ids, self.marked_infos, experiments, directions)

    def to_chart(self) -> ChartSpec | None:
        """Return the chart of the runs; None if they have no metric."""
        from qtui.tui.present.charts.chart_selection import chart_spec_for_selection

        return chart_spec_for_selection(self.view, self.marks, self.line, self.column)

    def marked_grid(self) -> GridSpec | None:
        """Return the marked runs with their metrics; None for fewer than 2 or without a metric."""
        from qtui.tui.present.charts.chart_selection import chart_spec_for_selection
        from qtui.tui.present.charts.grid_spec import grid_spec_of

        spec = chart_spec_for_selection(self.view, self.marks, None, None) if len(self.marks) > 1 else None
        return grid_spec_of(spec) if spec else None
