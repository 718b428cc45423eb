"""A batch of runs turned into changes of columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Any, TypeAlias

from qtui.entities import DatasetInput, Run
from qtui.query import higher_is_better
from qtui.query.ast import Aggregate, Field, Kind
from qtui.query.wanted import Wanted
from qtui.runs.column_data import CodedColumn, NumberColumn, ValueColumn

ColumnGroup: TypeAlias = tuple[Kind, Aggregate]
"""Where columns of one kind stand; the aggregate tells apart what is kept of a metric's history."""

PARAMS: ColumnGroup = (Kind.PARAM, Aggregate.LAST)
TAGS: ColumnGroup = (Kind.TAG, Aggregate.LAST)
METRICS: ColumnGroup = (Kind.METRIC, Aggregate.LAST)
SUMMARIES: Mapping[Aggregate, str] = {Aggregate.FIRST: "first", Aggregate.MIN: "min", Aggregate.MAX: "max"}
"""What is kept of a metric's summary, and how it is called there."""


def column_group(field: Field) -> ColumnGroup:
    """Where the column of a field stands; the best value is the greatest or the least."""
    if field.aggregate is Aggregate.BEST:
        return field.kind, Aggregate.MAX if higher_is_better(field.key) else Aggregate.MIN
    return field.kind, field.aggregate


class ValueBatch:
    """The values of some runs by shelf, key and row."""

    def __init__(self, rows: Sequence[int], runs: Sequence[Run], wanted: Wanted) -> None:
        self.rows = rows
        self.runs = runs
        self.wanted = wanted
        self.stepped: set[str] = set()
        """The metrics whose last step is not 0, so that they may have a curve."""
        self.shelves: dict[ColumnGroup, dict[str, dict[int, Any]]] = defaultdict(lambda: defaultdict(dict))
        params, tags, metrics = self.shelves[PARAMS], self.shelves[TAGS], self.shelves[METRICS]
        for row, run in zip(rows, runs, strict=True):
            for key, text in run.params.items():
                params[key][row] = text
            for key, text in run.tags.items():
                tags[key][row] = text
            for key, point in run.metrics.items():
                metrics[key][row] = point.value
                if point.step:
                    self.stepped.add(key)
            for key, summary in run.summaries.items():
                for aggregate, name in SUMMARIES.items():
                    self.shelves[Kind.METRIC, aggregate][key][row] = getattr(summary, name)

    def put(
        self, shelf: ColumnGroup, columns: Mapping[str, ValueColumn], size: int, again: Collection[int]
    ) -> dict[str, ValueColumn]:
        """The columns of a shelf with this batch; what was wanted of a run read `again` and is gone goes from them."""
        changed = dict(columns)
        for key in {*columns, *self.shelves[shelf]}:
            changes = self.shelves[shelf].get(key, {})
            if again and self._wants(shelf, key):
                changes = dict.fromkeys(again) | changes
            if changes:
                changed[key] = (columns.get(key) or _empty_column(shelf, size)).changed(changes)
        return {key: column for key, column in changed.items() if column.any}

    def put_inputs(self, inputs: CodedColumn[tuple[DatasetInput, ...]]) -> CodedColumn[tuple[DatasetInput, ...]]:
        """The datasets of all rows with those of this batch."""
        if not self.wanted.inputs:
            return inputs
        return inputs.changed({row: run.inputs or None for row, run in zip(self.rows, self.runs, strict=True)})

    def _wants(self, shelf: ColumnGroup, key: str) -> bool:
        kind, aggregate = shelf
        if kind is Kind.METRIC and aggregate is not Aggregate.LAST:
            keys = self.wanted.summaries
        else:
            keys = {Kind.PARAM: self.wanted.params, Kind.TAG: self.wanted.tags}.get(kind, self.wanted.metrics)
        return keys is None or key in keys


def dataset_identity(inputs: tuple[DatasetInput, ...]) -> Hashable:
    """What tells the datasets of two runs apart."""
    return tuple(
        (each.name, each.digest, each.source_type, each.source, each.schema, each.profile, *sorted(each.tags.items()))
        for each in inputs
    )


def _empty_column(shelf: ColumnGroup, size: int) -> ValueColumn:
    return NumberColumn.absent(size) if shelf[0] is Kind.METRIC else CodedColumn.absent(size)
