"""Many runs as columns: a frozen value that grows from batches as they come, infos first and values later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from types import MappingProxyType

from qtui.entities import DatasetInput, Run, RunInfo
from qtui.query.ast import Aggregate, Field, Kind
from qtui.query.wanted import EVERYTHING, Wanted
from qtui.runs.column_data import CodedColumn, ValueColumn, ValuePool
from qtui.runs.run_infos import RunInfos
from qtui.runs.value_batch import ColumnGroup, ValueBatch, column_group, dataset_identity

NO_COLUMNS: Mapping[str, ValueColumn] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class RunsFrame:
    """Runs by row and their values by column. Growing gives a new frame; what did not change is shared."""

    infos: RunInfos = field(default_factory=RunInfos)
    shelves: Mapping[ColumnGroup, Mapping[str, ValueColumn]] = field(default_factory=dict)
    """Columns by key: params, tags, and a metric's last, first, least and greatest value."""
    inputs: CodedColumn[tuple[DatasetInput, ...]] = field(
        default_factory=lambda: CodedColumn.absent(0, ValuePool(dataset_identity))
    )
    """The datasets that the runs read."""
    loaded: bytes = b""
    """Which rows have their values already."""
    stepped: frozenset[str] = frozenset()
    """The metrics that a run logged at another step than 0, so that they may have a curve."""

    @classmethod
    def of(cls, runs: Iterable[Run]) -> RunsFrame:
        """A frame of these runs with all they hold."""
        return cls().with_runs(tuple(runs))

    def __len__(self) -> int:
        return len(self.infos)

    def row(self, run_id: str) -> int | None:
        """Where a run is, if it is here."""
        return self.infos.row_of.get(run_id)

    def keys(self, kind: Kind) -> tuple[str, ...]:
        """The keys that runs have of params, metrics or tags, sorted."""
        return tuple(sorted(self.shelves.get((kind, Aggregate.LAST), NO_COLUMNS)))

    def column(self, of: Field) -> ValueColumn | None:
        """The column of a param, a tag or a metric, if any run has it."""
        return self.shelves.get(column_group(of), NO_COLUMNS).get(of.key)

    def with_infos(self, infos: Iterable[RunInfo]) -> RunsFrame:
        """With these runs added or brought up to date."""
        grown = self.infos.updated(infos)
        if grown is self.infos:
            return self
        size = len(grown)
        shelves = {
            shelf: {key: column.grown(size) for key, column in columns.items()}
            for shelf, columns in self.shelves.items()
        }
        return RunsFrame(grown, shelves, self.inputs.grown(size), self.loaded.ljust(size, b"\0"), self.stepped)

    def with_runs(self, runs: Sequence[Run], wanted: Wanted = EVERYTHING) -> RunsFrame:
        """With the values of these runs, which were read as `wanted`: what was wanted and is gone is removed."""
        frame = self.with_infos(run.info for run in runs)
        rows = [frame.infos.row_of[run.info.run_id] for run in runs]
        batch = ValueBatch(rows, runs, wanted)
        loaded = bytearray(frame.loaded)
        again = [row for row in rows if loaded[row]]
        for row in rows:
            loaded[row] = True
        shelves = {
            shelf: batch.put(shelf, frame.shelves.get(shelf, NO_COLUMNS), len(frame), again)
            for shelf in {*frame.shelves, *batch.shelves}
        }
        stepped = frame.stepped | batch.stepped
        return RunsFrame(frame.infos, shelves, batch.put_inputs(frame.inputs), bytes(loaded), stepped)

    def without(self, run_ids: Iterable[str]) -> RunsFrame:
        """Without these runs."""
        keep = bytearray(b"\1" * len(self))
        for run_id in run_ids:
            if (row := self.row(run_id)) is not None:
                keep[row] = False
        if all(keep):
            return self
        kept = bytes(keep)
        shelves = {
            shelf: {key: column.kept(kept) for key, column in columns.items()}
            for shelf, columns in self.shelves.items()
        }
        loaded = bytes(compress(self.loaded, kept))
        return RunsFrame(self.infos.kept(kept), shelves, self.inputs.kept(kept), loaded, self.stepped)
