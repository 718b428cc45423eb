"""The metric histories that a table needs: summaries to show, sort and filter by, and sparklines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set

from qtui.entities import RunInfo
from qtui.query import required_values
from qtui.query.ast import Field, FieldKind, Filter, OrderBy
from qtui.runs.column_data import NumberColumn
from qtui.runs.column_specs import ColumnFormat
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_layout import TableLayout
from qtui.value_classes import dataclass


@dataclass(frozen=True, slots=True)
class HistoryNeeds:
    """The metrics whose histories a table needs."""

    summaries: frozenset[str] = frozenset()
    """For all runs: the table shows, sorts or filters by the first, minimum, maximum or best value."""

    curves: frozenset[str] = frozenset()
    """For the visible runs only: the table shows a sparkline."""


def history_needs(layout: TableLayout, filter: Filter | None = None) -> HistoryNeeds:
    columns = [OrderBy(column.field) for column in layout.columns]
    summaries = required_values(filter, (*layout.order_by, *columns)).summaries
    curves = (column.field.key for column in layout.columns if column.format is ColumnFormat.SPARKLINE)
    return HistoryNeeds(summaries or frozenset(), frozenset(curves))


def group_unloaded_runs(
    frame: RunsFrame, rows: Iterable[int], keys: Set[str], loaded: Mapping[str, Set[str]]
) -> Mapping[frozenset[str], tuple[RunInfo, ...]]:
    """Group the runs in `rows` by the metrics among `keys` whose history is still to load.

    `loaded` has the IDs of the runs with a loaded history by metric.
    """
    candidates = list(rows)
    missing: dict[int, set[str]] = defaultdict(set)
    for key in sorted(keys):
        column = frame.column(Field(FieldKind.METRIC, key))
        loaded_ids = loaded.get(key, frozenset())
        if isinstance(column, NumberColumn):
            for row in candidates:
                if column.present[row] and frame.infos[row].run_id not in loaded_ids:
                    missing[row].add(key)
    groups: dict[frozenset[str], list[RunInfo]] = defaultdict(list)
    for row, metrics in missing.items():
        groups[frozenset(metrics)].append(frame.infos[row])
    return {metrics: tuple(infos) for metrics, infos in groups.items()}
