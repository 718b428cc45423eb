"""An in-memory store, for tests and demonstrations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace

from qtui.entities import Artifact, ExperimentInfo, History, Listing, Point, Problem, Run, RunInfo, ViewType
from qtui.errors import ArtifactNotFound, MetricNotFound
from qtui.query.projection import ALL_VALUES, Projection
from qtui.store.defaults import StoreDefaults
from qtui.store.protocol import ArtifactRoot, OpenStream
from qtui.store.search import newest_first, project_run, select_keys


class MemoryStore(StoreDefaults):
    """A store of given entities, which it returns in batches as a real store does.

    Dictionaries are copied before iteration, because a `MemoryWriter` changes them on other threads.
    """

    def __init__(
        self,
        experiments: Iterable[ExperimentInfo] = (),
        runs: Iterable[Run] = (),
        histories: Iterable[History] = (),
        artifacts: Mapping[str, Mapping[str, int]] | None = None,
        *,
        problems: Iterable[Problem] = (),
        uri: str = "memory:",
        batch: int = 1000,
    ) -> None:
        """Take the entities; a metric without a history has one point.

        `artifacts` maps run ID and path to the size of a file in bytes; `batch` is the number of runs in a batch.
        """
        self._uri = uri
        self._experiments = {experiment.experiment_id: experiment for experiment in experiments}
        self._points = {(history.run_id, history.key): history.points() for history in histories}
        latest: dict[str, dict[str, Point]] = defaultdict(dict)
        for (run_id, key), points in self._points.items():
            latest[run_id][key] = max(points)
        self._runs = {run.info.run_id: replace(run, metrics={**run.metrics, **latest[run.info.run_id]}) for run in runs}
        self._contents: dict[tuple[str, str], bytes] = {}
        self._artifacts = {run_id: dict(sizes) for run_id, sizes in (artifacts or {}).items()}
        self._problems = tuple(problems)
        self._batch = batch

    @property
    def uri(self) -> str:
        """The address of the store."""
        return self._uri

    @property
    def kind(self) -> str:
        """The kind of store."""
        return "memory"

    def experiments(self, view: ViewType = ViewType.ACTIVE) -> Listing[ExperimentInfo]:
        """Return the experiments of a view, newest first."""
        return Listing(
            newest_first(
                experiment for experiment in list(self._experiments.values()) if view.admits(experiment.lifecycle_stage)
            )
        )

    def infos(
        self, experiment_ids: Sequence[str] | None = None, view: ViewType = ViewType.ACTIVE
    ) -> Iterator[Listing[RunInfo]]:
        """Yield run infos in batches, and then the problems."""
        if experiment_ids is None:
            experiment_ids = [experiment.experiment_id for experiment in self.experiments(view.scope).items]
        ids = set(experiment_ids)
        infos = [run.info for run in list(self._runs.values()) if run.info.experiment_id in ids]
        for batch in self._batches([info for info in infos if view.admits(info.lifecycle_stage)]):
            yield Listing(batch)
        if self._problems:
            yield Listing((), self._problems)

    def runs(self, infos: Sequence[RunInfo], projection: Projection = ALL_VALUES) -> Iterator[Listing[Run]]:
        """Yield the projected values of these runs; runs that do not exist are left out."""
        for batch in self._batches(infos):
            runs = (self._runs[info.run_id] for info in batch if info.run_id in self._runs)
            yield Listing(tuple(self._with_values(run, projection) for run in runs))

    def find(self, prefix: str) -> tuple[RunInfo, ...]:
        """Return the runs whose ID begins with a prefix, or only the run whose ID equals it."""
        if prefix in self._runs:
            return (self._runs[prefix].info,)
        return tuple(run.info for run_id, run in sorted(self._runs.copy().items()) if run_id.startswith(prefix))

    def history(self, info: RunInfo, key: str) -> tuple[History, tuple[Problem, ...]]:
        """Return every point of a metric."""
        if (info.run_id, key) in self._points:
            return History.of(info.run_id, key, self._points[info.run_id, key]), ()
        if info.run_id not in self._runs or key not in self._runs[info.run_id].metrics:
            raise MetricNotFound(f"The run {info.run_id} has no metric named {key!r}.")
        return History.of(info.run_id, key, [self._runs[info.run_id].metrics[key]]), ()

    def append(self, run_id: str, key: str, points: Iterable[Point]) -> None:
        """Append points to a metric."""
        run = self._runs[run_id]
        former = [run.metrics[key]] if key in run.metrics else []
        new = list(points)
        self._points.setdefault((run_id, key), former.copy()).extend(new)
        self._runs[run_id] = replace(run, metrics={**run.metrics, key: max([*former, *new])})

    def artifacts(self, info: RunInfo, path: str = "") -> Listing[Artifact]:
        """Return one level of a run's artifacts."""
        sizes = self._artifacts.get(info.run_id, {})
        prefix = f"{path}/" if path else ""
        names = {file.removeprefix(prefix).partition("/")[0] for file in list(sizes) if file.startswith(prefix)}
        if path and not names:
            raise ArtifactNotFound(f"The run {info.run_id} has no artifact folder {path!r}.")
        paths = (prefix + name for name in sorted(names))
        return Listing(tuple(Artifact(path, path not in sizes, sizes.get(path)) for path in paths))

    def artifact_streams(self, info: RunInfo) -> OpenStream:
        """Return the function that opens an artifact: its bytes if they were saved, otherwise as many zeros."""
        from qtui.store.artifacts.streams import BytesStream

        def content(artifact: Artifact) -> bytes:
            saved = self._contents.get((info.run_id, artifact.path))
            return saved or bytes(self._artifacts[info.run_id][artifact.path])

        return lambda artifact: nullcontext(BytesStream(content(artifact)))

    def artifact_root(self, info: RunInfo) -> ArtifactRoot:
        """Return the recorded artifact location, which is not on disk."""
        return ArtifactRoot(info.artifact_uri)

    def change_token(
        self, experiment_ids: Sequence[str] | None = None, view: ViewType = ViewType.ACTIVE
    ) -> Hashable | None:
        """Return a constant: the store does not change."""
        return self._uri

    def examine(self, listings: Iterable[Listing[RunInfo]] | None = None) -> Iterator[Problem]:
        return iter(self._problems)

    def close(self) -> None:
        """Do nothing: there is nothing to close."""

    def _with_values(self, run: Run, projection: Projection) -> Run:
        keys = select_keys(run.metrics, projection.summaries)
        summaries = {key: self.history(run.info, key)[0].summary() for key in keys}
        return project_run(replace(run, summaries=summaries), projection)

    def _batches(self, infos: Sequence[RunInfo]) -> Iterator[tuple[RunInfo, ...]]:
        for start in range(0, len(infos), self._batch):
            yield tuple(infos[start : start + self._batch])
