"""Merge the values of a batch of runs into columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Any, TypeAlias

from qtui.entities import DatasetInput, Run
from qtui.query import higher_is_better
from qtui.query.ast import Aggregate, Field, FieldKind
from qtui.query.projection import Projection
from qtui.runs.column_data import CategoricalColumn, NumberColumn, ValueColumn

ColumnFamily: TypeAlias = tuple[FieldKind, Aggregate]
"""The kind and the aggregate of columns, which differ only in their keys."""

PARAMS: ColumnFamily = (FieldKind.PARAM, Aggregate.LAST)
TAGS: ColumnFamily = (FieldKind.TAG, Aggregate.LAST)
METRICS: ColumnFamily = (FieldKind.METRIC, Aggregate.LAST)
SUMMARY_ATTRIBUTES: Mapping[Aggregate, str] = {Aggregate.FIRST: "first", Aggregate.MIN: "min", Aggregate.MAX: "max"}
"""The attribute of `Summary` for each aggregate."""


def column_family(field: Field) -> ColumnFamily:
    """Return the family that has the column of a field; the best value is the maximum or the minimum."""
    if field.aggregate is Aggregate.BEST:
        return field.kind, Aggregate.MAX if higher_is_better(field.key) else Aggregate.MIN
    return field.kind, field.aggregate


class ValueBatch:
    """The values of a batch of runs by column family, key and row."""

    def __init__(self, rows: Sequence[int], runs: Sequence[Run], projection: Projection) -> None:
        self.rows = rows
        self.runs = runs
        self.projection = projection
        self.metrics_with_steps: set[str] = set()
        """Metrics whose last step is not 0, so that they may have a curve."""
        self.values: dict[ColumnFamily, dict[str, dict[int, Any]]] = defaultdict(lambda: defaultdict(dict))
        params, tags, metrics = self.values[PARAMS], self.values[TAGS], self.values[METRICS]
        for row, run in zip(rows, runs, strict=True):
            for key, text in run.params.items():
                params[key][row] = text
            for key, text in run.tags.items():
                tags[key][row] = text
            for key, point in run.metrics.items():
                metrics[key][row] = point.value
                if point.step:
                    self.metrics_with_steps.add(key)
            for key, summary in run.summaries.items():
                for aggregate, attribute in SUMMARY_ATTRIBUTES.items():
                    self.values[FieldKind.METRIC, aggregate][key][row] = getattr(summary, attribute)

    def merge(
        self, family: ColumnFamily, columns: Mapping[str, ValueColumn], size: int, reloaded: Collection[int]
    ) -> dict[str, ValueColumn]:
        """Return the columns of a family with this batch; `reloaded` rows lose the values they no longer have."""
        merged = dict(columns)
        for key in {*columns, *self.values[family]}:
            changes = self.values[family].get(key, {})
            if reloaded and self._projects(family, key):
                changes = dict.fromkeys(reloaded) | changes
            if changes:
                merged[key] = (columns.get(key) or _empty_column(family, size)).with_changes(changes)
        return {key: column for key, column in merged.items() if column.has_values}

    def merge_inputs(
        self, inputs: CategoricalColumn[tuple[DatasetInput, ...]]
    ) -> CategoricalColumn[tuple[DatasetInput, ...]]:
        """Return the datasets of all rows with those of this batch."""
        if not self.projection.inputs:
            return inputs
        return inputs.with_changes({row: run.inputs or None for row, run in zip(self.rows, self.runs, strict=True)})

    def _projects(self, family: ColumnFamily, key: str) -> bool:
        kind, aggregate = family
        if kind is FieldKind.METRIC and aggregate is not Aggregate.LAST:
            keys = self.projection.summaries
        else:
            selected = {FieldKind.PARAM: self.projection.params, FieldKind.TAG: self.projection.tags}
            keys = selected.get(kind, self.projection.metrics)
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


def _empty_column(family: ColumnFamily, size: int) -> ValueColumn:
    return NumberColumn.empty(size) if family[0] is FieldKind.METRIC else CategoricalColumn.empty(size)
