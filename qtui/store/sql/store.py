"""The store in a database of MLflow's."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from qtui.entities import Artifact, Experiment, History, Listing, Problem, Run, RunCounts, RunInfo, View
from qtui.errors import StoreUnreadable
from qtui.query.wanted import EVERYTHING, Wanted
from qtui.store.building import no_garbage
from qtui.store.defaults import StoreDefaults
from qtui.store.protocol import ArtifactRoot, MetricUpdate, Page, RunQuery, StoreCapabilities
from qtui.store.sql.connections.database import Database
from qtui.store.sql.reading import artifact_roots, experiments, growth, histories, run_infos, run_values, search
from qtui.store.sql.reading.examine import examine
from qtui.store.sql.reading.pieces import read_apart

T = TypeVar("T")

FIRST_BATCH = 200
"""Runs in the first batch, which somebody waits for."""
BATCH = 10_000


class SqlStore(StoreDefaults):
    """An sqlite file, or a database on a PostgreSQL or MySQL server; it is read and never written."""

    def __init__(self, uri: str) -> None:
        self._database = Database(uri)

    @property
    def uri(self) -> str:
        """The database's address in MLflow's form."""
        return self._database.source.uri

    @property
    def kind(self) -> str:
        """`sqlite`, `postgresql` or `mysql`."""
        return self._database.source.kind

    @property
    def capabilities(self) -> StoreCapabilities:
        """The properties that callers adapt to."""
        return StoreCapabilities(pushes_filters=True)

    def experiments(self, view: View = View.ACTIVE) -> Listing[Experiment]:
        """Experiments, newest first as MLflow lists them."""
        return self._database.read(lambda look: experiments.experiments(look, view))

    def counts(self) -> Mapping[str, RunCounts]:
        """The active runs of every experiment, by status and experiment id."""
        return self._database.read(experiments.counts)

    def infos(
        self, experiment_ids: Sequence[str] | None = None, view: View = View.ACTIVE
    ) -> Iterator[Listing[RunInfo]]:
        """Run infos in batches."""
        rows = self._database.read(lambda look: run_infos.infos_in(look, experiment_ids, view))
        for batch in batches(rows):
            yield run_infos.listing_of(batch)

    def runs(self, infos: Sequence[RunInfo], wanted: Wanted = EVERYTHING) -> Iterator[Listing[Run]]:
        """The wanted values of these runs, in batches, in their order; runs that are gone are left out."""
        for batch in batches(infos):
            read = partial(self._values, batch)
            try:
                yield read(wanted)
            except StoreUnreadable:
                yield read_apart(read, wanted, self._database.source.place)

    def _values(self, infos: Sequence[RunInfo], wanted: Wanted) -> Listing[Run]:
        with no_garbage():
            return self._database.read(lambda look: run_values.runs_of(look, infos, wanted))

    def search(self, query: RunQuery) -> Page:
        """The runs that answer a query, filtered, sorted and cut by the database."""
        with no_garbage():
            return self._database.read(lambda look: search.search(look, query))

    def find(self, prefix: str) -> tuple[RunInfo, ...]:
        """Runs of any lifecycle stage whose id begins so; an exact id gives that run alone."""
        return self._database.read(lambda look: run_infos.beginning_with(look, prefix))

    def history(self, info: RunInfo, key: str) -> tuple[History, tuple[Problem, ...]]:
        """Every point of a metric, in MLflow's order."""
        return self._database.read(lambda look: histories.history(look, info, key))

    def metric_updates(self, info: RunInfo, cursors: Mapping[str, Hashable]) -> Mapping[str, MetricUpdate]:
        """The points since the marks; everything, when one came late and belongs before its mark."""
        return self._database.read(lambda look: growth.grown(look, info, cursors))

    def artifacts(self, info: RunInfo, path: str = "") -> Listing[Artifact]:
        """One level of a run's artifacts, sorted by path."""
        return artifact_roots.listed(info, self.artifact_root(info), path, self._database.folder)

    def download(self, info: RunInfo, path: str, destination: Path, *, overwrite: bool = False) -> Path:
        """Copy an artifact, or all that is in a folder of them, below a folder under its own path."""
        from qtui.store.artifacts.download import bringer_of, download

        bring = bringer_of(info, self.artifact_root(info))
        return download(path, destination, lambda level: self.artifacts(info, level), bring, overwrite=overwrite)

    def artifact_root(self, info: RunInfo) -> ArtifactRoot:
        """Where the run's artifacts are, also after the store was moved."""
        return artifact_roots.root_of(info, self._database.folder)

    def last_write(self, info: RunInfo) -> int | None:
        """The latest time that the run tells of: of a metric, its start or its end."""
        return self._database.read(lambda look: run_infos.last_write(look, info))

    def change_token(self, experiment_ids: Sequence[str] | None = None, view: View = View.ACTIVE) -> Hashable | None:
        """The condition of an sqlite file; what a server holds has to be read."""
        return self._database.source.pulse()

    def examine(self) -> Iterator[Problem]:
        """Read everything once and report all that is damaged, as it is found."""
        yield from examine(self._database)
        for batch in self.infos(view=View.ALL):
            for values_of_batch in self.runs(batch.items):
                yield from values_of_batch.problems

    def close(self) -> None:
        """Give back connections and files; the store can be asked again and opens anew."""
        self._database.source.close()


def batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """The items in slices, of which the first is small."""
    start, size = 0, FIRST_BATCH
    while start < len(items):
        yield items[start : start + size]
        start, size = start + size, BATCH
