"""A store in one of MLflow's databases."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar

from qtui.entities import (
    Artifact,
    ExperimentInfo,
    History,
    Listing,
    LoggedModel,
    Problem,
    Run,
    RunCounts,
    RunInfo,
    ViewType,
)
from qtui.errors import StoreUnreadable
from qtui.query.projection import ALL_VALUES, Projection
from qtui.store.defaults import StoreDefaults
from qtui.store.gc_pause import pause_gc_per_batch, paused_gc
from qtui.store.protocol import ArtifactRoot, MetricUpdate, Page, RunQuery, StoreCapabilities
from qtui.store.sql.connections.database import Database
from qtui.store.sql.reading import (
    artifact_roots,
    experiments,
    histories,
    logged_models,
    metric_updates,
    run_infos,
    run_values,
    search,
)
from qtui.store.sql.reading.examine import examine

T = TypeVar("T")

FIRST_BATCH_RUNS = 200
"""A small first batch arrives sooner."""
BATCH_RUNS = 10_000
MAX_BATCH_RUNS = 100_000
"""The largest batch, for which whole tables are read."""


class SqlStore(StoreDefaults):
    """A read-only store in an sqlite file, or in a database on a PostgreSQL or MySQL server."""

    def __init__(self, uri: str) -> None:
        self._database = Database(uri)

    @property
    def uri(self) -> str:
        """The address of the database in MLflow's form."""
        return self._database.source.uri

    @property
    def kind(self) -> str:
        """`sqlite`, `postgresql` or `mysql`."""
        return self._database.source.kind

    @property
    def capabilities(self) -> StoreCapabilities:
        return StoreCapabilities(pushes_filters=True, edits_locally=True)

    def experiments(self, view: ViewType = ViewType.ACTIVE) -> Listing[ExperimentInfo]:
        """Return the experiments of a view, newest first as in MLflow."""
        return self._database.read(lambda snapshot: experiments.read_experiments(snapshot, view))

    def counts(self) -> Mapping[str, RunCounts]:
        return self._database.read(experiments.count_runs)

    @pause_gc_per_batch
    def infos(
        self, experiment_ids: Sequence[str] | None = None, view: ViewType = ViewType.ACTIVE
    ) -> Iterator[Listing[RunInfo]]:
        """Yield run infos in batches."""
        rows = self._database.read(lambda snapshot: run_infos.read_info_rows(snapshot, experiment_ids, view))
        for batch in split_batches(rows):
            yield run_infos.parse_infos(batch)

    @pause_gc_per_batch
    def runs(self, infos: Sequence[RunInfo], projection: Projection = ALL_VALUES) -> Iterator[Listing[Run]]:
        """Yield runs with these values in batches, in the order of `infos`; deleted rows are left out."""
        for batch in split_batches(infos, self._batch_size(len(infos))):
            read = partial(self._read_values, batch)
            try:
                yield read(projection)
            except StoreUnreadable:
                yield run_values.read_kinds_separately(read, projection, self._database.source.label)

    def _batch_size(self, run_count: int) -> int:
        """Return the size of a batch: most runs of a database are read at once, which takes a third of the time."""
        if not BATCH_RUNS < run_count <= MAX_BATCH_RUNS:
            return BATCH_RUNS
        return (
            run_count
            if self._database.read(lambda snapshot: run_values.is_most_runs(snapshot, run_count))
            else BATCH_RUNS
        )

    def _read_values(self, infos: Sequence[RunInfo], projection: Projection) -> Listing[Run]:
        return self._database.read(lambda snapshot: run_values.read_runs(snapshot, infos, projection))

    def search(self, query: RunQuery) -> Page:
        """Return a page of runs, filtered, sorted and paged by the database."""
        with paused_gc():
            return self._database.read(lambda snapshot: search.search_runs(snapshot, query))

    def find(self, prefix: str) -> tuple[RunInfo, ...]:
        """Return the runs in any lifecycle stage whose ID starts with `prefix`, or only the exact match."""
        return self._database.read(lambda snapshot: run_infos.find_by_prefix(snapshot, prefix))

    def history(self, info: RunInfo, key: str) -> tuple[History, tuple[Problem, ...]]:
        """Return all points of a metric, in MLflow's order."""
        return self._database.read(lambda snapshot: histories.read_history(snapshot, info, key))

    def metric_updates(self, info: RunInfo, cursors: Mapping[str, Hashable]) -> Mapping[str, MetricUpdate]:
        """Return the points since the cursors; all points of a metric if one was logged late, before its cursor."""
        return self._database.read(lambda snapshot: metric_updates.read_metric_updates(snapshot, info, cursors))

    def artifacts(self, info: RunInfo, path: str = "") -> Listing[Artifact]:
        """Return one level of a run's artifacts, sorted by path."""
        return artifact_roots.list_artifacts(info, self.artifact_root(info), path, self._database.folder)

    def logged_models(self, info: RunInfo) -> Listing[LoggedModel]:
        return Listing(self._database.read(lambda snapshot: logged_models.read_logged_models(snapshot, info)))

    def artifact_root(self, info: RunInfo) -> ArtifactRoot:
        """Return the artifact root of a run, also after the store was moved."""
        return artifact_roots.find_artifact_root(info, self._database.folder)

    def last_write(self, info: RunInfo) -> int | None:
        """Return the latest recorded time of a run: of its metrics, start, end or deletion."""
        return self._database.read(lambda snapshot: run_infos.read_last_write(snapshot, info))

    def change_token(
        self, experiment_ids: Sequence[str] | None = None, view: ViewType = ViewType.ACTIVE
    ) -> Hashable | None:
        """Return the state of an sqlite file, None for a server."""
        return self._database.source.change_token()

    def examine(self, listings: Iterable[Listing[RunInfo]] | None = None) -> Iterator[Problem]:
        """Read everything once and yield the problems."""
        yield from examine(self._database)
        for batch in self.infos(view=ViewType.ALL) if listings is None else listings:
            for listing in self.runs(batch.items):
                yield from listing.problems

    def close(self) -> None:
        """Close connections and files; the store opens them again when it is used."""
        self._database.source.close()


def split_batches(items: Sequence[T], batch_size: int = BATCH_RUNS) -> Iterator[Sequence[T]]:
    """Yield the items in slices, starting with a small one."""
    start, size = 0, FIRST_BATCH_RUNS
    while start < len(items):
        yield items[start : start + size]
        start, size = start + size, batch_size
