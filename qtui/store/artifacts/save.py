"""Save local files as artifacts of a run, every file atomically."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from qtui.errors import ArtifactNotFound, BadValue
from qtui.store.artifacts.listing import UPLOAD_PREFIX
from qtui.store.dirfd import DirFdTree, check_path, new_file, write_errors

SOURCE_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
COPY_CHUNK_BYTES = 1 << 20


def save(root: Path, source: Path, folder: str) -> None:
    """Copy a file, or the content of a folder, into a folder below a run's artifact root."""
    if folder:
        check_path(folder)
    files = source_files(source)
    for path, _ in files:
        check_path(path)
    with write_errors(str(root)):
        root.mkdir(parents=True, exist_ok=True)
    with DirFdTree(str(root)) as tree:
        for path, file in files:
            save_file(tree, f"{folder}/{path}" if folder else path, file)


def check_sources(source: Path) -> None:
    """Raise BadValue if a file, or one in a folder, cannot be read or is not a regular file."""
    for _, file in source_files(source):
        os.close(open_source(file))


def source_files(source: Path) -> list[tuple[str, Path]]:
    """Return pairs of artifact path and file, for a file or the content of a folder; links are followed."""
    if source.is_dir():
        return list(folder_files(source, "", set()))
    if not source.exists():
        raise ArtifactNotFound(f"{source} does not exist.")
    return [(source.name, source)]


def folder_files(folder: Path, prefix: str, parents: set[tuple[int, int]]) -> Iterator[tuple[str, Path]]:
    """Yield all files of a folder; `parents` are the folders around it, and a link back to one is not followed."""
    status = folder.stat()
    identity = (status.st_dev, status.st_ino)
    if identity in parents:
        return
    for entry in sorted(folder.iterdir()):
        if entry.is_dir():
            yield from folder_files(entry, f"{prefix}{entry.name}/", parents | {identity})
        else:
            yield f"{prefix}{entry.name}", entry


def save_file(tree: DirFdTree, path: str, source: Path) -> None:
    """Copy one file atomically: write it under a temporary name and rename it when it is complete."""
    parent = tree.make_parent(path)
    temporary_name = f"{UPLOAD_PREFIX}{os.urandom(8).hex()}"
    with (
        write_errors(tree.full_path(path)),
        open(open_source(source), "rb") as source_file,
        new_file(parent, os.path.basename(path), temporary_name) as descriptor,
        os.fdopen(descriptor, "wb", closefd=False) as target_file,
    ):
        shutil.copyfileobj(source_file, target_file, COPY_CHUNK_BYTES)


def open_source(source: Path) -> int:
    """Return a descriptor of a regular file; pipes and devices, which may never end, are refused."""
    try:
        descriptor = os.open(source, SOURCE_FLAGS)
    except OSError as error:
        raise BadValue(f"{source} cannot be read: {error.strerror or error}.") from None
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise BadValue(f"{source} is not a regular file.")
