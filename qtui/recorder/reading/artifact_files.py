"""Brings artifacts to where a program can open them."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qtui.entities import RunInfo
from qtui.errors import ArtifactNotFound
from qtui.recorder.recording.saved_objects import parts_of
from qtui.store import Store


@contextmanager
def fetched(store: Store, info: RunInfo, path: str) -> Iterator[Path]:
    """A place on this machine where an artifact can be read meanwhile; a copy is removed afterwards."""
    here = found_here(store, info, path)
    if here is not None:
        yield here
        return
    with tempfile.TemporaryDirectory(prefix="qtui-") as folder:
        yield store.download(info, path, Path(folder))


def download(store: Store, info: RunInfo, path: str, folder: str | None) -> Path:
    """Return a local path of an artifact: a copy in `folder`, the stored file, or a temporary copy of a remote one."""
    if folder is not None:
        return store.download(info, path, Path(folder), overwrite=True)
    here = found_here(store, info, path)
    return here if here is not None else store.download(info, path, own_folder())


def own_folder() -> Path:
    """Create a temporary folder that is removed when this process exits."""
    folder = tempfile.mkdtemp(prefix="qtui-")
    atexit.register(remove, folder, os.getpid())
    return Path(folder)


def remove(folder: str, pid: int) -> None:
    """Remove a folder at exit; a forked child leaves the folder of its parent alone."""
    if os.getpid() == pid:
        shutil.rmtree(folder, ignore_errors=True)


def found_here(store: Store, info: RunInfo, path: str) -> Path | None:
    """The artifact itself, if this machine has the run's artifacts; `ArtifactNotFound` when it is not among them."""
    root = store.artifact_root(info).folder
    if root is None:
        return None
    place = root.joinpath(*parts_of(path)) if path else root
    if not place.exists() or not place.resolve().is_relative_to(root.resolve()):
        raise ArtifactNotFound(f"The run {info.run_id} has no artifact {path!r}.")
    return place
