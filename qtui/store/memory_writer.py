"""A writable in-memory store, for tests and for processes that need no storage on disk."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, MutableMapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from threading import Lock, RLock
from typing import Any, cast

from qtui.entities import RUN_NAME_TAG, ExperimentInfo, Point, Run, RunInfo, ViewType
from qtui.errors import ChangedSince, QtuiError
from qtui.store.apply_changes import TargetAccess, apply_changes
from qtui.store.artifacts.save import source_files
from qtui.store.changes import (
    LIFECYCLE,
    Applied,
    Change,
    Failure,
    Record,
    Target,
    Values,
    experiment_values,
    split_tags,
    tag_field,
    target_of,
    with_tags,
)
from qtui.store.dirfd import check_path
from qtui.store.memory import MemoryStore
from qtui.store.validation import check_edits, check_experiment, check_run, name_taken, param_conflict, validate_batch
from qtui.store.writer import Batch, Limits

IN_MEMORY = "this store in memory"

_shared_stores: dict[str, MemoryWriter] = {}
_shared_stores_lock = Lock()


def shared_memory_store(uri: str) -> MemoryWriter:
    """Return the store of this address in this process, `memory:` or `memory:NAME`; it lasts until the process ends."""
    with _shared_stores_lock:
        return _shared_stores.setdefault(uri, MemoryWriter(uri=uri))


class MemoryWriter(MemoryStore):
    """An in-memory store and its writer in one object."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Take the arguments of `MemoryStore`."""
        super().__init__(*args, **options)
        self._lock = RLock()
        self._deleted_times: dict[str, int] = {}
        self._changes = 0
        self._clock = 0

    @property
    def limits(self) -> Limits:
        """The maximum lengths of names and values."""
        return Limits()

    def create_experiment(
        self, name: str, *, artifact_location: str = "", tags: Mapping[str, str] | None = None
    ) -> ExperimentInfo:
        check_experiment(name, artifact_location, tags or {}, self.limits)
        with self._lock:
            check_name(name, self._experiments.values())
            experiment_id = str(len(self._experiments) + 1)
            location = artifact_location or f"{self._uri}{experiment_id}"
            time = self._next_time()
            self._experiments[experiment_id] = ExperimentInfo(
                experiment_id, name, "active", location, time, time, dict(tags or {})
            )
            return self._experiments[experiment_id]

    def create_run(
        self,
        experiment: ExperimentInfo,
        *,
        name: str,
        start_time: int,
        user: str = "",
        tags: Mapping[str, str] | None = None,
    ) -> RunInfo:
        """Create a running run."""
        check_run(name, start_time, tags or {}, self.limits)
        with self._lock:
            current = self._active_experiment(experiment)
            run_id = uuid.uuid4().hex
            uri = f"{current.artifact_location}/{run_id}/artifacts"
            info = RunInfo(run_id, current.experiment_id, name, start_time=start_time, artifact_uri=uri, user=user)
            self._put(Run(info, tags={**(tags or {}), RUN_NAME_TAG: name}))
            return info

    def log(self, info: RunInfo, batch: Batch) -> None:
        """Append points, add params and set tags."""
        batch = validate_batch(batch, self.limits)
        with self._lock:
            run = self._active_run(info)
            for key, value in batch.params.items():
                if run.params.get(key, value) != value:
                    raise param_conflict(info.run_id, key, run.params[key], value)
            name = batch.tags.get(RUN_NAME_TAG, run.info.name)
            self._put(
                replace(
                    run,
                    info=replace(run.info, name=name),
                    params={**run.params, **batch.params},
                    tags={**run.tags, **batch.tags},
                )
            )
            points_by_key: dict[str, list[Point]] = defaultdict(list)
            for key, point in batch.metrics:
                points_by_key[key].append(point)
            for key, points in points_by_key.items():
                self.append(info.run_id, key, points)

    def apply(self, changes: Sequence[Change], record: Record) -> Applied:
        """Write changes, and return those that undo them."""
        check_edits(changes, self.limits)
        with self._lock:
            self._changes += 1
            return apply_changes(self, changes, record)

    def purge_refusal(self, experiment_id: str) -> str:
        """Return nothing: everything that is deleted can be purged."""
        return ""

    def purge(self, targets: Sequence[Target]) -> tuple[Failure, ...]:
        """Remove deleted runs and experiments."""
        failures: list[Failure] = []
        with self._lock:
            self._changes += 1
            for target in targets:
                try:
                    self._purge(target)
                except QtuiError as error:
                    failures.append(Failure(target, error))
        return tuple(failures)

    def _purge(self, target: Target) -> None:
        item: RunInfo | ExperimentInfo
        if target.is_run:
            item = self._run(RunInfo(target.run_id, target.experiment_id)).info
        else:
            item = self._experiment(ExperimentInfo(target.experiment_id, ""))
        target.check_stage(item.lifecycle_stage, ViewType.DELETED)
        if isinstance(item, ExperimentInfo):
            del self._experiments[target.experiment_id]
        else:
            del self._runs[target.run_id]
            self._artifacts.pop(target.run_id, None)

    def remove_leftovers(self, *, dry_run: bool) -> int:
        """Return 0: nothing is left behind."""
        return 0

    def targets_of_runs(self, experiment_id: str) -> Sequence[Target]:
        """Return all runs of an experiment."""
        infos = [run.info for run in self._runs.values()]
        return [Target(experiment_id, info.run_id) for info in infos if info.experiment_id == experiment_id]

    def open_target(self, target: Target) -> AbstractContextManager[TargetAccess]:
        """Return a run or an experiment."""
        if target.is_run:
            return nullcontext(MemoryRun(target, self._runs, self._deleted_times))
        return nullcontext(MemoryExperiment(target, self._experiments, self._runs.values()))

    def save_artifact(self, info: RunInfo, source: Path, folder: str = "") -> None:
        """Copy a file, or the content of a folder, into a folder of the run's artifacts."""
        if folder:
            check_path(folder)
        with self._lock:
            sizes = self._artifacts.setdefault(self._active_run(info).info.run_id, {})
            for name, file in source_files(source):
                path = f"{folder}/{name}" if folder else name
                self._contents[info.run_id, path] = file.read_bytes()
                sizes[path] = file.stat().st_size
            self._changes += 1

    def change_token(
        self, experiment_ids: Sequence[str] | None = None, view: ViewType = ViewType.ACTIVE
    ) -> Hashable | None:
        """Return the number of writes."""
        return self._changes

    def _next_time(self) -> int:
        """Return a time later than that of every earlier change."""
        self._changes += 1
        self._clock = max(
            self._clock + 1, *(experiment.creation_time or 0 for experiment in self._experiments.values()), 0
        )
        return self._clock

    def _put(self, run: Run) -> None:
        self._runs[run.info.run_id] = run
        self._changes += 1

    def _experiment(self, experiment: ExperimentInfo) -> ExperimentInfo:
        if experiment.experiment_id not in self._experiments:
            raise target_of(experiment).missing_from(IN_MEMORY)
        return self._experiments[experiment.experiment_id]

    def _active_experiment(self, experiment: ExperimentInfo) -> ExperimentInfo:
        current = self._experiment(experiment)
        target_of(current).check_stage(current.lifecycle_stage, ViewType.ACTIVE)
        return current

    def _run(self, info: RunInfo) -> Run:
        if info.run_id not in self._runs:
            raise target_of(info).missing_from(IN_MEMORY)
        return self._runs[info.run_id]

    def _active_run(self, info: RunInfo) -> Run:
        run = self._run(info)
        target_of(run.info).check_stage(run.info.lifecycle_stage, ViewType.ACTIVE)
        return run


class MemoryRun:
    """A run of an in-memory store, for `apply_changes`."""

    def __init__(self, target: Target, runs: MutableMapping[str, Run], deleted_times: MutableMapping[str, int]) -> None:
        if target.run_id not in runs:
            raise target.missing_from(IN_MEMORY)
        self._run = runs[target.run_id]
        self._runs = runs
        self._deleted_times = deleted_times
        self._pending: Values = {}

    def values(self, change: Change) -> Values:
        """Return the present values."""
        _, tags = split_tags(change.values)
        info = self._run.info
        return {
            "name": info.name,
            "status": info.status,
            "end_time": info.end_time,
            LIFECYCLE: info.lifecycle_stage,
            "deleted_time": self._deleted_times.get(info.run_id),
            **{tag_field(key): self._run.tags.get(key) for key in tags},
        }

    def prepare(self, pending: Values, original: str) -> str:
        """Prepare to write new values, which restore everything."""
        self._pending = pending
        return ""

    def write(self) -> None:
        """Write new values."""
        fields, tags = split_tags(self._pending)
        run_id = self._run.info.run_id
        if "deleted_time" in fields:
            deleted_time = cast("int | None", fields.pop("deleted_time"))
            if deleted_time is None:
                self._deleted_times.pop(run_id, None)
            else:
                self._deleted_times[run_id] = deleted_time
        values: dict[str, Any] = fields
        info = replace(self._run.info, **values)
        self._runs[run_id] = replace(self._run, info=info, tags=with_tags(self._run.tags, tags))


class MemoryExperiment:
    """An experiment of an in-memory store, or a place for one, for `apply_changes`."""

    def __init__(self, target: Target, experiments: MutableMapping[str, ExperimentInfo], runs: Iterable[Run]) -> None:
        self._id = target.experiment_id
        self._experiments = experiments
        self._pending: Values = {}
        self._has_runs = any(run.info.experiment_id == self._id for run in runs)

    def values(self, change: Change) -> Values:
        """Return the present values."""
        fields, tags = split_tags(change.values)
        experiment = self._experiments.get(self._id)
        name = fields.get("name")
        if name:
            check_name(str(name), (other for key, other in self._experiments.items() if key != self._id))
        if experiment is None:
            if change.expected is None or change.expected.get(LIFECYCLE, "") is not None:
                raise Target(self._id).missing_from(IN_MEMORY)
            return dict.fromkeys(change.values)
        if fields.get(LIFECYCLE, "") is None and (self._has_runs or experiment.tags.keys() - tags.keys()):
            raise ChangedSince(f"The experiment {experiment.name!r} has runs or other tags now. Delete it instead.")
        return experiment_values(experiment, tags)

    def prepare(self, pending: Values, original: str) -> str:
        """Prepare to write new values, which restore everything."""
        self._pending = pending
        return ""

    def write(self) -> None:
        """Write new values, or create or remove the experiment."""
        fields, tags = split_tags(self._pending)
        if fields.get(LIFECYCLE, "") is None:
            del self._experiments[self._id]
            return
        values: dict[str, Any] = fields
        experiment = self._experiments.get(self._id) or ExperimentInfo(self._id, "")
        self._experiments[self._id] = replace(experiment, **values, tags=with_tags(experiment.tags, tags))


def check_name(name: str, experiments: Iterable[ExperimentInfo]) -> None:
    """Raise ExperimentExists if an experiment has this name."""
    for experiment in experiments:
        if experiment.name == name:
            raise name_taken(name, is_deleted=experiment.lifecycle_stage == ViewType.DELETED.value)
