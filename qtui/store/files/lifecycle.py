"""Deletes and restores runs and experiments as MLflow does: nothing is taken away for good."""

from __future__ import annotations

import os
from collections.abc import Iterator

from qtui.entities import Experiment, RunInfo, View
from qtui.errors import ExperimentExists, ExperimentNotFound, StoreUnwritable, UsageError
from qtui.store.files import layout
from qtui.store.files.creating import DEFAULT_ID, now
from qtui.store.files.describing import changed, changed_run
from qtui.store.files.infos import InfoReader
from qtui.store.files.layout import Folder
from qtui.store.files.patience import Patience
from qtui.store.files.placing import Site, sound
from qtui.store.folders import writing


def mark_run(folder: str, info: RunInfo, stage: View, deleted_time: int | None) -> None:
    """Mark the run in a folder as active or deleted."""
    with Site(folder) as site, site.locked(), sound(f"{folder}/{layout.META}"):
        described = site.read(layout.META) or b""
        text = changed_run(described, info.run_id, lifecycle_stage=stage.value, deleted_time=deleted_time)
        site.replace(site.stage(layout.META, text))


def delete_experiment(root: str, experiment: Experiment) -> None:
    """Mark an experiment and its active runs as deleted, then move it into the trash."""
    experiment_id = experiment.experiment_id
    if experiment_id == DEFAULT_ID:
        raise UsageError("MLflow keeps its default experiment: it cannot be deleted.")
    folder = Folder(experiment_id, f"{root}/{experiment_id}", False)
    trash = f"{root}/{layout.TRASH}"
    check_movable(folder.path, f"{trash}/{experiment_id}", experiment)
    moment = now()
    for info in runs_in(root, folder, View.ACTIVE):
        mark_run(f"{folder.path}/{info.run_id}", info, View.DELETED, moment)
    mark_experiment(folder.path, experiment, View.DELETED, moment)
    with writing(trash):
        os.makedirs(trash, exist_ok=True)
        os.rename(folder.path, f"{trash}/{experiment_id}")


def restore_experiment(root: str, experiment: Experiment) -> None:
    """Move an experiment out of the trash, then mark it and all its deleted runs as active."""
    experiment_id = experiment.experiment_id
    folder = Folder(experiment_id, f"{root}/{experiment_id}", False)
    trashed = f"{root}/{layout.TRASH}/{experiment_id}"
    check_movable(trashed, folder.path, experiment)
    with writing(trashed):
        os.rename(trashed, folder.path)
    for info in runs_in(root, folder, View.DELETED):
        mark_run(f"{folder.path}/{info.run_id}", info, View.ACTIVE, None)
    mark_experiment(folder.path, experiment, View.ACTIVE, now())


def check_movable(source: str, target: str, experiment: Experiment) -> None:
    """Refuse to move an experiment that is not there, or to where one is."""
    if not os.path.isdir(source):
        raise ExperimentNotFound(f"There is no experiment {experiment.experiment_id} at {source}.")
    if os.path.lexists(target):
        raise ExperimentExists(f"There is an experiment {experiment.experiment_id} at {target} already.")


def runs_in(root: str, folder: Folder, view: View) -> Iterator[RunInfo]:
    """The runs of an experiment in a view; those that cannot be read stay as they are."""
    for info, _ in InfoReader(root, folder).all(Patience(root)):
        if info is not None and view.admits(info.lifecycle_stage):
            yield info


def mark_experiment(folder: str, experiment: Experiment, stage: View, moment: int) -> None:
    """Mark the experiment in a folder as active or deleted; MLflow then writes its tags into the description, too."""
    with Site(folder) as site, site.locked(), sound(f"{folder}/{layout.META}"):
        described = site.read(layout.META)
        if described is None:
            raise StoreUnwritable(f"{folder}/{layout.META} is missing.")
        changes = {"lifecycle_stage": stage.value, "last_update_time": moment, "tags": dict(experiment.tags)}
        site.replace(site.stage(layout.META, changed(described, **changes)))
