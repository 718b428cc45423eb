"""Measure and remove the artifacts of a run for good, without following a link."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NamedTuple

from qtui.entities import RunInfo
from qtui.errors import StoreUnwritable
from qtui.store.artifacts.listing import local_path
from qtui.store.artifacts.repository import repository
from qtui.store.artifacts.walk import walk
from qtui.store.dirfd import FOLDER_FLAGS, TOP_FLAGS, write_errors
from qtui.store.protocol import Store
from qtui.text import redact

ARTIFACTS = "artifacts"


class ArtifactSize(NamedTuple):
    """The number of files among the artifacts of a run, and their size in bytes."""

    files: int
    size: int


def measure_artifacts(store: Store, info: RunInfo) -> ArtifactSize:
    """Return the number and size of the artifacts of a run; a link counts as a file."""
    root = store.artifact_root(info)
    if root.folder is not None:
        return measure_folder(root.folder)
    if local_path(root.recorded) is not None:
        return ArtifactSize(0, 0)
    listing = walk(lambda folder: store.artifacts(info, folder), "", info)
    sizes = [artifact.size or 0 for artifact in listing.items if not artifact.is_dir]
    return ArtifactSize(len(sizes), sum(sizes))


def measure_folder(folder: Path) -> ArtifactSize:
    """Return the number and size of the files below a folder."""
    count = size = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                size += os.lstat(f"{parent}/{name}").st_size
            except FileNotFoundError:
                continue
            count += 1
    return ArtifactSize(count, size)


def remove_artifacts(store: Store, info: RunInfo) -> None:
    """Remove the artifacts of a run, wherever they are.

    Only a folder named RUN_ID/artifacts is removed, so that a wrong location cannot remove anything else.
    Raises StoreUnwritable if the location has another form or leads through a link.
    """
    root = store.artifact_root(info)
    if root.recorded.startswith("memory:"):
        return  # They are removed with the run.
    if root.folder is not None:
        remove_folder(root.folder, info.run_id)
    elif local_path(root.recorded) is None:
        path = root.recorded.partition("?")[0].rstrip("/")
        if not path.endswith(f"/{info.run_id}/{ARTIFACTS}"):
            raise _unexpected_location_error(redact(root.recorded), info.run_id)
        with repository(root.recorded, "removed") as artifacts:
            artifacts.delete_artifacts()


def remove_folder(folder: Path, run_id: str) -> None:
    """Remove the folder RUN_ID/artifacts, and RUN_ID if it is empty then."""
    if folder.name != ARTIFACTS or folder.parent.name != run_id:
        raise _unexpected_location_error(str(folder), run_id)
    with write_errors(str(folder)):
        location = os.open(folder.parent.parent, TOP_FLAGS)
        try:
            parent = os.open(run_id, FOLDER_FLAGS, dir_fd=location)
            try:
                shutil.rmtree(ARTIFACTS, dir_fd=parent)
                is_empty = not os.listdir(parent)
            finally:
                os.close(parent)
            if is_empty:
                os.rmdir(run_id, dir_fd=location)
        finally:
            os.close(location)


def _unexpected_location_error(location: str, run_id: str) -> StoreUnwritable:
    return StoreUnwritable(
        f"The artifacts of run {run_id} are at {location}, which is no folder {run_id}/{ARTIFACTS}, so they are not "
        "removed. Remove them yourself first."
    )
