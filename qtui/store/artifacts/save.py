"""Copies artifacts, each whole or not at all: under another name first, then put into its place."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from qtui.errors import ArtifactNotFound, StoreUnwritable
from qtui.store.artifacts.listing import UPLOADING
from qtui.store.dirfd import CREATE_FLAGS, DirFdTree, check_path, write_errors

SOURCE = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
PIECE = 1 << 20


def save(root: Path, source: Path, folder: str) -> None:
    """Copy a file, or all that is in a folder, into a folder below the root of a run's artifacts."""
    if folder:
        check_path(folder)
    files = files_at(source)
    for path, _ in files:
        check_path(path)
    with write_errors(str(root)):
        root.mkdir(parents=True, exist_ok=True)
    with DirFdTree(str(root)) as folders:
        for path, file in files:
            put(folders, f"{folder}/{path}" if folder else path, file)


def files_at(source: Path) -> list[tuple[str, Path]]:
    """A file, or all files in a folder, with the paths that they are to have; links are followed, each folder once."""
    if source.is_dir():
        return list(files_in(source, "", set()))
    if not source.exists():
        raise ArtifactNotFound(f"{source} does not exist.")
    return [(source.name, source)]


def files_in(folder: Path, prefix: str, above: set[tuple[int, int]]) -> Iterator[tuple[str, Path]]:
    """All files in a folder; a link to a folder that it lies in leads no further."""
    state = folder.stat()
    identity = (state.st_dev, state.st_ino)
    if identity in above:
        return
    for each in sorted(folder.iterdir()):
        if each.is_dir():
            yield from files_in(each, f"{prefix}{each.name}/", above | {identity})
        else:
            yield f"{prefix}{each.name}", each


def put(folders: DirFdTree, path: str, source: Path) -> None:
    """Copy a file to a path below some folders."""
    parent = folders.make_parent(path)
    part = f"{UPLOADING}{os.urandom(8).hex()}"
    with write_errors(folders.full_path(path)), open(open_source(source), "rb") as file:
        descriptor = os.open(part, CREATE_FLAGS, 0o666, dir_fd=parent)
        try:
            with os.fdopen(descriptor, "wb") as copy:
                shutil.copyfileobj(file, copy, PIECE)
                copy.flush()
                os.fsync(descriptor)
            os.rename(part, os.path.basename(path), src_dir_fd=parent, dst_dir_fd=parent)
        except BaseException:
            with suppress(OSError):
                os.unlink(part, dir_fd=parent)
            raise


def open_source(source: Path) -> int:
    """A descriptor of a regular file; what never ends is refused."""
    try:
        descriptor = os.open(source, SOURCE)
    except OSError as error:
        raise StoreUnwritable(f"{source} cannot be read: {error.strerror or error}.") from None
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise StoreUnwritable(f"{source} is no regular file.")
