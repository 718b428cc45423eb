"""File access relative to directory descriptors: no step of a path may be a link, so no write lands elsewhere."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Self

from qtui.errors import BadValue, StoreUnwritable

TOP_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
FOLDER_FLAGS = TOP_FLAGS | os.O_NOFOLLOW
CREATE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
MAX_NAME_BYTES = 255
BLOCKED_PATH = frozenset({errno.EISDIR, errno.ENOTDIR, errno.ENOTEMPTY, errno.ELOOP, errno.EEXIST})
"""Errors for a path that an existing file, folder or link blocks."""

NO_HARD_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV})
"""Errors of file systems without hard links, or without links between folders (EXDEV)."""


def is_at_or_below(folder: str, ancestor: str) -> bool:
    """Return whether a folder is another one or lies below it; both are real paths."""
    return f"{folder}/".startswith(f"{ancestor.rstrip('/')}/")


def write_all(descriptor: int, data: bytes) -> None:
    """Write all bytes: the system writes only a part where the disk is nearly full or a pipe is not read."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


class DirFdTree:
    """Descriptors of the folders below a top folder, which itself may be a link; open inside the `with` block."""

    def __init__(self, top: str) -> None:
        self._top = top
        self._open = ExitStack()
        self._descriptors: dict[str, int] = {}

    def __enter__(self) -> Self:
        with write_errors(self._top):
            self._descriptors[""] = self._close_on_exit(os.open(self._top, TOP_FLAGS))
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    @property
    def top(self) -> int:
        """Return the descriptor of the top folder."""
        return self._descriptors[""]

    def is_open(self, folder: str) -> bool:
        """Return whether a folder has an open descriptor."""
        return folder in self._descriptors

    def parent(self, path: str) -> int | None:
        """Return the descriptor of a file's folder; None if the folder does not exist."""
        return self._open_folder(os.path.dirname(path), create=False)

    def make_parent(self, path: str) -> int:
        """Return the descriptor of a file's folder, and create the folder if it does not exist."""
        parent = self._open_folder(os.path.dirname(path), create=True)
        assert parent is not None
        return parent

    def state(self, path: str) -> os.stat_result | None:
        """Return the state of a file, links not followed; None if there is none."""
        parent = self.parent(path)
        try:
            return None if parent is None else os.lstat(os.path.basename(path), dir_fd=parent)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def full_path(self, path: str) -> str:
        """Return a path with the path of the top folder, for messages."""
        return f"{self._top}/{path}"

    def _open_folder(self, folder: str, *, create: bool) -> int | None:
        if folder in self._descriptors:
            return self._descriptors[folder]
        parent = self._open_folder(os.path.dirname(folder), create=create)
        if parent is None:
            return None
        name = os.path.basename(folder)
        with write_errors(self.full_path(folder)):
            if create:
                with suppress(FileExistsError):
                    os.mkdir(name, dir_fd=parent)
            try:
                self._descriptors[folder] = self._close_on_exit(os.open(name, FOLDER_FLAGS, dir_fd=parent))
            except (FileNotFoundError, NotADirectoryError):
                if create:
                    raise
                return None
        return self._descriptors[folder]

    def _close_on_exit(self, descriptor: int) -> int:
        self._open.callback(os.close, descriptor)
        return descriptor


def check_path(path: str) -> None:
    """Raise `BadValue` for a path that is absolute, has `.` or `..` in it, or is no valid file path."""
    parts = path.split("/")
    if any(part in ("", ".", "..") or "\0" in part for part in parts):
        raise BadValue(f"{path!r} leads out of the artifacts.")
    check_name_lengths(path)
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        raise BadValue(f"{path!r} has characters that no file name can have.") from None


def check_name_lengths(path: str) -> None:
    """Raise `BadValue` for a path with a name that is too long for a file system."""
    # A character takes at most four bytes.
    if 4 * len(path) > MAX_NAME_BYTES and any(len(os.fsencode(part)) > MAX_NAME_BYTES for part in path.split("/")):
        raise BadValue(f"{path!r} has a part that is too long for a file name.")


@contextmanager
def new_file(folder: int, name: str, temporary_name: str) -> Iterator[int]:
    """Yield the descriptor of a new file, which gets its name when it is complete and is removed after an error."""
    descriptor = os.open(temporary_name, CREATE_FLAGS, 0o666, dir_fd=folder)
    try:
        yield descriptor
        os.fsync(descriptor)
        os.rename(temporary_name, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary_name, dir_fd=folder)
        raise
    finally:
        os.close(descriptor)


def rename_to_free_name(source: str | Path, target: str | Path, *, folder: int | None = None) -> None:
    """Give a complete file its name, in the folder of a descriptor. Raise FileExistsError if another file has it.

    Without hard links, another process may create such a file meanwhile, which is then replaced.
    """
    try:
        os.link(source, target, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    except OSError as error:
        if error.errno not in NO_HARD_LINKS:
            raise
        with suppress(FileNotFoundError):
            os.lstat(target, dir_fd=folder)
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        os.rename(source, target, src_dir_fd=folder, dst_dir_fd=folder)
        return
    with suppress(FileNotFoundError):
        os.unlink(source, dir_fd=folder)


@contextmanager
def write_errors(path: str) -> Iterator[None]:
    """Translate an OSError of a write to `StoreUnwritable`."""
    try:
        yield
    except OSError as error:
        if error.errno in BLOCKED_PATH:
            raise StoreUnwritable(f"{path} cannot be written: a folder, a file or a link is in the way.") from None
        raise StoreUnwritable(f"{path} cannot be written: {error.strerror or error}.") from None
