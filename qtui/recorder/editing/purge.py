"""Purge: remove deleted runs and experiments for good, after a plan that lists them."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from qtui.cancellation import is_cancelled
from qtui.entities import ExperimentInfo, RunInfo, ViewType
from qtui.errors import NotDeleted, QtuiError, StoreUnwritable
from qtui.formatting import now_ms
from qtui.recorder.editing.editor import EditProgress, count_items
from qtui.recorder.editing.journal import PERMANENT, Journal
from qtui.store import Store
from qtui.store.artifacts.removal import ArtifactSize, measure_artifacts, remove_artifacts
from qtui.store.changes import Failure, target_of
from qtui.store.edits import Item
from qtui.store.writer import Writer, slices
from qtui.value_classes import dataclass

RUNS_PER_STEP = 20


@dataclass(frozen=True, slots=True)
class PurgeRun:
    """A run to purge, and the number and size (bytes) of its artifacts."""

    info: RunInfo
    files: int
    size: int


@dataclass(frozen=True, slots=True)
class PurgePlan:
    """The deleted runs and experiments to remove for good."""

    runs: tuple[PurgeRun, ...]
    experiments: tuple[ExperimentInfo, ...]
    leftovers: int
    """Rows or folders that earlier purges and `mlflow gc` left behind."""
    refusals: tuple[str, ...] = ()
    """The reasons why some of several stores are left out, as sentences."""

    @property
    def files(self) -> int:
        """The number of artifacts."""
        return sum(run.files for run in self.runs)

    @property
    def size(self) -> int:
        """The size of the artifacts in bytes."""
        return sum(run.size for run in self.runs)

    @property
    def items(self) -> tuple[Item, ...]:
        """The runs and experiments."""
        return (*self.experiments, *(run.info for run in self.runs))

    def __bool__(self) -> bool:
        return bool(self.runs or self.experiments or self.leftovers)


@dataclass(frozen=True, slots=True)
class PurgeResult:
    """The number of runs and experiments that were removed, and those that were not, with the reasons."""

    runs: int
    experiments: int
    failures: tuple[Failure, ...]
    was_cancelled: bool = False
    """Whether the purge was cancelled before it was complete."""


PurgeSteps = Generator[EditProgress, None, PurgeResult]


def plan_purge(
    store: Store,
    writer: Writer,
    runs: Sequence[RunInfo] | None,
    experiments: Sequence[ExperimentInfo] | None,
    older_than: timedelta | None,
) -> PurgePlan:
    """Return the plan for these runs and experiments, or for everything that is deleted if neither is given.

    Of an active experiment only the deleted runs are purged. Raises NotDeleted for a run that is not deleted, and
    StoreUnwritable if the store cannot purge; of several stores, those that cannot are left out of everything.
    """
    for info in runs or ():
        target_of(info).check_stage(info.lifecycle_stage, ViewType.DELETED)
    latest = None if older_than is None else now_ms() - older_than // timedelta(milliseconds=1)
    is_everything = runs is None and experiments is None
    if is_everything:
        experiments = store.experiments(ViewType.ALL).items
    items: list[Item] = [*(runs or ()), *(experiments or ())]
    ids = dict.fromkeys(item.experiment_id for item in items)
    reasons = {experiment_id: reason for experiment_id in ids if (reason := writer.purge_refusal(experiment_id))}
    if reasons and (not is_everything or reasons.keys() == ids.keys()):
        raise StoreUnwritable(next(iter(reasons.values())))
    chosen, emptied = _purgeable(
        store, runs or (), [item for item in experiments or () if item.experiment_id not in reasons], latest
    )
    planned = tuple(PurgeRun(info, *_measured(store, info)) for info in chosen)
    refusals = tuple(dict.fromkeys(reasons.values()))
    return PurgePlan(planned, tuple(emptied), writer.remove_leftovers(dry_run=True), refusals)


def _purgeable(
    store: Store, runs: Sequence[RunInfo], experiments: Sequence[ExperimentInfo], latest: int | None
) -> tuple[list[RunInfo], list[ExperimentInfo]]:
    """Return these runs, the deleted ones of the experiments, and the deleted experiments that have no run after that.

    `latest` is the time (ms) after which nothing may have been written or deleted; None for any.
    """
    infos = {info.run_id: info for info in runs}
    for batch in store.infos([item.experiment_id for item in experiments], ViewType.DELETED):
        infos.update((info.run_id, info) for info in batch.items)
    chosen = [info for info in infos.values() if latest is None or _is_before(store.last_write(info), latest)]
    recent_ids = infos.keys() - {info.run_id for info in chosen}
    not_empty = {infos[run_id].experiment_id for run_id in recent_ids}
    emptied = [
        experiment
        for experiment in experiments
        if experiment.lifecycle_stage == ViewType.DELETED.value
        and experiment.experiment_id not in not_empty
        and (latest is None or _is_before(experiment.last_update_time, latest))
    ]
    return chosen, emptied


def purge(store: Store, writer: Writer, plan: PurgePlan, journal: Journal, command: str) -> PurgeSteps:
    """Remove artifacts, runs, experiments and leftovers; a run whose artifacts cannot be removed is left."""
    entry = journal.add(now_ms(), command, f"{count_items(plan.items)} purged", state=PERMANENT)
    failures: list[Failure] = []
    removed = 0
    total = len(plan.runs) + len(plan.experiments)
    try:
        for runs in slices(plan.runs, RUNS_PER_STEP):
            ready = list(_without_artifacts(store, (run.info for run in runs), failures))
            failed = writer.purge([target_of(info) for info in ready])
            removed += len(ready) - len(failed)
            failures += failed
            yield EditProgress(removed + len(failures), total)
            if is_cancelled():
                return PurgeResult(removed, 0, tuple(failures), was_cancelled=True)
        failed = writer.purge([target_of(experiment) for experiment in plan.experiments])
        writer.remove_leftovers(dry_run=False)
        failures += failed
        yield EditProgress(total, total)
        return PurgeResult(removed, len(plan.experiments) - len(failed), tuple(failures))
    finally:
        journal.finish(replace(entry, count=removed), ())


def _without_artifacts(store: Store, infos: Iterable[RunInfo], failures: list[Failure]) -> Iterable[RunInfo]:
    """Remove the artifacts of runs that are still deleted, and yield those runs."""
    for info in infos:
        try:
            for current in store.find(info.run_id):
                if current.lifecycle_stage != ViewType.DELETED.value:
                    raise NotDeleted(f"Run {info.run_id} was restored meanwhile.")
                remove_artifacts(store, current)
        except QtuiError as error:
            failures.append(Failure(target_of(info), error))
        else:
            yield info


def _measured(store: Store, info: RunInfo) -> ArtifactSize:
    """Return the size of the artifacts of a run; 0 where they cannot be reached."""
    try:
        return measure_artifacts(store, info)
    except QtuiError:
        return ArtifactSize(0, 0)


def _is_before(time: int | None, latest: int) -> bool:
    return time is not None and time <= latest
