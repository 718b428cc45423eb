"""What a table needs of the metrics' histories: summaries to show, sort and filter by, and curves to draw."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from qtui.entities import RunInfo
from qtui.query import needed
from qtui.query.ast import Field, Filter, Kind, OrderBy
from qtui.runs.column_data import NumberColumn
from qtui.runs.column_specs import ColumnFormat
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_layout import TableLayout


@dataclass(frozen=True, slots=True)
class HistoryNeeds:
    """The metrics whose histories are needed."""

    summaries: frozenset[str] = frozenset()
    """Of every run: their first, least, greatest or best value is shown, sorted by or asked for in the filter."""

    curves: frozenset[str] = frozenset()
    """Of the runs in sight alone: they are drawn."""


def history_needs(layout: TableLayout, wanted: Filter | None = None) -> HistoryNeeds:
    """What a layout and a filter need."""
    columns = [OrderBy(each.field) for each in layout.columns]
    summaries = needed(wanted, (*layout.order_by, *columns)).summaries
    return HistoryNeeds(
        summaries or frozenset(),
        frozenset(each.field.key for each in layout.columns if each.look is ColumnFormat.CURVE),
    )


def runs_without_history(
    frame: RunsFrame, rows: Iterable[int], keys: Set[str], read: Mapping[str, Set[str]]
) -> Mapping[frozenset[str], tuple[RunInfo, ...]]:
    """The runs in these rows that have one of these metrics of which no history was read, by what is to be read."""
    places = list(rows)
    missing: dict[int, set[str]] = defaultdict(set)
    for key in sorted(keys):
        column = frame.column(Field(Kind.METRIC, key))
        known = read.get(key, frozenset())
        if isinstance(column, NumberColumn):
            for row in places:
                if column.present[row] and frame.infos[row].run_id not in known:
                    missing[row].add(key)
    groups: dict[frozenset[str], list[RunInfo]] = defaultdict(list)
    for row, some in missing.items():
        groups[frozenset(some)].append(frame.infos[row])
    return {some: tuple(infos) for some, infos in groups.items()}
