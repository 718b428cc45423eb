"""Store over MLflow's file layout, read without MLflow."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from qtui.entities import Artifact, ExperimentInfo, History, Listing, LoggedModel, Problem, Run, RunInfo, ViewType
from qtui.errors import MetricNotFound
from qtui.query.projection import ALL_VALUES, NO_VALUES, Projection
from qtui.store.artifacts.listing import artifacts_of
from qtui.store.defaults import StoreDefaults
from qtui.store.files.cached.run_batches import RunBatchReader
from qtui.store.files.cached.run_reader import build_run, decode_values
from qtui.store.files.cached.value_cache import ValueCache, is_cacheable
from qtui.store.files.damage import DamageReport
from qtui.store.files.layout import folders
from qtui.store.files.layout.folders import RunLocator
from qtui.store.files.reading.experiments import ExperimentReader
from qtui.store.files.reading.histories import MetricColumns, history_from_columns
from qtui.store.files.reading.infos import InfoReader, find_runs
from qtui.store.files.reading.logged_models import read_logged_models
from qtui.store.files.reading.rereads import RereadBudget, read_with_rereads
from qtui.store.files.reading.tails import FilePosition, MetricTail
from qtui.store.files.reading.values import ValueReader
from qtui.store.gc_pause import pause_gc_per_batch
from qtui.store.protocol import ArtifactRoot, MetricUpdate, StoreCapabilities

LISTING_SIZE = 500
"""Maximum number of infos, or of cached runs, in one listing."""

EXAMINED_VALUES = Projection(params=None, tags=None, inputs=True, summaries=None)
"""All values that can be damaged; a summary reads every line of a history."""


class FileStore(StoreDefaults):
    """Read-only store over the files below a folder."""

    def __init__(self, root: Path, uri: str | None = None, *, cache: Path | None = None) -> None:
        self._root = os.path.abspath(root)
        self._uri = uri or f"file:{self._root}"
        self._cache = ValueCache(cache, self._root) if cache else None

    @property
    def uri(self) -> str:
        """Return the store's URI in MLflow's form."""
        return self._uri

    @property
    def kind(self) -> str:
        """Return the kind of the store."""
        return "files"

    @property
    def capabilities(self) -> StoreCapabilities:
        return StoreCapabilities(edits_locally=True)

    def experiments(self, view: ViewType = ViewType.ACTIVE) -> Listing[ExperimentInfo]:
        """Return experiments, newest first as in MLflow."""
        from qtui.store.search import newest_first

        candidates = folders.experiment_folders(self._root, view)
        budget = RereadBudget(self._root)
        results = list(read_with_rereads(candidates, ExperimentReader(self._root).read, budget))
        experiments = newest_first(experiment for _, experiment, _ in results if experiment is not None)
        problems = [problem for _, _, problems in results for problem in problems]
        if view is not ViewType.ACTIVE and (reason := folders.trash_damage(self._root)):
            problems.append(Problem(folders.TRASH, reason))
        return Listing(experiments, tuple(problems))

    @pause_gc_per_batch
    def infos(
        self, experiment_ids: Sequence[str] | None = None, view: ViewType = ViewType.ACTIVE
    ) -> Iterator[Listing[RunInfo]]:
        """Yield run infos in batches as they are read; closing the iterator cancels."""
        budget = RereadBudget(self._root)
        for folder in folders.select_experiment_folders(self._root, experiment_ids, view):
            results = InfoReader(self._root, folder).read_all(budget)
            while batch := list(islice(results, LISTING_SIZE)):
                infos = (info for info, _ in batch if info is not None and view.admits(info.lifecycle_stage))
                yield Listing(tuple(infos), tuple(problem for _, problems in batch for problem in problems))

    @pause_gc_per_batch
    def runs(self, infos: Sequence[RunInfo], projection: Projection = ALL_VALUES) -> Iterator[Listing[Run]]:
        """Yield the runs with the selected values in batches, in the order of `infos`; missing runs are skipped."""
        cache = self._cache if is_cacheable(infos, projection) else None
        records = cache.load(infos) if cache else {}
        for batch in RunBatchReader(self._root, projection, records, make_records=cache is not None).read(infos):
            runs = tuple(reading.run for reading in batch if reading.run is not None)
            yield Listing(runs, tuple(problem for reading in batch for problem in reading.problems))
            if cache:
                cache.add(batch)
        if cache:
            cache.save()

    @pause_gc_per_batch
    def cached_runs(self, infos: Sequence[RunInfo]) -> Iterator[Listing[Run]]:
        """Yield the cached runs without verifying them, to show them while `runs` verifies them."""
        if not self._cache:
            return
        experiments = self._cache.load(infos)
        records = ((info, experiments[info.experiment_id].get(info.run_id)) for info in infos)
        runs = (build_run(info, decode_values(record.values)) for info, record in records if record is not None)
        while batch := tuple(islice(runs, LISTING_SIZE)):
            yield Listing(batch)

    def find(self, prefix: str) -> tuple[RunInfo, ...]:
        """Return the runs of any lifecycle stage whose ID starts with a prefix; an exact ID gives that run only."""
        return find_runs(self._root, prefix)

    def history(self, info: RunInfo, key: str) -> tuple[History, tuple[Problem, ...]]:
        """Return all points of a metric in file order; raises `MetricNotFound`."""
        report = DamageReport(self._root)
        reader = ValueReader(RunLocator(self._root), report, NO_VALUES)

        def read(key: str) -> tuple[MetricColumns | None, Sequence[Problem]]:
            return reader.history(info, key), report.drain()

        [(_, columns, problems)] = read_with_rereads([key], read, RereadBudget(self._root))
        if columns is None and not problems:
            raise MetricNotFound(f"The run {info.run_id} has no metric named {key!r}.")
        return history_from_columns(info, key, columns), tuple(problems)

    def metric_updates(self, info: RunInfo, cursors: Mapping[str, Hashable]) -> Mapping[str, MetricUpdate]:
        """Return the points appended to the metrics' files since the cursors."""
        report = DamageReport(self._root)
        reader = ValueReader(RunLocator(self._root), report, NO_VALUES)

        def read(key: str) -> tuple[MetricTail | None, Sequence[Problem]]:
            cursor = cursors[key]
            return reader.tail(info, key, cursor if isinstance(cursor, FilePosition) else None), report.drain()

        updates: dict[str, MetricUpdate] = {}
        for key, tail, problems in read_with_rereads(cursors, read, RereadBudget(self._root)):
            if tail is not None:
                history = history_from_columns(info, key, tail.columns)
                updates[key] = MetricUpdate(history, tail.position, tuple(problems), tail.from_start)
            elif problems:
                updates[key] = MetricUpdate(history_from_columns(info, key, None), cursors[key], tuple(problems))
        return updates

    def artifacts(self, info: RunInfo, path: str = "") -> Listing[Artifact]:
        """Return one level of a run's artifacts, sorted by path."""
        return artifacts_of(info, self.artifact_root(info), path)

    def logged_models(self, info: RunInfo) -> Listing[LoggedModel]:
        report = DamageReport(self._root)
        locator = RunLocator(self._root)
        folder = locator.run_folder(info)
        return Listing(() if folder is None else read_logged_models(locator, folder, report), report.drain())

    def artifact_root(self, info: RunInfo) -> ArtifactRoot:
        """Return the location of a run's artifacts, also after the store was moved."""
        folder = RunLocator(self._root).run_folder(info)
        return ArtifactRoot(info.artifact_uri) if folder is None else folders.artifact_root(info, folder)

    def last_write(self, info: RunInfo) -> int | None:
        """Return the newest modification time (ms) of the run's files, artifacts excluded."""
        folder = RunLocator(self._root).run_folder(info)
        return None if folder is None else folders.last_modified_ms(folder)

    def change_token(
        self, experiment_ids: Sequence[str] | None = None, view: ViewType = ViewType.ACTIVE
    ) -> Hashable | None:
        """Return a hash of the states of the infos' files."""
        return folders.info_files_hash(folders.select_experiment_folders(self._root, experiment_ids, view))

    def examine(self, listings: Iterable[Listing[RunInfo]] | None = None) -> Iterator[Problem]:
        """Read everything once and yield all problems as they are found."""
        yield from self.experiments(ViewType.ALL).problems
        for batch in self.infos(view=ViewType.ALL) if listings is None else listings:
            yield from batch.problems
            for listing in self.runs(batch.items, EXAMINED_VALUES):
                yield from listing.problems

    def close(self) -> None:
        """Save the cache; the store can still be used."""
        if self._cache:
            self._cache.save(force=True)
