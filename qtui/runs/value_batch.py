"""Merge the values of a batch of runs into columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Any, TypeAlias

from qtui.entities import DatasetInput, Run
from qtui.query import higher_is_better
from qtui.query.ast import Aggregate, Field, FieldKind
from qtui.query.projection import Projection
from qtui.runs.column_data import CodedColumn, NumberColumn, ValueColumn

ColumnGroup: TypeAlias = tuple[FieldKind, Aggregate]
"""A set of columns with distinct keys: one per kind, and per aggregate of a metric's history."""

PARAMS: ColumnGroup = (FieldKind.PARAM, Aggregate.LAST)
TAGS: ColumnGroup = (FieldKind.TAG, Aggregate.LAST)
METRICS: ColumnGroup = (FieldKind.METRIC, Aggregate.LAST)
SUMMARY_ATTRIBUTES: Mapping[Aggregate, str] = {Aggregate.FIRST: "first", Aggregate.MIN: "min", Aggregate.MAX: "max"}
"""The attribute of `Summary` for each aggregate."""


def column_group(field: Field) -> ColumnGroup:
    """Return the group that has the column of a field; the best value is the maximum or the minimum."""
    if field.aggregate is Aggregate.BEST:
        return field.kind, Aggregate.MAX if higher_is_better(field.key) else Aggregate.MIN
    return field.kind, field.aggregate


class ValueBatch:
    """The values of some runs by column group, key and row."""

    def __init__(self, rows: Sequence[int], runs: Sequence[Run], selection: Projection) -> None:
        self.rows = rows
        self.runs = runs
        self.selection = selection
        self.stepped_metrics: set[str] = set()
        """Metrics whose last step is not 0, so that they may have a curve."""
        self.values: dict[ColumnGroup, dict[str, dict[int, Any]]] = defaultdict(lambda: defaultdict(dict))
        params, tags, metrics = self.values[PARAMS], self.values[TAGS], self.values[METRICS]
        for row, run in zip(rows, runs, strict=True):
            for key, text in run.params.items():
                params[key][row] = text
            for key, text in run.tags.items():
                tags[key][row] = text
            for key, point in run.metrics.items():
                metrics[key][row] = point.value
                if point.step:
                    self.stepped_metrics.add(key)
            for key, summary in run.summaries.items():
                for aggregate, attribute in SUMMARY_ATTRIBUTES.items():
                    self.values[FieldKind.METRIC, aggregate][key][row] = getattr(summary, attribute)

    def merge(
        self, group: ColumnGroup, columns: Mapping[str, ValueColumn], size: int, reloaded: Collection[int]
    ) -> dict[str, ValueColumn]:
        """Return the columns of a group with this batch; `reloaded` rows lose selected values they no longer have."""
        merged = dict(columns)
        for key in {*columns, *self.values[group]}:
            changes = self.values[group].get(key, {})
            if reloaded and self._selects(group, key):
                changes = dict.fromkeys(reloaded) | changes
            if changes:
                merged[key] = (columns.get(key) or _empty_column(group, size)).with_changes(changes)
        return {key: column for key, column in merged.items() if column.has_values}

    def merge_inputs(self, inputs: CodedColumn[tuple[DatasetInput, ...]]) -> CodedColumn[tuple[DatasetInput, ...]]:
        """Return the datasets of all rows with those of this batch."""
        if not self.selection.inputs:
            return inputs
        return inputs.with_changes({row: run.inputs or None for row, run in zip(self.rows, self.runs, strict=True)})

    def _selects(self, group: ColumnGroup, key: str) -> bool:
        kind, aggregate = group
        if kind is FieldKind.METRIC and aggregate is not Aggregate.LAST:
            keys = self.selection.summaries
        else:
            selected = {FieldKind.PARAM: self.selection.params, FieldKind.TAG: self.selection.tags}
            keys = selected.get(kind, self.selection.metrics)
        return keys is None or key in keys


def dataset_identity(inputs: tuple[DatasetInput, ...]) -> Hashable:
    """Return a hashable key that is equal for equal datasets."""
    return tuple(
        (
            dataset.name,
            dataset.digest,
            dataset.source_type,
            dataset.source,
            dataset.schema,
            dataset.profile,
            *sorted(dataset.tags.items()),
        )
        for dataset in inputs
    )


def _empty_column(group: ColumnGroup, size: int) -> ValueColumn:
    return NumberColumn.empty(size) if group[0] is FieldKind.METRIC else CodedColumn.empty(size)
