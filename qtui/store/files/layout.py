"""Where MLflow keeps what: which folders are experiments, which are runs, which are neither."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from qtui.entities import View
from qtui.errors import StoreNotFound, StoreUnreadable
from qtui.store.files.damage import reason_of
from qtui.store.folders import lies_in

TRASH = ".trash"
META = "meta.yaml"
PARAMS = "params"
METRICS = "metrics"
TAGS = "tags"
ARTIFACTS = "artifacts"
INPUTS = "inputs"
DATASETS = "datasets"
MODELS = "models"
TRACES = "traces"

NO_RUNS = frozenset({TAGS, DATASETS, TRACES, MODELS})
"""Folders of an experiment that are never runs."""

VALUE_FOLDERS = (PARAMS, METRICS, TAGS)

_EXPERIMENT_ID = re.compile(r"[a-zA-Z0-9][\w\-]{0,63}")
_RUN_ID = re.compile(r"[a-zA-Z0-9][\w\-]{0,255}")


class Folder(NamedTuple):
    """A folder that may be an experiment."""

    name: str
    path: str
    in_trash: bool


def is_experiment_id(text: str) -> bool:
    """Whether MLflow takes this for the id of an experiment."""
    return _EXPERIMENT_ID.fullmatch(text) is not None


def is_run_id(text: str) -> bool:
    """Whether MLflow takes this for the id of a run."""
    return _RUN_ID.fullmatch(text) is not None


def experiment_folders(root: str, view: View) -> Iterator[Folder]:
    """The folders that may be experiments: those beside the trash are active, those in it deleted."""
    try:
        folders = list(_subfolders(root))
    except (FileNotFoundError, NotADirectoryError):
        raise StoreNotFound(f"There is no store at {root} any more.") from None
    except OSError as error:
        raise StoreUnreadable(f"The store {root} {reason_of(error)}.") from None
    if view is not View.DELETED:
        yield from (Folder(name, path, False) for name, path in folders if name != MODELS)
    if view is not View.ACTIVE:
        with suppress(OSError):
            yield from (Folder(name, path, True) for name, path in _subfolders(f"{root}/{TRASH}"))


def trash_damage(root: str) -> str | None:
    """Return why the trash of a store cannot be listed; None if it can, or if there is none."""
    try:
        os.scandir(f"{root}/{TRASH}").close()
    except FileNotFoundError:
        return None
    except OSError as error:
        return reason_of(error)
    return None


def experiment_folder(root: str, experiment_id: str) -> Folder | None:
    """Where an experiment is, in the store or in its trash."""
    if not is_experiment_id(experiment_id):
        return None
    for in_trash, parent in ((False, root), (True, f"{root}/{TRASH}")):
        path = f"{parent}/{experiment_id}"
        if os.path.isdir(path):
            return Folder(experiment_id, path, in_trash)
    return None


def experiments_meant(root: str, experiment_ids: Sequence[str] | None, view: View) -> Iterator[Folder]:
    """The folders of these experiments, or of all whose runs a view may show."""
    if experiment_ids is None:
        yield from experiment_folders(root, view.scope)
    else:
        found = (experiment_folder(root, each) for each in dict.fromkeys(experiment_ids))
        yield from filter(None, found)


def may_be_run(name: str) -> bool:
    """Whether a folder of this name in an experiment may be a run."""
    return name not in NO_RUNS and not name.startswith(".")


def is_folder_name(text: str) -> bool:
    """Whether this names something directly in a folder, so that it cannot lead elsewhere."""
    return text not in ("", ".", "..") and "/" not in text and "\0" not in text


def run_folders(experiment: str) -> Iterator[tuple[str, str]]:
    """Name and path of the folders that may be runs of an experiment; raises OSError if it cannot be listed."""
    with os.scandir(experiment) as entries:
        for entry in entries:
            name = entry.name
            if may_be_run(name) and (_is_folder(entry) or _is_lost(entry)):
                yield name, f"{experiment}/{name}"


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_lost(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a link that leads nowhere, perhaps to a run on a disk that is not there."""
    return entry.is_symlink() and not os.path.exists(entry.path)


def looks_like_run(folder: str) -> bool:
    """Whether a folder without meta.yaml holds what only a run holds."""
    return any(os.path.isdir(f"{folder}/{part}") for part in VALUE_FOLDERS)


def newest_change(run_folder: str) -> int | None:
    """When (ms) a file of a run, artifacts aside, was last written; None when there is none."""
    newest = max(_changes(run_folder, META, *VALUE_FOLDERS), default=None)
    return None if newest is None else newest // 1_000_000


def pulse(experiments: Iterable[Folder]) -> int:
    """A number that stays the same as long as no run of these experiments comes, goes or has its info changed."""
    seen: list[object] = []
    for experiment in experiments:
        with suppress(OSError):
            for _, run in run_folders(experiment.path):
                with suppress(OSError):
                    state = os.stat(f"{run}/{META}")
                    seen.append((run, state.st_mtime_ns, state.st_size, state.st_ino))
    return hash(frozenset(seen))


def _changes(folder: str, *names: str) -> Iterator[int]:
    """The times (ns) of the files with these names, or below the folders with these names."""
    pending = [f"{folder}/{name}" for name in names]
    while pending:
        path = pending.pop()
        try:
            state = os.lstat(path)
            if stat.S_ISDIR(state.st_mode):
                pending += [f"{path}/{name}" for name in os.listdir(path)]
            else:
                yield state.st_mtime_ns
        except OSError:
            continue


def _subfolders(parent: str) -> Iterator[tuple[str, str]]:
    with os.scandir(parent) as entries:
        found = sorted(
            (entry.name, entry.path)
            for entry in entries
            if is_experiment_id(entry.name) and ((_is_folder(entry) and not _leads_back(entry)) or _is_lost(entry))
        )
    yield from found


def _leads_back(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a link to a folder that it is in: what is found there has been found before."""
    if not entry.is_symlink():
        return False
    return lies_in(os.path.realpath(os.path.dirname(entry.path)), os.path.realpath(entry.path))
