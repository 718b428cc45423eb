"""A store in MLflow's directory layout, read natively."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from qtui.entities import Artifact, Experiment, History, Listing, Problem, Run, RunCounts, RunInfo, View
from qtui.errors import MetricNotFound
from qtui.query.wanted import EVERYTHING, NOTHING, Wanted
from qtui.store.artifacts import artifacts_of
from qtui.store.files import artifacts, layout
from qtui.store.files.damage import Report
from qtui.store.files.experiments import ExperimentReader
from qtui.store.files.finding import find_runs
from qtui.store.files.infos import InfoReader
from qtui.store.files.patience import Patience, read_patiently
from qtui.store.files.places import Places
from qtui.store.files.values import ValueReader
from qtui.store.protocol import ArtifactRoot, Page, RunQuery

BATCH = 500
THOROUGH = Wanted(params=None, tags=None, inputs=True, summaries=None)
"""Everything that can be damaged; a summary reads every line of a history."""


class FileStore:
    """Reads the tree of files below a folder; nothing in it is ever changed."""

    def __init__(self, root: Path, uri: str | None = None, *, cache: Path | None = None) -> None:
        self._root = os.path.abspath(root)
        self._uri = uri or f"file:{self._root}"
        self._cache = cache

    @property
    def uri(self) -> str:
        """The store's address in MLflow's form."""
        return self._uri

    @property
    def kind(self) -> str:
        """What the store is."""
        return "files"

    def experiments(self, view: View = View.ACTIVE) -> Listing[Experiment]:
        """Experiments, newest first as MLflow lists them."""
        from qtui.store.search import newest_first

        report = Report(self._root)
        folders = layout.experiment_folders(self._root, view)
        read = read_patiently(folders, ExperimentReader(self._root, report).read, report, Patience())
        found = newest_first(experiment for _, experiment in read if experiment is not None)
        return Listing(found, report.drained())

    def counts(self) -> Mapping[str, RunCounts]:
        """The active runs of every experiment, by status and experiment id."""
        from qtui.store.search import counts

        return counts(self)

    def infos(
        self, experiment_ids: Sequence[str] | None = None, view: View = View.ACTIVE
    ) -> Iterator[Listing[RunInfo]]:
        """Run infos in batches as they come; closing the iterator cancels."""
        report = Report(self._root)
        patience = Patience()
        for folder in layout.experiments_meant(self._root, experiment_ids, view):
            infos = InfoReader(self._root, folder, report).all(patience)
            admitted = (info for info in infos if view.admits(info.lifecycle_stage))
            while batch := tuple(islice(admitted, BATCH)):
                yield Listing(batch, report.drained())
        if problems := report.drained():
            yield Listing((), problems)

    def runs(self, infos: Sequence[RunInfo], wanted: Wanted = EVERYTHING) -> Iterator[Listing[Run]]:
        """The wanted values of these runs, in batches, in their order; runs that are gone are left out."""
        report = Report(self._root)
        patience = Patience()
        reader = ValueReader(Places(self._root), report, wanted)
        for start in range(0, len(infos), BATCH):
            batch = infos[start : start + BATCH]
            read = dict(read_patiently(batch, reader.read, report, patience))
            yield Listing(tuple(run for info in batch if (run := read[info]) is not None), report.drained())

    def search(self, query: RunQuery) -> Page:
        """The runs that answer a query, filtered, sorted and cut as MLflow would."""
        from qtui.store.search import search

        return search(self, query)

    def find(self, prefix: str) -> tuple[RunInfo, ...]:
        """Runs of any lifecycle stage whose id begins so; an exact id gives that run alone."""
        return find_runs(self._root, prefix)

    def history(self, info: RunInfo, key: str) -> tuple[History, tuple[Problem, ...]]:
        """Every point of a metric, in the order of its file."""
        report = Report(self._root)
        reader = ValueReader(Places(self._root), report, NOTHING)
        [(_, columns)] = read_patiently([key], lambda each: reader.history(info, each), report, Patience())
        if columns is None:
            raise MetricNotFound(f"The run {info.run_id} has no metric named {key!r}.")
        return History(info.run_id, key, columns.steps, columns.timestamps, columns.values), report.drained()

    def artifacts(self, info: RunInfo, path: str = "") -> Listing[Artifact]:
        """One level of a run's artifacts, sorted by path."""
        return artifacts_of(info, self.artifact_root(info), path)

    def artifact_root(self, info: RunInfo) -> ArtifactRoot:
        """Where the run's artifacts are, also after the store was moved."""
        folder = Places(self._root).run(info)
        return ArtifactRoot(info.artifact_uri) if folder is None else artifacts.root_of(info, folder)

    def last_write(self, info: RunInfo) -> int | None:
        """When (ms) a file of the run was last written; its artifacts are not looked at."""
        folder = Places(self._root).run(info)
        return None if folder is None else layout.newest_change(folder)

    def pulse(self, experiment_ids: Sequence[str] | None = None, view: View = View.ACTIVE) -> Hashable | None:
        """The times of the files that hold the infos."""
        return layout.pulse(layout.experiments_meant(self._root, experiment_ids, view))

    def examine(self) -> Iterator[Problem]:
        """Read everything once and report all that is damaged, as it is found."""
        yield from self.experiments(View.ALL).problems
        for batch in self.infos(view=View.ALL):
            yield from batch.problems
            for listing in self.runs(batch.items, THOROUGH):
                yield from listing.problems

    def close(self) -> None:
        """Give back what is held; the store can be asked again."""
