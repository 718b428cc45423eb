"""Write into a store in MLflow's file layout, without MLflow and without its flag for file stores."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from qtui.entities import ExperimentInfo, RunInfo, ViewType
from qtui.errors import QtuiError, StoreUnwritable
from qtui.store.apply_changes import TargetAccess, apply_changes
from qtui.store.artifacts.listing import local_path
from qtui.store.artifacts.repository import upload
from qtui.store.artifacts.save import save
from qtui.store.changes import ALL_RUNS, LIFECYCLE, Applied, Change, Failure, Record, Target, target_of
from qtui.store.files.layout import folders
from qtui.store.files.layout.folders import ExperimentFolder
from qtui.store.files.reading.experiments import ExperimentReader
from qtui.store.files.reading.infos import InfoReader
from qtui.store.files.reading.rereads import RereadBudget
from qtui.store.files.writing import lifecycle
from qtui.store.files.writing.log_batch import log_batch
from qtui.store.files.writing.run_directory import RunDirectory, damage_errors
from qtui.store.files.writing.target_files import ExperimentFiles, MissingExperiment, RunFiles
from qtui.store.validation import check_edits, check_experiment, check_run, validate_batch
from qtui.store.writer import Batch, Limits

LIMITS = Limits(tag=sys.maxsize, run_name=8000, keys_are_paths=True, edit_targets=100)
"""MLflow stores long tags in files; in a database it truncates them."""

EDIT_THREADS = 8
"""Threads that change runs: most of the time goes into waiting for the disk, or for a network file system."""


class FileWriter:
    """Writer of a file store; the first experiment creates the store if there is none."""

    def __init__(self, root: Path) -> None:
        self._root = os.path.abspath(root)

    @property
    def uri(self) -> str:
        """Return the store's URI in MLflow's form."""
        return f"file:{self._root}"

    @property
    def limits(self) -> Limits:
        """Return the limits of names and values."""
        return LIMITS

    def create_experiment(
        self, name: str, *, artifact_location: str = "", tags: Mapping[str, str] | None = None
    ) -> ExperimentInfo:
        """Create an experiment, and the store if there is none."""
        check_experiment(name, artifact_location, tags or {}, LIMITS)
        lifecycle.create_store(self._root)
        return lifecycle.create_experiment(self._root, name, artifact_location, tags or {})

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
        check_run(name, start_time, tags or {}, LIMITS)
        stored = self._active_experiment(experiment)
        return lifecycle.create_run(self._root, stored, name=name, start_time=start_time, user=user, tags=tags or {})

    def log(self, info: RunInfo, batch: Batch) -> None:
        """Append points, add params and set tags: all of them, or nothing after an error."""
        batch = validate_batch(batch, LIMITS)
        folder, stored = self._active_run(info)
        with RunDirectory(folder) as directory:
            log_batch(directory, stored, batch)

    def apply(self, changes: Sequence[Change], record: Record) -> Applied:
        """Write changes run by run, and return those that undo them."""
        check_edits(changes, LIMITS)
        return apply_changes(self, list(map(_keep_default_runs, changes)), record, run_threads=EDIT_THREADS)

    def purge_refusal(self, experiment_id: str) -> str:
        """Return nothing: everything that is deleted can be purged."""
        return ""

    def purge(self, targets: Sequence[Target]) -> tuple[Failure, ...]:
        """Remove the folders of deleted runs and experiments."""
        failures: list[Failure] = []
        for target in targets:
            try:
                self._purge(target)
            except QtuiError as error:
                failures.append(Failure(target, error))
        return tuple(failures)

    def remove_leftovers(self, *, dry_run: bool) -> int:
        """Remove the folders that a killed purge left in the trash."""
        return lifecycle.remove_leftovers(self._root, dry_run=dry_run)

    def _purge(self, target: Target) -> None:
        if target.is_run:
            path, stored = self._stored_run(RunInfo(target.run_id, target.experiment_id))
            target.check_stage(stored.lifecycle_stage, ViewType.DELETED)
            lifecycle.remove_folder(self._root, path)
            return
        folder = folders.experiment_folder(self._root, target.experiment_id)
        if folder is None:
            raise target.missing_from(self._root)
        target.check_stage((ViewType.DELETED if folder.in_trash else ViewType.ACTIVE).value, ViewType.DELETED)
        if list(folders.run_folders(folder.path)):
            raise StoreUnwritable(f"Experiment {target.experiment_id} still has runs, or folders that are no runs.")
        lifecycle.remove_folder(self._root, folder.path)

    def targets_of_runs(self, experiment_id: str) -> Iterator[Target]:
        """Yield all readable runs of an experiment."""
        folder = folders.experiment_folder(self._root, experiment_id)
        if folder is not None:
            for info, _ in InfoReader(self._root, folder).read_all(RereadBudget(self._root)):
                if info is not None:
                    yield Target(experiment_id, info.run_id)

    @contextmanager
    def open_target(self, target: Target) -> Iterator[TargetAccess]:
        """Lock the folder of a run or an experiment."""
        if target.is_run:
            path, _ = self._stored_run(RunInfo(target.run_id, target.experiment_id))
            with RunDirectory(path) as directory, directory.locked(), damage_errors(f"{path}/{folders.META}"):
                yield RunFiles(directory, target.run_id)
            return
        folder = folders.experiment_folder(self._root, target.experiment_id)
        if folder is None:
            yield MissingExperiment(self._root, target)
            return
        with RunDirectory(folder.path) as directory, directory.locked(), damage_errors(f"{folder.path}/{folders.META}"):
            yield ExperimentFiles(directory, self._root, folder, self._stored_experiment(folder))

    def save_artifact(self, info: RunInfo, source: Path, folder: str = "") -> None:
        """Copy a file, or the contents of a folder, into a folder of the run's artifacts."""
        run_folder, stored = self._active_run(info)
        root = folders.artifact_root(stored, run_folder)
        recorded = local_path(root.recorded)
        if recorded is None:
            upload(root.recorded, source, folder)
        elif root.folder is None and recorded and not os.path.isabs(recorded):
            raise StoreUnwritable(f"The artifact folder {recorded} of the run is not on this machine.")
        else:
            save(root.folder or Path(recorded or f"{run_folder}/{folders.ARTIFACTS}"), source, folder)

    def close(self) -> None:
        """Do nothing: the writer keeps nothing open."""

    def _active_experiment(self, experiment: ExperimentInfo) -> ExperimentInfo:
        """Read the current state of an experiment; raises `ExperimentNotFound` or `NotActive`."""
        folder = folders.experiment_folder(self._root, experiment.experiment_id)
        if folder is None:
            raise target_of(experiment).missing_from(self._root)
        stored = self._stored_experiment(folder)
        target_of(stored).check_stage(stored.lifecycle_stage, ViewType.ACTIVE)
        return stored

    def _stored_experiment(self, folder: ExperimentFolder) -> ExperimentInfo:
        stored, problems = ExperimentReader(self._root).read(folder)
        if stored is None and problems:
            raise StoreUnwritable(f"{self._root}/{problems[0].path} {problems[0].reason}.")
        if stored is None:
            raise Target(folder.name).missing_from(self._root)
        return stored

    def _active_run(self, info: RunInfo) -> tuple[str, RunInfo]:
        """Return the folder of a run and its current state; raises `RunNotFound` or `NotActive`."""
        folder, stored = self._stored_run(info)
        target_of(info).check_stage(stored.lifecycle_stage, ViewType.ACTIVE)
        return folder, stored

    def _stored_run(self, info: RunInfo) -> tuple[str, RunInfo]:
        """Return the folder of a run of any lifecycle stage and its current state; raises `RunNotFound`."""
        experiment = folders.experiment_folder(self._root, info.experiment_id)
        if experiment is None or not folders.is_folder_name(info.run_id):
            raise target_of(info).missing_from(self._root)
        folder = f"{experiment.path}/{info.run_id}"
        stored, problems = InfoReader(self._root, experiment).read((info.run_id, folder))
        if stored is None and problems:
            raise StoreUnwritable(f"{self._root}/{problems[0].path} {problems[0].reason}.")
        if stored is None:
            raise target_of(info).missing_from(self._root)
        return folder, stored


def _keep_default_runs(change: Change) -> Change:
    """Return a change that does not delete the runs of the default experiment, which itself cannot be deleted."""
    if change.values.get(LIFECYCLE) != ViewType.DELETED.value:
        return change
    default_runs = Target(lifecycle.DEFAULT_ID, ALL_RUNS)
    return replace(change, targets=tuple(target for target in change.targets if target != default_runs))
