"""Brings artifacts to where a program can open them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qtui.entities import RunInfo
from qtui.errors import ArtifactNotFound
from qtui.recorder.objects import parts_of
from qtui.store import Store


@contextmanager
def fetched(store: Store, info: RunInfo, path: str) -> Iterator[Path]:
    """A place on this machine where an artifact can be read meanwhile; a copy is removed afterwards."""
    here = found_here(store, info, path)
    if here is not None:
        yield here
        return
    with tempfile.TemporaryDirectory(prefix="qtui-") as folder:
        yield brought(store, info, path, Path(folder))


def download(store: Store, info: RunInfo, path: str, folder: str | None) -> Path:
    """Where an artifact is after it was brought into a folder; without one it is left where it is, if that is here."""
    here = found_here(store, info, path)
    if here is None:
        return brought(store, info, path, Path(folder or tempfile.mkdtemp(prefix="qtui-")))
    if folder is None:
        return here
    target = Path(folder, *parts_of(path)) if path else Path(folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    if here.is_dir():
        shutil.copytree(here, target, dirs_exist_ok=True)
    else:
        shutil.copyfile(here, target)
    return target


def found_here(store: Store, info: RunInfo, path: str) -> Path | None:
    """The artifact itself, if this machine has the run's artifacts; `ArtifactNotFound` when it is not among them."""
    root = store.artifact_root(info).folder
    if root is None:
        return None
    place = root.joinpath(*parts_of(path)) if path else root
    if not place.exists() or not place.resolve().is_relative_to(root.resolve()):
        raise ArtifactNotFound(f"The run {info.run_id} has no artifact {path!r}.")
    return place


def brought(store: Store, info: RunInfo, path: str, folder: Path) -> Path:
    """An artifact from elsewhere, in a folder here."""
    from qtui.store.artifact_repo import repository

    folder.mkdir(parents=True, exist_ok=True)
    with repository(store.artifact_root(info).recorded, "read") as artifacts:
        return Path(artifacts.download_artifacts(path, str(folder)))
