"""Folder layout of MLflow's file store: where experiments, runs and artifacts are."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from qtui.entities import MODEL_FOLDERS, RunInfo, ViewType, is_model_id
from qtui.errors import StoreNotFound, StoreUnreadable
from qtui.store.artifacts.listing import local_path
from qtui.store.dirfd import is_at_or_below
from qtui.store.files.damage import reason_of
from qtui.store.protocol import ArtifactRoot

TRASH = ".trash"
META = "meta.yaml"
PARAMS = "params"
METRICS = "metrics"
TAGS = "tags"
ARTIFACTS = "artifacts"
INPUTS = "inputs"
DATASETS = "datasets"
MODELS = MODEL_FOLDERS
OUTPUTS = "outputs"
TRACES = "traces"

NON_RUN_FOLDERS = frozenset({TAGS, DATASETS, TRACES, MODELS})
"""Subfolders of an experiment that are never runs."""

VALUE_FOLDERS = (PARAMS, METRICS, TAGS)

_EXPERIMENT_ID = re.compile(r"[a-zA-Z0-9][\w\-]{0,63}")
_RUN_ID = re.compile(r"[a-zA-Z0-9][\w\-]{0,255}")


class ExperimentFolder(NamedTuple):
    """A folder that may be an experiment."""

    name: str
    path: str
    in_trash: bool


class RunLocator:
    """Locator of the folders of runs, also in the trash; it looks up every experiment once."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._experiments: dict[str, ExperimentFolder | None] = {}

    def experiment_folder(self, experiment_id: str) -> ExperimentFolder | None:
        """Return the folder of an experiment, None if there is none."""
        if experiment_id not in self._experiments:
            self._experiments[experiment_id] = experiment_folder(self.root, experiment_id)
        return self._experiments[experiment_id]

    def run_folder(self, info: RunInfo) -> str | None:
        """Return the path that a run's folder must have; None if its experiment does not exist."""
        experiment = self.experiment_folder(info.experiment_id)
        name = info.run_id.removeprefix(f"{MODEL_FOLDERS}/")
        if experiment is None or not is_folder_name(name) or (name != info.run_id and not is_model_id(name)):
            return None
        return f"{experiment.path}/{info.run_id}"


def is_experiment_id(text: str) -> bool:
    """Return whether MLflow accepts a text as an experiment ID."""
    return _EXPERIMENT_ID.fullmatch(text) is not None


def is_run_id(text: str) -> bool:
    """Return whether MLflow accepts a text as a run ID."""
    return _RUN_ID.fullmatch(text) is not None


def is_folder_name(text: str) -> bool:
    """Return whether a text names a direct child of a folder, so that it cannot point elsewhere."""
    return text not in ("", ".", "..") and "/" not in text and "\0" not in text


def is_possible_run(name: str) -> bool:
    """Return whether a subfolder of an experiment may be a run, by its name."""
    return name not in NON_RUN_FOLDERS and not name.startswith(".")


def experiment_folders(root: str, view: ViewType) -> Iterator[ExperimentFolder]:
    """Yield the folders that may be experiments: active ones are in the root, deleted ones in the trash.

    Raises `StoreNotFound` or `StoreUnreadable` if the root cannot be listed.
    """
    folders = _root_folders(root)
    if view is not ViewType.DELETED:
        yield from (ExperimentFolder(name, path, False) for name, path in folders if name != MODELS)
    if view is not ViewType.ACTIVE:
        with suppress(OSError):
            yield from (ExperimentFolder(name, path, True) for name, path in _subfolders(f"{root}/{TRASH}"))


def _root_folders(root: str) -> list[tuple[str, str]]:
    try:
        return list(_subfolders(root))
    except (FileNotFoundError, NotADirectoryError):
        raise StoreNotFound(f"The store {root} no longer exists.") from None
    except OSError as error:
        raise StoreUnreadable(f"The store {root} {reason_of(error)}.") from None


def select_experiment_folders(
    root: str, experiment_ids: Sequence[str] | None, view: ViewType
) -> Iterator[ExperimentFolder]:
    """Yield the folders of the given experiments, or of all experiments in the scope of the view.

    Raises `StoreNotFound` or `StoreUnreadable` if the root cannot be listed: its experiments are not empty then.
    """
    if experiment_ids is None:
        yield from experiment_folders(root, view.scope)
        return
    folders = [experiment_folder(root, experiment_id) for experiment_id in dict.fromkeys(experiment_ids)]
    if None in folders:
        _root_folders(root)
    yield from filter(None, folders)


def experiment_folder(root: str, experiment_id: str) -> ExperimentFolder | None:
    """Return the folder of an experiment, in the root or in the trash; None if there is none."""
    if not is_experiment_id(experiment_id):
        return None
    for in_trash, parent in ((False, root), (True, f"{root}/{TRASH}")):
        path = f"{parent}/{experiment_id}"
        if os.path.isdir(path):
            return ExperimentFolder(experiment_id, path, in_trash)
    return None


def trash_damage(root: str) -> str | None:
    """Return why the trash of a store cannot be listed; None if it can, or if there is none."""
    try:
        os.scandir(f"{root}/{TRASH}").close()
    except FileNotFoundError:
        return None
    except OSError as error:
        return reason_of(error)
    return None


def run_folders(experiment: str) -> Iterator[tuple[str, str]]:
    """Yield name and path of the folders that may be runs; raises OSError if the experiment cannot be listed."""
    with os.scandir(experiment) as entries:
        for entry in entries:
            name = entry.name
            if is_possible_run(name) and (_is_folder(entry) or _is_broken_entry(entry)):
                yield name, f"{experiment}/{name}"


def looks_like_run(folder: str) -> bool:
    """Return whether a folder without meta.yaml has a subfolder that only runs have."""
    return any(os.path.isdir(f"{folder}/{part}") for part in VALUE_FOLDERS)


def is_broken_link(path: str) -> bool:
    """Return whether a path is a link that does not lead to a folder."""
    return os.path.islink(path) and not os.path.isdir(path)


def last_modified_ms(run_folder: str) -> int | None:
    """Return the newest modification time (ms) of a run's files except artifacts; None if there are none."""
    newest = max(_modification_times_ns(run_folder, META, *VALUE_FOLDERS), default=None)
    return None if newest is None else newest // 1_000_000


def info_files_hash(experiments: Iterable[ExperimentFolder]) -> int:
    """Return a hash that changes when a run of these experiments appears, disappears or changes its meta.yaml."""
    states: list[object] = []
    for experiment in experiments:
        with suppress(OSError):
            for _, run in run_folders(experiment.path):
                with suppress(OSError):
                    status = os.stat(f"{run}/{META}")
                    states.append((run, status.st_mtime_ns, status.st_size, status.st_ino))
    return hash(frozenset(states))


def artifact_root(info: RunInfo, run_folder: str) -> ArtifactRoot:
    """Return the recorded artifact folder of a run, or the run's own one if the store was moved."""
    recorded = local_path(info.artifact_uri)
    own = f"{run_folder}/{ARTIFACTS}"
    if recorded is None:
        return ArtifactRoot(info.artifact_uri)
    if recorded and os.path.isdir(recorded):
        return ArtifactRoot(info.artifact_uri, Path(recorded))
    if not _replaces_recorded(recorded, own, info):
        return ArtifactRoot(info.artifact_uri)
    return ArtifactRoot(info.artifact_uri, Path(own), moved=not _is_path_before_trash(recorded, own))


def _replaces_recorded(recorded: str, own: str, info: RunInfo) -> bool:
    """Return whether a run's own folder holds the recorded artifacts; MLflow creates an empty one for every run."""
    if not os.path.isdir(own):
        return False
    default_path = f"{info.experiment_id}/{info.run_id}/{ARTIFACTS}"
    return recorded.replace("\\", "/").endswith(default_path) or bool(os.listdir(own))


def _is_path_before_trash(recorded: str, own: str) -> bool:
    """Return whether the recorded path is the run's path from before its experiment was deleted."""
    root, trash, path = own.rpartition(f"/{TRASH}/")
    return bool(trash) and os.path.abspath(recorded) == os.path.abspath(f"{root}/{path}")


def _modification_times_ns(folder: str, *names: str) -> Iterator[int]:
    """Yield the modification times (ns) of these files, and of all files below these folders."""
    pending = [f"{folder}/{name}" for name in names]
    while pending:
        path = pending.pop()
        try:
            status = os.lstat(path)
            if stat.S_ISDIR(status.st_mode):
                pending += [f"{path}/{name}" for name in os.listdir(path)]
            else:
                yield status.st_mtime_ns
        except OSError:
            continue


def _subfolders(parent: str) -> Iterator[tuple[str, str]]:
    with os.scandir(parent) as entries:
        folders = sorted((entry.name, entry.path) for entry in entries if _is_possible_experiment(entry))
    yield from folders


def _is_possible_experiment(entry: os.DirEntry[str]) -> bool:
    if not is_experiment_id(entry.name):
        return False
    return (_is_folder(entry) and not _links_to_ancestor(entry)) or _is_broken_entry(entry)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_broken_entry(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a link without a target, for example to a run on a disk that is not mounted."""
    return entry.is_symlink() and not os.path.exists(entry.path)


def _links_to_ancestor(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry links to a folder above itself, whose runs are listed already."""
    if not entry.is_symlink():
        return False
    return is_at_or_below(os.path.realpath(os.path.dirname(entry.path)), os.path.realpath(entry.path))
