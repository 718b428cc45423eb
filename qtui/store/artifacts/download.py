"""Download artifacts: every file completely or not at all, and a file that fails does not stop the others."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from qtui.entities import Artifact, RunInfo
from qtui.errors import ArtifactNotFound, BadValue, QtuiError, StoreError, UsageError
from qtui.store.artifacts.listing import local_path
from qtui.store.artifacts.regular_file import open_artifact_file
from qtui.store.artifacts.repository import fetch
from qtui.store.artifacts.save import COPY_CHUNK_BYTES, open_source
from qtui.store.artifacts.walk import ListFolder, walk
from qtui.store.dirfd import DirFdTree, check_path, new_file, write_errors
from qtui.store.protocol import ArtifactRoot

WriteArtifact = Callable[[str, int], None]
"""Writes the content of the artifact at a path to an open file descriptor."""

MAX_FAILURES_SHOWN = 3
"""Failures that a message lists."""


def download(
    path: str, destination: Path, list_folder: ListFolder, write_artifact: WriteArtifact, *, overwrite: bool
) -> Path:
    """Copy a file, or all files of a folder, into `destination` under its own path, and return its new path."""
    files, failures = files_at(path, list_folder)
    with write_errors(str(destination)):
        destination.mkdir(parents=True, exist_ok=True)
    with DirFdTree(str(destination)) as tree:
        for artifact in files:
            try:
                save_file(tree, artifact, write_artifact, overwrite=overwrite)
            except QtuiError as error:
                failures.append(error)
    if failures:
        raise failures[0] if len(files) == 1 else incomplete_download(failures, destination)
    return destination / path


def files_at(path: str, list_folder: ListFolder) -> tuple[list[Artifact], list[QtuiError]]:
    """Return the file at a path or all files of the folder there, and an error for everything that is unlistable."""
    if path:
        check_path(path)
        siblings = list_folder(os.path.dirname(path)).items
        artifact = next((item for item in siblings if item.path == path), None)
        if artifact is None:
            raise ArtifactNotFound(f"The run has no artifact {path!r}.")
        if not artifact.is_dir:
            return [artifact], []
    listing = walk(list_folder, path)
    failures: list[QtuiError] = [StoreError(f"{problem.path} {problem.reason}") for problem in listing.problems]
    return [item for item in listing.items if not item.is_dir], failures


def save_file(tree: DirFdTree, artifact: Artifact, write_artifact: WriteArtifact, *, overwrite: bool) -> None:
    """Save one file atomically: write it under a temporary name and rename it when it is complete."""
    path = artifact.path
    check_name(path)
    if tree.state(path) is not None and not overwrite:
        raise UsageError(f"{tree.full_path(path)} already exists and was not overwritten.")
    parent = tree.make_parent(path)
    temporary_name = f".qtui-{os.urandom(8).hex()}.part"
    with write_errors(tree.full_path(path)), new_file(parent, os.path.basename(path), temporary_name) as descriptor:
        write_artifact(path, descriptor)
        size = os.fstat(descriptor).st_size
        if artifact.size is not None and size != artifact.size:
            raise StoreError(f"{path} arrived with {size} bytes instead of {artifact.size} and was not saved.")


def check_name(path: str) -> None:
    """Refuse a path that leaves its folder, or has characters with a meaning to terminals or other systems."""
    check_path(path)
    if "\\" in path or any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in path):
        raise BadValue(f"{path!r} has characters that are not allowed in file names.")


def incomplete_download(failures: Sequence[QtuiError], destination: Path) -> StoreError:
    """Return the error of a download of which some files failed."""
    reasons = "; ".join(str(error).rstrip(".") for error in failures[:MAX_FAILURES_SHOWN])
    more = f"; and {len(failures) - MAX_FAILURES_SHOWN} more" if len(failures) > MAX_FAILURES_SHOWN else ""
    return StoreError(f"The download to {destination} is incomplete: {reasons}{more}.")


def artifact_writer(info: RunInfo, root: ArtifactRoot) -> WriteArtifact:
    """Return the function that copies artifacts from a local folder, or from a repository of MLflow."""
    if root.folder is not None:
        return folder_writer(root.folder)
    if local_path(root.recorded) is not None:
        raise ArtifactNotFound(f"The artifacts of the run {info.run_id} are at {root.recorded}, not on this machine.")
    return lambda path, descriptor: write_fetched(descriptor, lambda scratch: fetch(root.recorded, path, scratch))


def folder_writer(root: Path) -> WriteArtifact:
    """Return the function that copies artifacts from a folder; links that leave the folder are refused."""

    def write_artifact(path: str, descriptor: int) -> None:
        copy(open_artifact_file(root, path), descriptor)

    return write_artifact


def write_fetched(descriptor: int, fetch_into: Callable[[Path], Path]) -> None:
    """Copy a file that `fetch_into` creates in a temporary folder."""
    with TemporaryDirectory(prefix="qtui-") as scratch:
        copy(open_source(fetch_into(Path(scratch))), descriptor)


def copy(source: int, target: int) -> None:
    """Copy one open file into another, and close the first."""
    with os.fdopen(source, "rb") as source_file, os.fdopen(target, "wb", closefd=False) as target_file:
        shutil.copyfileobj(source_file, target_file, COPY_CHUNK_BYTES)
