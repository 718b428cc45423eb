"""A store in MLflow's directory layout, read natively."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from qtui.entities import Artifact, Experiment, History, Listing, Problem, Run, RunCounts, RunInfo, View
from qtui.errors import MetricNotFound
from qtui.query.wanted import EVERYTHING, NOTHING, Wanted
from qtui.store.artifacts.listing import artifacts_of
from qtui.store.files import artifacts, layout
from qtui.store.files.damage import Report
from qtui.store.files.experiments import ExperimentReader
from qtui.store.files.finding import find_runs
from qtui.store.files.flow import RunFlow
from qtui.store.files.histories import Columns, history_of
from qtui.store.files.infos import InfoReader
from qtui.store.files.memory import Memory, is_worth_keeping
from qtui.store.files.patience import Patience, read_patiently
from qtui.store.files.places import Places
from qtui.store.files.records import run_of, values_of
from qtui.store.files.tails import Mark, Tail
from qtui.store.files.values import ValueReader
from qtui.store.protocol import ArtifactRoot, Growth, Page, RunQuery

BATCH = 500
THOROUGH = Wanted(params=None, tags=None, inputs=True, summaries=None)
"""Everything that can be damaged; a summary reads every line of a history."""


class FileStore:
    """Reads the tree of files below a folder; nothing in it is ever changed."""

    def __init__(self, root: Path, uri: str | None = None, *, cache: Path | None = None) -> None:
        self._root = os.path.abspath(root)
        self._uri = uri or f"file:{self._root}"
        self._memory = Memory(cache, self._root) if cache else None

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

        folders = layout.experiment_folders(self._root, view)
        read = list(read_patiently(folders, ExperimentReader(self._root).read, Patience(self._root)))
        found = newest_first(experiment for _, experiment, _ in read if experiment is not None)
        problems = [problem for _, _, problems in read for problem in problems]
        if view is not View.ACTIVE and (reason := layout.trash_damage(self._root)):
            problems.append(Problem(layout.TRASH, reason))
        return Listing(found, tuple(problems))

    def counts(self) -> Mapping[str, RunCounts]:
        """The active runs of every experiment, by status and experiment id."""
        from qtui.store.search import counts

        return counts(self)

    def infos(
        self, experiment_ids: Sequence[str] | None = None, view: View = View.ACTIVE
    ) -> Iterator[Listing[RunInfo]]:
        """Run infos in batches as they come; closing the iterator cancels."""
        patience = Patience(self._root)
        for folder in layout.experiments_meant(self._root, experiment_ids, view):
            found = InfoReader(self._root, folder).all(patience)
            while batch := list(islice(found, BATCH)):
                admitted = (info for info, _ in batch if info is not None and view.admits(info.lifecycle_stage))
                yield Listing(tuple(admitted), tuple(problem for _, problems in batch for problem in problems))

    def runs(self, infos: Sequence[RunInfo], wanted: Wanted = EVERYTHING) -> Iterator[Listing[Run]]:
        """The wanted values of these runs, in batches, in their order; runs that are gone are left out."""
        memory = self._memory if is_worth_keeping(infos, wanted) else None
        known = memory.of(infos) if memory else {}
        for told in RunFlow(self._root, wanted, known, keep=memory is not None).batches(infos):
            runs = tuple(reading.run for _, reading in told if reading.run is not None)
            yield Listing(runs, tuple(problem for _, reading in told for problem in reading.problems))
            if memory:
                memory.learn(told)
        if memory:
            memory.save()

    def known_runs(self, infos: Sequence[RunInfo]) -> Iterator[Listing[Run]]:
        """What an earlier reading found of these runs: to be shown at once, while `runs` looks what is still true."""
        known = self._memory.of(infos) if self._memory else {}
        lines = ((info, known[info.experiment_id].of(info.run_id)) for info in infos if known)
        runs = (run_of(info, values_of(line.values)) for info, line in lines if line is not None)
        while batch := tuple(islice(runs, BATCH)):
            yield Listing(batch)

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

        def read(key: str) -> tuple[Columns | None, Sequence[Problem]]:
            return reader.history(info, key), report.drained()

        [(_, columns, problems)] = read_patiently([key], read, Patience(self._root))
        if columns is None and not problems:
            raise MetricNotFound(f"The run {info.run_id} has no metric named {key!r}.")
        return history_of(info, key, columns), tuple(problems)

    def grown(self, info: RunInfo, marks: Mapping[str, Hashable]) -> Mapping[str, Growth]:
        """The points that were appended to the metrics' files since the marks."""
        report = Report(self._root)
        reader = ValueReader(Places(self._root), report, NOTHING)

        def read(key: str) -> tuple[Tail | None, Sequence[Problem]]:
            mark = marks[key]
            return reader.tail(info, key, mark if isinstance(mark, Mark) else None), report.drained()

        found: dict[str, Growth] = {}
        for key, tail, problems in read_patiently(marks, read, Patience(self._root)):
            if tail is not None:
                found[key] = Growth(history_of(info, key, tail.columns), tail.mark, tuple(problems), tail.anew)
            elif problems:
                found[key] = Growth(history_of(info, key, None), marks[key], tuple(problems))
        return found

    def artifacts(self, info: RunInfo, path: str = "") -> Listing[Artifact]:
        """One level of a run's artifacts, sorted by path."""
        return artifacts_of(info, self.artifact_root(info), path)

    def download(self, info: RunInfo, path: str, destination: Path, *, overwrite: bool = False) -> Path:
        """Copy an artifact, or all that is in a folder of them, below a folder under its own path."""
        from qtui.store.artifacts.download import bringer_of, download

        root = self.artifact_root(info)
        bring = bringer_of(info, root)
        return download(path, destination, lambda level: artifacts_of(info, root, level), bring, overwrite=overwrite)

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
        """Keep what was learnt for the next time; the store can be asked again."""
        if self._memory:
            self._memory.save(all_of_it=True)
