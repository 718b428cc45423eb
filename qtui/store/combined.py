"""Several stores as one: the names of experiments begin with the label of their store, and their IDs too."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
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
from qtui.errors import ExperimentNotFound, QtuiError, StoreError
from qtui.query.projection import ALL_VALUES, Projection
from qtui.store.defaults import StoreDefaults
from qtui.store.protocol import ArtifactRoot, MetricUpdate, OpenStream, Store, StoreCapabilities
from qtui.text import redact
from qtui.value_classes import dataclass

T = TypeVar("T")

ID_SEPARATOR, NAME_SEPARATOR = ":", "/"
BATCH_SIZE = 500
"""Runs whose values are read together."""


def store_labels(uris: Sequence[str]) -> tuple[str, ...]:
    """Return a short label for every address: its last parts, as many as make all labels different."""
    parts = [[part for part in redact(uri).partition("?")[0].rstrip("/").split("/") if part] for uri in uris]
    for count in range(1, max(map(len, parts)) + 1):
        labels = tuple("-".join(part[-count:]).removeprefix("file:") for part in parts)
        if len(set(labels)) == len(labels):
            return labels
    return tuple(f"store {number}" for number in range(1, len(uris) + 1))


@dataclass(frozen=True, slots=True)
class StorePart:
    """One of the stores, with the label that its experiments get."""

    label: str
    store: Store

    def outer_id(self, experiment_id: str) -> str:
        """Return the ID of one of its experiments in the combined store."""
        return f"{self.label}{ID_SEPARATOR}{experiment_id}"

    def outer(self, info: RunInfo) -> RunInfo:
        """Return one of its runs as a run of the combined store."""
        return replace(info, experiment_id=self.outer_id(info.experiment_id))

    def outer_experiment(self, experiment: ExperimentInfo) -> ExperimentInfo:
        """Return one of its experiments as an experiment of the combined store."""
        name = f"{self.label}{NAME_SEPARATOR}{experiment.name}"
        return replace(experiment, experiment_id=self.outer_id(experiment.experiment_id), name=name)

    def outer_problems(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Return its problems as problems of the combined store."""
        return tuple(
            replace(problem, experiment_id=problem.experiment_id and self.outer_id(problem.experiment_id))
            for problem in problems
        )

    def failure(self, error: QtuiError) -> Problem:
        """Return the problem that the store cannot be read now."""
        return Problem(self.label, str(error))


class CombinedStore(StoreDefaults):
    """Several stores as one. A store that cannot be read is a problem, as long as another one can.

    A run that is in two of the stores is listed once, in the first of them.
    """

    def __init__(self, uri: str, parts: Sequence[StorePart]) -> None:
        self._uri = uri
        self.parts = {part.label: part for part in parts}
        """The stores by label."""

    @property
    def uri(self) -> str:
        """The addresses of all stores."""
        return self._uri

    @property
    def kind(self) -> str:
        """The kind of store."""
        return "combined"

    @property
    def capabilities(self) -> StoreCapabilities:
        stores = [part.store for part in self.parts.values()]
        in_memory = any(store.kind == "memory" for store in stores)
        return StoreCapabilities(
            edits_locally=not in_memory and any(store.capabilities.edits_locally for store in stores)
        )

    def part(self, experiment_id: str) -> tuple[StorePart, str]:
        """Return the store of an experiment, and the ID that the experiment has there."""
        label, _, inner_id = experiment_id.rpartition(ID_SEPARATOR)
        if label not in self.parts:
            raise ExperimentNotFound(f"There is no experiment {experiment_id!r} in these stores.")
        return self.parts[label], inner_id

    def inner(self, info: RunInfo) -> tuple[StorePart, RunInfo]:
        """Return the store of a run, and the run as it is there."""
        part, experiment_id = self.part(info.experiment_id)
        return part, replace(info, experiment_id=experiment_id)

    def inner_experiment(self, experiment: ExperimentInfo) -> tuple[StorePart, ExperimentInfo]:
        """Return the store of an experiment, and the experiment as it is there."""
        part, inner_id = self.part(experiment.experiment_id)
        name = experiment.name.removeprefix(part.label + NAME_SEPARATOR)
        return part, replace(experiment, experiment_id=inner_id, name=name)

    def experiments(self, view: ViewType = ViewType.ACTIVE) -> Listing[ExperimentInfo]:
        """Return the experiments of all stores, those of one store after the other."""
        items: list[ExperimentInfo] = []
        problems: list[Problem] = []
        for part in self.parts.values():
            try:
                listing = part.store.experiments(view)
            except StoreError as error:
                problems.append(part.failure(error))
                continue
            items += map(part.outer_experiment, listing.items)
            problems += part.outer_problems(listing.problems)
        return Listing(tuple(items), tuple(problems))

    def counts(self) -> Mapping[str, RunCounts]:
        counts: dict[str, RunCounts] = {}
        for part in self.parts.values():
            with suppress(StoreError):
                counts.update((part.outer_id(key), value) for key, value in part.store.counts().items())
        return counts

    def infos(
        self, experiment_ids: Sequence[str] | None = None, view: ViewType = ViewType.ACTIVE
    ) -> Iterator[Listing[RunInfo]]:
        """Yield the runs of one store after the other."""
        labels: dict[str, str] = {}
        for part, ids in self._split_experiments(experiment_ids):
            for listing in self._listings(part, partial(part.store.infos, ids, view)):
                new = [info for info in listing.items if labels.setdefault(info.run_id, part.label) == part.label]
                copies = tuple(
                    Problem(f"{part.label}/{info.run_id}", f"The run is listed once, as one of {labels[info.run_id]}.")
                    for info in listing.items
                    if labels[info.run_id] != part.label
                )
                yield Listing(tuple(map(part.outer, new)), (*listing.problems, *copies))

    def runs(self, infos: Sequence[RunInfo], projection: Projection = ALL_VALUES) -> Iterator[Listing[Run]]:
        """Yield these runs with their values, in order."""
        return self._runs_of(infos, lambda store, inner: store.runs(inner, projection))

    def cached_runs(self, infos: Sequence[RunInfo]) -> Iterator[Listing[Run]]:
        """Yield these runs with the values of an earlier reading."""
        return self._runs_of(infos, lambda store, inner: store.cached_runs(inner))

    def find(self, prefix: str) -> tuple[RunInfo, ...]:
        """Return the runs whose IDs begin with a prefix, or only the one whose ID equals it."""
        matches: dict[str, RunInfo] = {}
        for part in self.parts.values():
            for info in part.store.find(prefix):
                matches.setdefault(info.run_id, part.outer(info))
        return (matches[prefix],) if prefix in matches else tuple(matches.values())

    def history(self, info: RunInfo, key: str) -> tuple[History, tuple[Problem, ...]]:
        """Return every point of a metric."""
        part, inner = self.inner(info)
        history, problems = part.store.history(inner, key)
        return history, part.outer_problems(problems)

    def metric_updates(self, info: RunInfo, cursors: Mapping[str, Hashable]) -> Mapping[str, MetricUpdate]:
        """Return the points of these metrics since cursors of earlier updates."""
        part, inner = self.inner(info)
        updates = part.store.metric_updates(inner, cursors)
        return {key: replace(update, problems=part.outer_problems(update.problems)) for key, update in updates.items()}

    def artifacts(self, info: RunInfo, path: str = "") -> Listing[Artifact]:
        """Return one level of a run's artifacts."""
        part, inner = self.inner(info)
        listing = part.store.artifacts(inner, path)
        return replace(listing, problems=part.outer_problems(listing.problems))

    def logged_models(self, info: RunInfo) -> Listing[LoggedModel]:
        part, inner = self.inner(info)
        listing = part.store.logged_models(inner)
        models = (replace(model, experiment_id=part.outer_id(model.experiment_id)) for model in listing.items)
        return Listing(tuple(models), part.outer_problems(listing.problems))

    def download(self, info: RunInfo, path: str, destination: Path, *, overwrite: bool = False) -> Path:
        """Copy an artifact or a folder of artifacts."""
        part, inner = self.inner(info)
        return part.store.download(inner, path, destination, overwrite=overwrite)

    def artifact_streams(self, info: RunInfo) -> OpenStream:
        part, inner = self.inner(info)
        return part.store.artifact_streams(inner)

    def artifact_root(self, info: RunInfo) -> ArtifactRoot:
        """Return the location of a run's artifacts."""
        part, inner = self.inner(info)
        return part.store.artifact_root(inner)

    def last_write(self, info: RunInfo) -> int | None:
        """Return the time (ms) of the last write to a run."""
        part, inner = self.inner(info)
        return part.store.last_write(inner)

    def change_token(
        self, experiment_ids: Sequence[str] | None = None, view: ViewType = ViewType.ACTIVE
    ) -> Hashable | None:
        """Return the tokens of all stores; None if one of them has none."""
        tokens = tuple(part.store.change_token(ids, view) for part, ids in self._split_experiments(experiment_ids))
        return None if None in tokens else tokens

    def examine(self, listings: Iterable[Listing[RunInfo]] | None = None) -> Iterator[Problem]:
        """Read every store once and yield all damage."""
        for part in self.parts.values():
            try:
                for problem in part.store.examine():
                    yield from part.outer_problems([problem])
            except StoreError as error:
                yield part.failure(error)

    def close(self) -> None:
        """Close all stores."""
        for part in self.parts.values():
            part.store.close()

    def _split_experiments(self, experiment_ids: Sequence[str] | None) -> Iterator[tuple[StorePart, list[str] | None]]:
        """Yield the stores with these experiments and the IDs that these have there; all stores by default."""
        if experiment_ids is None:
            yield from ((part, None) for part in self.parts.values())
            return
        ids: dict[str, list[str]] = {}
        for experiment_id in experiment_ids:
            part, inner_id = self.part(experiment_id)
            ids.setdefault(part.label, []).append(inner_id)
        yield from ((self.parts[label], inner_ids) for label, inner_ids in ids.items())

    def _listings(self, part: StorePart, read: Callable[[], Iterable[Listing[T]]]) -> Iterator[Listing[T]]:
        """Yield what a store returns with the problems of the combined store; its failure is a problem as well."""
        try:
            for listing in read():
                yield replace(listing, problems=part.outer_problems(listing.problems))
        except StoreError as error:
            yield Listing((), (part.failure(error),))

    def _runs_of(
        self, infos: Sequence[RunInfo], read: Callable[[Store, Sequence[RunInfo]], Iterable[Listing[Run]]]
    ) -> Iterator[Listing[Run]]:
        """Yield what stores return for these runs, in batches that keep their order."""
        for start in range(0, len(infos), BATCH_SIZE):
            inner_infos: dict[str, list[RunInfo]] = {}
            for owner, inner in map(self.inner, infos[start : start + BATCH_SIZE]):
                inner_infos.setdefault(owner.label, []).append(inner)
            runs: dict[str, Run] = {}
            problems: list[Problem] = []
            for label, inners in inner_infos.items():
                part = self.parts[label]
                for listing in self._listings(part, partial(read, part.store, inners)):
                    runs.update((run.info.run_id, self._outer_run(label, run)) for run in listing.items)
                    problems += listing.problems
            ordered = (runs[info.run_id] for info in infos[start : start + BATCH_SIZE] if info.run_id in runs)
            yield Listing(tuple(ordered), tuple(problems))

    def _outer_run(self, label: str, run: Run) -> Run:
        return replace(run, info=self.parts[label].outer(run.info))
