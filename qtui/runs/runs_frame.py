"""Runs as columns: an immutable table that grows batch by batch, run infos first and values later."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from itertools import compress
from types import MappingProxyType

from qtui import formatting
from qtui.entities import DatasetInput, Run, RunInfo
from qtui.query.ast import Aggregate, Field, FieldKind
from qtui.query.projection import ALL_VALUES, Projection
from qtui.runs.column_data import CategoricalColumn, ValueColumn, ValuePool
from qtui.runs.run_infos import RunInfos
from qtui.runs.value_batch import ColumnFamily, ValueBatch, column_family, dataset_identity
from qtui.value_classes import dataclass

DECIMALS_SAMPLE_SIZE = 64
"""Values that are sampled for the number of decimals of their column."""

NO_COLUMNS: Mapping[str, ValueColumn] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class RunsFrame:
    """Runs by row and their values by column. A change returns a new frame that shares the unchanged columns."""

    infos: RunInfos = field(default_factory=RunInfos)
    column_groups: Mapping[ColumnFamily, Mapping[str, ValueColumn]] = field(default_factory=dict)
    """Columns by key, for params, tags, and the last, first, minimum and maximum value of metrics."""
    inputs: CategoricalColumn[tuple[DatasetInput, ...]] = field(
        default_factory=lambda: CategoricalColumn.empty(0, ValuePool(dataset_identity))
    )
    """The datasets of the runs."""
    loaded: bytes = b""
    """One byte per row: 1 if the values of the run are loaded."""
    metrics_with_steps: frozenset[str] = frozenset()
    """Metrics that some run logged at a step other than 0, so that they may have a curve."""
    _decimals: dict[Field, int | None] = field(default_factory=dict, repr=False)

    @classmethod
    def from_runs(cls, runs: Iterable[Run]) -> RunsFrame:
        """Return a frame of these runs with all their values."""
        return cls().with_runs(tuple(runs))

    def __len__(self) -> int:
        return len(self.infos)

    def row(self, run_id: str) -> int | None:
        """Return the row of a run, None if the frame does not have it."""
        return self.infos.row_by_id.get(run_id)

    def keys(self, kind: FieldKind) -> tuple[str, ...]:
        """Return the sorted keys of all params, metrics or tags."""
        return tuple(sorted(self.column_groups.get((kind, Aggregate.LAST), NO_COLUMNS)))

    def has_keys(self, kind: FieldKind) -> bool:
        """Return whether any run has a param, metric or tag."""
        return bool(self.column_groups.get((kind, Aggregate.LAST)))

    def column(self, field: Field) -> ValueColumn | None:
        """Return the column of a param, a tag or a metric, None if no run has it."""
        return self.column_groups.get(column_family(field), NO_COLUMNS).get(field.key)

    def decimals(self, field: Field) -> int | None:
        """Return the number of decimals that aligns the values of a metric; None if they differ too much."""
        if field not in self._decimals:
            column, rows = self.column(field), self.infos.default_order
            sample = rows[:: max(1, len(rows) // DECIMALS_SAMPLE_SIZE)]
            values = [] if column is None else [value for row in sample if isinstance(value := column[row], float)]
            self._decimals[field] = formatting.shared_decimals(values)
        return self._decimals[field]

    def with_infos(self, infos: Iterable[RunInfo]) -> RunsFrame:
        """Return the frame with these runs added or updated."""
        merged = self.infos.with_updates(infos)
        if merged is self.infos:
            return self
        size = len(merged)
        groups = {
            group: {key: column.with_size(size) for key, column in columns.items()}
            for group, columns in self.column_groups.items()
        }
        return RunsFrame(
            merged, groups, self.inputs.with_size(size), self.loaded.ljust(size, b"\0"), self.metrics_with_steps
        )

    def with_runs(self, runs: Sequence[Run], selection: Projection = ALL_VALUES) -> RunsFrame:
        """Return the frame with the values of these runs, which were read with `selection`.

        A selected value that a run no longer has is removed.
        """
        frame = self.with_infos(run.info for run in runs)
        rows = [frame.infos.row_by_id[run.info.run_id] for run in runs]
        batch = ValueBatch(rows, runs, selection)
        loaded = bytearray(frame.loaded)
        reloaded = [row for row in rows if loaded[row]]
        for row in rows:
            loaded[row] = True
        groups = {
            group: batch.merge(group, frame.column_groups.get(group, NO_COLUMNS), len(frame), reloaded)
            for group in {*frame.column_groups, *batch.values}
        }
        stepped = frame.metrics_with_steps | batch.metrics_with_steps
        return RunsFrame(frame.infos, groups, batch.merge_inputs(frame.inputs), bytes(loaded), stepped)

    def without(self, run_ids: Iterable[str]) -> RunsFrame:
        import numpy

        gone = [row for row in map(self.infos.row_by_id.get, run_ids) if row is not None]
        if not gone:
            return self
        keep = numpy.ones(len(self), dtype=numpy.bool_)
        keep[gone] = False
        rows = numpy.flatnonzero(keep).astype(numpy.int32)
        groups = {
            group: {key: column.take(rows) for key, column in columns.items()}
            for group, columns in self.column_groups.items()
        }
        loaded = bytes(compress(self.loaded, keep.tobytes()))
        return RunsFrame(self.infos.select(keep), groups, self.inputs.take(rows), loaded, self.metrics_with_steps)

    def take(self, run_ids: Iterable[str]) -> RunsFrame:
        """Return a frame of these runs in this order, without the columns in which none of them has a value."""
        import numpy

        rows = array("i", (row for run_id in run_ids if (row := self.row(run_id)) is not None))
        indices = numpy.frombuffer(rows, dtype=numpy.int32)
        groups = {
            group: {key: taken for key, column in columns.items() if (taken := column.take(indices)).has_values}
            for group, columns in self.column_groups.items()
        }
        loaded = bytes(self.loaded[row] for row in rows)
        return RunsFrame(self.infos.take(rows), groups, self.inputs.take(indices), loaded, self.metrics_with_steps)
