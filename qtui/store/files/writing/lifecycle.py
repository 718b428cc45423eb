"""Create and remove stores, experiments and runs as MLflow does, safe among processes without a lock."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from hashlib import blake2b
from itertools import count
from pathlib import Path

from qtui.entities import RUN_NAME_TAG, ExperimentInfo, RunInfo, ViewType
from qtui.errors import StoreNotFound, StoreUnwritable
from qtui.formatting import now_ms
from qtui.store.artifacts.listing import local_path
from qtui.store.artifacts.uri import join_uri, resolve_uri
from qtui.store.dirfd import FOLDER_FLAGS, TOP_FLAGS, write_errors
from qtui.store.files.damage import Unreadable
from qtui.store.files.layout import folders
from qtui.store.files.layout.meta import dump_meta, experiment_fields, parse_meta, run_fields
from qtui.store.files.reading.experiments import ExperimentReader
from qtui.store.files.writing.run_directory import RunDirectory
from qtui.store.validation import name_taken

DEFAULT_ID = "0"
DEFAULT_NAME = "Default"
NEW_RUN_FOLDERS = (folders.METRICS, folders.PARAMS, folders.ARTIFACTS)
HIDDEN_PREFIX = ".qtui-purged-"
"""Prefix of the names of folders in the trash that are being removed; MLflow and qtui ignore them."""
MIN_EXPERIMENT_ID = 10**17
"""The IDs that MLflow makes have 18 digits."""


def create_store(root: str) -> None:
    """Create a store with MLflow's default experiment if there is none."""
    with write_errors(root):
        if not os.path.isdir(root):
            os.makedirs(root, exist_ok=True)
            location = _location_in_store(root, DEFAULT_ID)
            _write_experiment(root, ExperimentInfo(DEFAULT_ID, DEFAULT_NAME, artifact_location=location))
        os.makedirs(f"{root}/{folders.TRASH}", exist_ok=True)


def create_experiment(root: str, name: str, artifact_location: str, tags: Mapping[str, str]) -> ExperimentInfo:
    """Create an experiment; raises `ExperimentExists` if the name is taken.

    The ID is derived from the name: of several processes that create the same name, only one succeeds.
    """
    check_name(root, name)
    for experiment_id in _candidate_ids(name):
        location = resolve_uri(artifact_location) if artifact_location else _location_in_store(root, experiment_id)
        experiment = ExperimentInfo(experiment_id, name, artifact_location=location, tags=dict(tags))
        if os.path.lexists(f"{root}/{folders.TRASH}/{experiment_id}"):
            continue
        created = _write_experiment(root, experiment)
        if created is not None:
            return created
        if _stored_name(f"{root}/{experiment_id}") == name:
            raise name_taken(name, is_deleted=False)
    raise AssertionError("The sequence of IDs is endless.")


def create_run(
    root: str, experiment: ExperimentInfo, *, name: str, start_time: int, user: str, tags: Mapping[str, str]
) -> RunInfo:
    """Create a running run; its meta.yaml is written last, so readers see the whole run or none."""
    folder = f"{root}/{experiment.experiment_id}"
    run_id = uuid.uuid4().hex
    info = RunInfo(
        run_id=run_id,
        experiment_id=experiment.experiment_id,
        name=name,
        start_time=start_time,
        artifact_uri=join_uri(_new_run_location(root, experiment), run_id, folders.ARTIFACTS),
        user=user,
    )
    with write_errors(folder):
        if not os.path.isdir(folder):
            raise StoreNotFound(f"The experiment {folder} no longer exists.")
        for part in ("", *NEW_RUN_FOLDERS):
            os.mkdir(f"{folder}/{run_id}/{part}")
    with RunDirectory(f"{folder}/{run_id}") as directory:
        for key, value in {**tags, RUN_NAME_TAG: name}.items():
            directory.replace(directory.stage(f"{folders.TAGS}/{key}", value.encode()))
        directory.replace(directory.stage(folders.META, dump_meta(run_fields(info))))
    return info


def remove_folder(root: str, path: str) -> None:
    """Remove a folder of the store: by a rename first, so that a killed process leaves no half.

    Raises `StoreUnwritable` if it is a link, which is not followed.
    """
    if os.path.islink(path):
        raise StoreUnwritable(f"{path} is a link, which is not followed. Remove it yourself.")
    hidden = f"{HIDDEN_PREFIX}{os.urandom(8).hex()}"
    with write_errors(path):
        os.makedirs(f"{root}/{folders.TRASH}", exist_ok=True)
        with _trash(root) as trash:
            os.rename(path, hidden, dst_dir_fd=trash)
            shutil.rmtree(hidden, dir_fd=trash)


def remove_leftovers(root: str, *, dry_run: bool) -> int:
    """Remove the folders that a killed purge left in the trash, and return their number."""
    if not os.path.isdir(f"{root}/{folders.TRASH}"):
        return 0
    with write_errors(f"{root}/{folders.TRASH}"), _trash(root) as trash:
        names = [name for name in os.listdir(trash) if name.startswith(HIDDEN_PREFIX)]
        if not dry_run:
            for name in names:
                shutil.rmtree(name, dir_fd=trash)
        return len(names)


@contextmanager
def _trash(root: str) -> Iterator[int]:
    """Yield the descriptor of the trash, which must not be a link."""
    top = os.open(root, TOP_FLAGS)
    try:
        trash = os.open(folders.TRASH, FOLDER_FLAGS, dir_fd=top)
        try:
            yield trash
        finally:
            os.close(trash)
    finally:
        os.close(top)


def _candidate_ids(name: str) -> Iterator[str]:
    """Yield the IDs that an experiment of this name may get; the first is almost always free."""
    for attempt in count():
        digest = blake2b(f"{attempt} {name}".encode(), digest_size=16).digest()
        yield str(MIN_EXPERIMENT_ID + int.from_bytes(digest) % (9 * MIN_EXPERIMENT_ID))


def _write_experiment(root: str, experiment: ExperimentInfo) -> ExperimentInfo | None:
    """Write an experiment and return it; None if one with its ID exists."""
    time_ms = now_ms()
    experiment = replace(experiment, creation_time=time_ms, last_update_time=time_ms)
    folder = f"{root}/{experiment.experiment_id}"
    with write_errors(folder):
        os.makedirs(folder, exist_ok=True)
    with RunDirectory(folder) as directory:
        if not directory.create(directory.stage(folders.META, dump_meta(experiment_fields(experiment)))):
            return None
        for key, value in experiment.tags.items():
            directory.replace(directory.stage(f"{folders.TAGS}/{key}", value.encode()))
    return experiment


def check_name(root: str, name: str) -> None:
    """Raise `ExperimentExists` if an experiment has this name."""
    reader = ExperimentReader(root)
    for folder in folders.experiment_folders(root, ViewType.ALL):
        experiment, _ = reader.read(folder)
        if experiment is not None and experiment.name == name:
            raise name_taken(name, is_deleted=experiment.lifecycle_stage != ViewType.ACTIVE.value)


def _stored_name(folder: str) -> str | None:
    """Return the name in the meta.yaml of an experiment's folder; None if it is unreadable."""
    with RunDirectory(folder) as directory:
        try:
            name = parse_meta(directory.read(folders.META) or b"").get("name")
        except Unreadable:
            return None
    return name if isinstance(name, str) else None


def _location_in_store(root: str, experiment_id: str) -> str:
    """Return MLflow's default artifact location of an experiment."""
    return join_uri(Path(root).as_uri(), experiment_id)


def _new_run_location(root: str, experiment: ExperimentInfo) -> str:
    """Return the recorded artifact location of an experiment, or the default one if the store was moved."""
    recorded = experiment.artifact_location
    folder = local_path(recorded)
    moved = folder is not None and not os.path.isdir(folder) and os.path.basename(folder) == experiment.experiment_id
    return _location_in_store(root, experiment.experiment_id) if moved or not recorded else recorded
