"""A store made of entities in memory: the double that tests and demonstrations put in the place of a real one."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from qtui.entities import Artifact, Experiment, History, Listing, Point, Problem, Run, RunCounts, RunInfo, View
from qtui.errors import ArtifactNotFound, MetricNotFound
from qtui.query.wanted import EVERYTHING, Wanted
from qtui.store.points import history_of, points_of
from qtui.store.protocol import ArtifactRoot, Growth, Page, RunQuery
from qtui.store.search import chosen, counts, narrowed, newest_first, search


class MemoryStore:
    """Answers every question of the protocol from the entities it was given, in batches as a real store would."""

    def __init__(
        self,
        experiments: Iterable[Experiment] = (),
        runs: Iterable[Run] = (),
        histories: Iterable[History] = (),
        artifacts: Mapping[str, Mapping[str, int]] | None = None,
        *,
        problems: Iterable[Problem] = (),
        uri: str = "memory:",
        batch: int = 1000,
    ) -> None:
        """`artifacts` gives every file's size in bytes by run id and path; a metric without history has one point."""
        self._uri = uri
        self._experiments = {each.experiment_id: each for each in experiments}
        self._points = {(each.run_id, each.key): points_of(each) for each in histories}
        latest: dict[str, dict[str, Point]] = defaultdict(dict)
        for (run_id, key), points in self._points.items():
            latest[run_id][key] = max(points)
        self._runs = {
            each.info.run_id: replace(each, metrics={**each.metrics, **latest[each.info.run_id]}) for each in runs
        }
        self._contents: dict[tuple[str, str], bytes] = {}
        self._artifacts = {run_id: dict(sizes) for run_id, sizes in (artifacts or {}).items()}
        self._problems = tuple(problems)
        self._batch = batch

    @property
    def uri(self) -> str:
        """The address that the store was given."""
        return self._uri

    @property
    def kind(self) -> str:
        """What the store is."""
        return "memory"

    def experiments(self, view: View = View.ACTIVE) -> Listing[Experiment]:
        """The experiments of this view, newest first."""
        return Listing(newest_first(each for each in self._experiments.values() if view.admits(each.lifecycle_stage)))

    def counts(self) -> Mapping[str, RunCounts]:
        """The active runs of every experiment, by status and experiment id."""
        return counts(self)

    def infos(
        self, experiment_ids: Sequence[str] | None = None, view: View = View.ACTIVE
    ) -> Iterator[Listing[RunInfo]]:
        """Run infos in batches; the problems come last."""
        if experiment_ids is None:
            experiment_ids = [each.experiment_id for each in self.experiments(view.scope).items]
        asked = set(experiment_ids)
        infos = [run.info for run in self._runs.values() if run.info.experiment_id in asked]
        for batch in self._batches([info for info in infos if view.admits(info.lifecycle_stage)]):
            yield Listing(batch)
        if self._problems:
            yield Listing((), self._problems)

    def runs(self, infos: Sequence[RunInfo], wanted: Wanted = EVERYTHING) -> Iterator[Listing[Run]]:
        """The wanted values of these runs; runs that are gone are left out."""
        for batch in self._batches(infos):
            yield Listing(
                tuple(self._read(self._runs[each.run_id], wanted) for each in batch if each.run_id in self._runs)
            )

    def known_runs(self, infos: Sequence[RunInfo]) -> Iterator[Listing[Run]]:
        """Nothing: reading it is as quick."""
        return iter(())

    def search(self, query: RunQuery) -> Page:
        """The runs that answer a query."""
        return search(self, query)

    def find(self, prefix: str) -> tuple[RunInfo, ...]:
        """Runs whose id begins so; an exact id gives that run alone."""
        if prefix in self._runs:
            return (self._runs[prefix].info,)
        return tuple(run.info for run_id, run in sorted(self._runs.items()) if run_id.startswith(prefix))

    def history(self, info: RunInfo, key: str) -> tuple[History, tuple[Problem, ...]]:
        """Every point of a metric."""
        if (info.run_id, key) in self._points:
            return history_of(info.run_id, key, self._points[info.run_id, key]), ()
        if info.run_id not in self._runs or key not in self._runs[info.run_id].metrics:
            raise MetricNotFound(f"The run {info.run_id} has no metric named {key!r}.")
        return history_of(info.run_id, key, [self._runs[info.run_id].metrics[key]]), ()

    def grown(self, info: RunInfo, marks: Mapping[str, Hashable]) -> Mapping[str, Growth]:
        """The points since the marks, each of which is the number of those before it."""
        run = self._runs.get(info.run_id)
        return {key: self._growth(info, key, mark) for key, mark in marks.items() if run and key in run.metrics}

    def _growth(self, info: RunInfo, key: str, mark: Hashable) -> Growth:
        points = points_of(self.history(info, key)[0])
        known = mark if isinstance(mark, int) else 0
        return Growth(history_of(info.run_id, key, points[known:]), len(points), anew=mark is None)

    def append(self, run_id: str, key: str, points: Iterable[Point]) -> None:
        """More points of a metric, as the run itself would log them."""
        run = self._runs[run_id]
        former = [run.metrics[key]] if key in run.metrics else []
        new = list(points)
        self._points.setdefault((run_id, key), former.copy()).extend(new)
        self._runs[run_id] = replace(run, metrics={**run.metrics, key: max([*former, *new])})

    def artifacts(self, info: RunInfo, path: str = "") -> Listing[Artifact]:
        """One level of a run's artifacts."""
        sizes = self._artifacts.get(info.run_id, {})
        below = f"{path}/" if path else ""
        names = {each.removeprefix(below).partition("/")[0] for each in sizes if each.startswith(below)}
        if path and not names:
            raise ArtifactNotFound(f"The run {info.run_id} has no folder of artifacts named {path!r}.")
        found = (below + name for name in sorted(names))
        return Listing(tuple(Artifact(each, each not in sizes, sizes.get(each)) for each in found))

    def download(self, info: RunInfo, path: str, destination: Path, *, overwrite: bool = False) -> Path:
        """Write what is known of an artifact: its bytes if they were given, else as many zeros."""
        from qtui.store.artifacts.download import download

        def bring(path: str, descriptor: int) -> None:
            with os.fdopen(descriptor, "wb", closefd=False) as file:
                file.write(self._contents.get((info.run_id, path)) or bytes(self._artifacts[info.run_id][path]))

        return download(path, destination, lambda level: self.artifacts(info, level), bring, overwrite=overwrite)

    def artifact_root(self, info: RunInfo) -> ArtifactRoot:
        """Where the run's artifacts were recorded; nothing of it is on disk."""
        return ArtifactRoot(info.artifact_uri)

    def last_write(self, info: RunInfo) -> int | None:
        """The latest moment that the run's own data tell of."""
        metrics = self._runs[info.run_id].metrics.values() if info.run_id in self._runs else ()
        times = (info.start_time, info.end_time, *(point.timestamp for point in metrics))
        return max((time for time in times if time is not None), default=None)

    def pulse(self, experiment_ids: Sequence[str] | None = None, view: View = View.ACTIVE) -> Hashable | None:
        """The store itself, which does not change."""
        return self._uri

    def examine(self) -> Iterator[Problem]:
        """The problems that the store was given."""
        return iter(self._problems)

    def close(self) -> None:
        """Nothing is held."""

    def _read(self, run: Run, wanted: Wanted) -> Run:
        summed = chosen(run.metrics, wanted.summaries)
        summaries = {key: self.history(run.info, key)[0].summary() for key in summed}
        return narrowed(replace(run, summaries=summaries), wanted)

    def _batches(self, infos: Sequence[RunInfo]) -> Iterator[tuple[RunInfo, ...]]:
        for start in range(0, len(infos), self._batch):
            yield tuple(infos[start : start + self._batch])
