"""Writes into a store in MLflow's directory layout, natively: no MLflow is needed, nor its flag for such stores."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from qtui.entities import RUN_NAME_TAG, Experiment, RunInfo, View
from qtui.errors import ExperimentNotFound, NotActive, RunNotFound, StoreUnwritable
from qtui.store.artifacts.listing import local_path
from qtui.store.artifacts.repository import upload
from qtui.store.artifacts.save import save
from qtui.store.files import artifacts, creating, layout, lifecycle
from qtui.store.files.describing import CODES, changed_run
from qtui.store.files.experiments import ExperimentReader
from qtui.store.files.infos import InfoReader
from qtui.store.files.layout import Folder
from qtui.store.files.logging import log
from qtui.store.files.placing import Site, sound
from qtui.store.validation import (
    check_changes,
    check_deleted_tags,
    check_experiment,
    check_keys,
    check_run_name,
    check_texts,
    check_time,
    checked_batch,
)
from qtui.store.writer import Batch, Changes, Limits

LIMITS = Limits(tag=sys.maxsize, run_name=8000, keys_are_paths=True)
"""MLflow keeps a long tag whole in a file, where a database cuts it."""


class FileWriter:
    """Writes into the tree of files below a folder, which is made with the first experiment if it is not there."""

    def __init__(self, root: Path) -> None:
        self._root = os.path.abspath(root)

    @property
    def uri(self) -> str:
        """The store's address in MLflow's form."""
        return f"file:{self._root}"

    @property
    def limits(self) -> Limits:
        """How long names and values may be."""
        return LIMITS

    def create_experiment(
        self, name: str, *, artifact_location: str = "", tags: Mapping[str, str] | None = None
    ) -> Experiment:
        """A new experiment, in a new store if there is none."""
        check_experiment(name, artifact_location, tags or {}, LIMITS)
        creating.create_tree(self._root)
        return creating.create_experiment(self._root, name, artifact_location, tags or {})

    def create_run(
        self,
        experiment: Experiment,
        *,
        name: str,
        start_time: int,
        user: str = "",
        tags: Mapping[str, str] | None = None,
    ) -> RunInfo:
        """A new running run."""
        check_run_name(name, LIMITS)
        check_time("start", start_time)
        check_texts("tag", tags or {}, LIMITS.tag, LIMITS)
        found = self._experiment(experiment)
        return creating.create_run(self._root, found, name=name, start_time=start_time, user=user, tags=tags or {})

    def log(self, info: RunInfo, batch: Batch) -> None:
        """Append points, add params, set tags."""
        batch = checked_batch(batch, LIMITS)
        folder, found = self._active(info)
        with Site(folder) as site:
            log(site, found, batch)

    def update_run(self, info: RunInfo, changes: Changes) -> RunInfo:
        """Change status, end or name of a run; gives the run as it stands then."""
        check_changes(changes, LIMITS)
        folder, _ = self._active(info)
        # Only the changed fields are written: another process may set others.
        fields: dict[str, object] = {}
        if changes.status is not None:
            fields["status"] = CODES[changes.status]
        if changes.end_time is not None:
            fields["end_time"] = changes.end_time
        if changes.name is not None:
            fields["run_name"] = changes.name
        with Site(folder) as site, site.locked(), sound(f"{folder}/{layout.META}"):
            _, found = self._active(info)
            text = changed_run(site.read(layout.META) or b"", info.run_id, **fields)
            staged = [site.stage(layout.META, text)]
            if changes.name is not None:
                staged.append(site.stage(f"{layout.TAGS}/{RUN_NAME_TAG}", changes.name.encode()))
            for each in staged:
                site.replace(each)
        return replace(
            found,
            status=changes.status or found.status,
            end_time=found.end_time if changes.end_time is None else changes.end_time,
            name=found.name if changes.name is None else changes.name,
        )

    def delete_tags(self, info: RunInfo, keys: Collection[str]) -> None:
        """Take tags off a run; one that is not there is no error."""
        check_keys("tag", keys, LIMITS)
        check_deleted_tags(keys)
        folder, _ = self._active(info)
        with Site(folder) as site:
            for key in keys:
                site.remove(f"{layout.TAGS}/{key}")

    def delete_runs(self, infos: Sequence[RunInfo]) -> None:
        """Mark runs as deleted."""
        moment = creating.now()
        for folder, found in [self._run(info) for info in infos]:
            lifecycle.mark_run(folder, found, View.DELETED, moment)

    def restore_runs(self, infos: Sequence[RunInfo]) -> None:
        """Make deleted runs active again."""
        for folder, found in [self._run(info) for info in infos]:
            lifecycle.mark_run(folder, found, View.ACTIVE, None)

    def delete_experiment(self, experiment: Experiment) -> None:
        """Mark an experiment and its active runs as deleted and move it into the trash."""
        lifecycle.delete_experiment(self._root, self._experiment(experiment))

    def restore_experiment(self, experiment: Experiment) -> None:
        """Move an experiment out of the trash and make it and all its runs active."""
        folder = Folder(experiment.experiment_id, f"{self._root}/{layout.TRASH}/{experiment.experiment_id}", True)
        lifecycle.restore_experiment(self._root, self._described(folder))

    def save_artifact(self, info: RunInfo, source: Path, folder: str = "") -> None:
        """Copy a file, or all that is in a folder, into a folder of the run's artifacts."""
        own, found = self._active(info)
        root = artifacts.root_of(found, own)
        recorded = local_path(root.recorded)
        if recorded is None:
            upload(root.recorded, source, folder)
        elif root.folder is None and recorded and not os.path.isabs(recorded):
            raise StoreUnwritable(f"The run's artifacts are at {recorded}, which is not on this machine.")
        else:
            save(root.folder or Path(recorded or f"{own}/{layout.ARTIFACTS}"), source, folder)

    def close(self) -> None:
        """Nothing is held."""

    def _experiment(self, experiment: Experiment) -> Experiment:
        """An experiment as it is described now; only an active one."""
        folder = layout.experiment_folder(self._root, experiment.experiment_id)
        if folder is None:
            raise ExperimentNotFound(f"{self._root} has no experiment {experiment.experiment_id}.")
        found = self._described(folder)
        if folder.in_trash or found.lifecycle_stage != View.ACTIVE.value:
            raise NotActive(f"The experiment {experiment.experiment_id} is deleted; restore it first.")
        return found

    def _described(self, folder: Folder) -> Experiment:
        found, problems = ExperimentReader(self._root).read(folder)
        if found is None and problems:
            raise StoreUnwritable(f"{self._root}/{problems[0].path} {problems[0].reason}.")
        if found is None:
            raise ExperimentNotFound(f"{self._root} has no experiment {folder.name}.")
        return found

    def _active(self, info: RunInfo) -> tuple[str, RunInfo]:
        """The folder of a run and the run as it is described now; only an active one."""
        folder, found = self._run(info)
        if found.lifecycle_stage != View.ACTIVE.value:
            raise NotActive(f"The run {info.run_id} is deleted; restore it first.")
        return folder, found

    def _run(self, info: RunInfo) -> tuple[str, RunInfo]:
        """The folder of a run and the run as it is described now."""
        experiment = layout.experiment_folder(self._root, info.experiment_id)
        if experiment is None or not layout.is_folder_name(info.run_id):
            raise RunNotFound(f"{self._root} has no run {info.run_id}.")
        folder = f"{experiment.path}/{info.run_id}"
        found, problems = InfoReader(self._root, experiment).read((info.run_id, folder))
        if found is None and problems:
            raise StoreUnwritable(f"{self._root}/{problems[0].path} {problems[0].reason}.")
        if found is None:
            raise RunNotFound(f"{self._root} has no run {info.run_id}.")
        return folder, found
