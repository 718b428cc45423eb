"""Open artifacts safely: only regular files, never waiting for a pipe, never through a link out of the artifacts."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qtui.errors import ArtifactNotFound, ArtifactUnreadable
from qtui.store.dirfd import FOLDER_FLAGS, TOP_FLAGS, is_at_or_below

FILE_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_NOFOLLOW | os.O_CLOEXEC

FILE_TYPES = (
    (stat.S_ISFIFO, "a named pipe, not a file"),
    (stat.S_ISSOCK, "a socket, not a file"),
    (stat.S_ISCHR, "a device, not a file"),
    (stat.S_ISBLK, "a device, not a file"),
    (stat.S_ISLNK, "a circular link"),
)


def open_artifact_file(root: Path, path: str) -> int:
    """Return the descriptor of the regular file at a path below an artifact root; links within the root are followed.

    Raises ArtifactNotFound if there is no file or a link leaves the root, ArtifactUnreadable if it cannot be opened.
    """
    top = os.path.realpath(root)
    target = os.path.realpath(root / path)
    if not is_at_or_below(target, top):
        raise ArtifactNotFound(f"{path!r} is a link that leaves the artifacts of the run; it is not followed.")
    if target == top:
        raise _folder_error(path)
    with _open_errors(root, path), _parent_folder(top, os.path.relpath(target, top)) as parent:
        return _open_regular(os.path.basename(target), parent, path)


@contextmanager
def _parent_folder(top: str, relative: str) -> Iterator[int]:
    """Yield the descriptor of a file's folder; a link that has replaced a folder of the real path is not followed."""
    descriptor = os.open(top, TOP_FLAGS)
    try:
        for name in relative.split("/")[:-1]:
            parent, descriptor = descriptor, os.open(name, FOLDER_FLAGS, dir_fd=descriptor)
            os.close(parent)
        yield descriptor
    finally:
        os.close(descriptor)


def _open_regular(name: str, parent: int, path: str) -> int:
    # Opening a device can have an effect, such as rewinding a tape: look at the type first.
    _check_type(os.lstat(name, dir_fd=parent).st_mode, path)
    descriptor = os.open(name, FILE_FLAGS, dir_fd=parent)
    try:
        _check_type(os.fstat(descriptor).st_mode, path)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _check_type(mode: int, path: str) -> None:
    if stat.S_ISDIR(mode):
        raise _folder_error(path)
    if not stat.S_ISREG(mode):
        kind = next((kind for is_type, kind in FILE_TYPES if is_type(mode)), "not a regular file")
        raise ArtifactUnreadable(f"{path!r} is {kind}; it is not opened.")


def _folder_error(path: str) -> ArtifactNotFound:
    return ArtifactNotFound(f"The artifact {path!r} is a folder, not a file.")


@contextmanager
def _open_errors(root: Path, path: str) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        if os.path.islink(root / path):
            raise ArtifactNotFound(f"{path!r} is a broken link.") from None
        raise ArtifactNotFound(f"The run has no artifact {path!r}.") from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise ArtifactUnreadable(f"{path!r} is a circular link; it is not opened.") from None
        raise ArtifactUnreadable(f"{path!r} cannot be read: {error.strerror or error}.") from None
