"""Atomic writes of files into the folder of a run or an experiment."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from qtui.errors import BadValue, StoreLocked, StoreUnwritable
from qtui.store.dirfd import CREATE_FLAGS, NO_HARD_LINKS, DirFdTree, check_name_lengths, write_errors
from qtui.store.files.damage import Unreadable
from qtui.store.files.layout.folders import META
from qtui.store.files.reading.opening import FILE_FLAGS
from qtui.store.files.writing.append_lines import append_lines, open_locked, undo_append

STAGED_PREFIX = ".qtui-"
"""Name prefix of staged files. They are in the top folder, where MLflow expects no values."""

NO_LOCKS = frozenset({errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP})
"""Errors of file systems that cannot lock folders, for example NFS."""

LOCK_TIMEOUT_S = 10.0
LOCK_RETRY_S = 0.005


@dataclass(slots=True)
class StagedFile:
    """A file that is written under a temporary name."""

    name: str
    path: str
    data: bytes


class RunDirectory(DirFdTree):
    """A folder whose files are written atomically. On exit, staged files that were not moved are removed."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self._staged_names: set[str] = set()

    def __exit__(self, *error: object) -> None:
        for name in self._staged_names:
            with suppress(OSError):
                os.unlink(name, dir_fd=self.top)
        super().__exit__(*error)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Lock the folder among writers of qtui, including threads, to read, change and write back a file.

        Raises `StoreLocked` after `LOCK_TIMEOUT_S`. On a file system without locks, nothing is locked.
        """
        is_locked = self._lock()
        try:
            yield
        finally:
            # A process forked meanwhile has the descriptor as well, so closing it would not unlock.
            if is_locked:
                fcntl.flock(self.top, fcntl.LOCK_UN)

    def _lock(self) -> bool:
        deadline = time.monotonic() + LOCK_TIMEOUT_S
        while True:
            try:
                fcntl.flock(self.top, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise StoreLocked(
                        f"{self.full_path('')} is locked by another process that is writing it."
                    ) from None
                time.sleep(LOCK_RETRY_S)
            except OSError as error:
                if error.errno not in NO_LOCKS:
                    raise StoreUnwritable(f"{self.full_path('')} cannot be locked: {error.strerror}.") from None
                return False
            else:
                return True

    def read(self, path: str) -> bytes | None:
        """Return the content of a file, None if there is none."""
        parent = self.parent(path)
        if parent is None:
            return None
        with write_errors(self.full_path(path)), damage_errors(self.full_path(path)):
            try:
                descriptor = os.open(os.path.basename(path), FILE_FLAGS, dir_fd=parent)
            except FileNotFoundError:
                return None
            with os.fdopen(descriptor, "rb") as file:
                _check_regular(descriptor)
                return file.read()

    def stage(self, path: str, data: bytes) -> StagedFile:
        """Write a file under a temporary name; flush it to disk if it is a meta.yaml or replaces a file."""
        name = f"{STAGED_PREFIX}{os.urandom(8).hex()}"
        old = self.state(path)
        with write_errors(self.full_path(path)):
            descriptor = os.open(name, CREATE_FLAGS, 0o666, dir_fd=self.top)
            self._staged_names.add(name)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                if old is not None:
                    os.fchmod(descriptor, stat.S_IMODE(old.st_mode))
                if old is not None or path == META:
                    file.flush()
                    os.fsync(descriptor)
        return StagedFile(name, path, data)

    def replace(self, staged: StagedFile) -> None:
        """Move a staged file to its path, replacing an existing file."""
        parent = self.make_parent(staged.path)
        with write_errors(self.full_path(staged.path)):
            os.rename(staged.name, os.path.basename(staged.path), src_dir_fd=self.top, dst_dir_fd=parent)
        self._staged_names.remove(staged.name)

    def create(self, staged: StagedFile) -> bool:
        """Link a staged file to its path; return False if a file exists there."""
        parent, name = self.make_parent(staged.path), os.path.basename(staged.path)
        with write_errors(self.full_path(staged.path)):
            try:
                os.link(staged.name, name, src_dir_fd=self.top, dst_dir_fd=parent, follow_symlinks=False)
            except FileExistsError:
                return False
            except OSError as error:
                if error.errno not in NO_HARD_LINKS:
                    raise
                return _create_without_link(name, parent, staged.data)
        return True

    def append(self, path: str, lines: bytes) -> tuple[int, int]:
        """Append lines to a file; return its size before and after."""
        parent, name = self.make_parent(path), os.path.basename(path)
        with write_errors(self.full_path(path)), damage_errors(self.full_path(path)):
            descriptor = open_locked(name, parent)
            try:
                _check_regular(descriptor)
                return append_lines(descriptor, lines)
            except OSError:
                # MLflow cannot list any run while a metric file is empty.
                if not os.fstat(descriptor).st_size:
                    os.unlink(name, dir_fd=parent)
                raise
            finally:
                os.close(descriptor)

    def undo_append(self, path: str, before: int, after: int) -> None:
        """Truncate a file to its size before an append, unless it has changed since; remove it if it is empty then."""
        parent, name = self.make_parent(path), os.path.basename(path)
        descriptor = open_locked(name, parent)
        try:
            undo_append(descriptor, before, after)
            if not os.fstat(descriptor).st_size:
                os.unlink(name, dir_fd=parent)
        finally:
            os.close(descriptor)

    def remove(self, path: str) -> None:
        """Remove a file if it exists."""
        parent = self.parent(path)
        with write_errors(self.full_path(path)), suppress(FileNotFoundError):
            if parent is not None:
                os.unlink(os.path.basename(path), dir_fd=parent)

    def check_writable(self, path: str) -> None:
        """Raise `BadValue` if a path leads through a file or a link, ends at a folder, or has too long a name."""
        check_name_lengths(path)
        parts = path.split("/")
        # An open folder was reached without a link and needs no second check.
        first = len(parts) if self.is_open(os.path.dirname(path)) else 1
        for depth in range(first, len(parts) + 1):
            step = "/".join(parts[:depth])
            state = self.state(step)
            if state is None:
                return
            is_expected = stat.S_ISREG if depth == len(parts) else stat.S_ISDIR
            if not is_expected(state.st_mode):
                # `BadValue` is never retried, unlike `StoreUnwritable`.
                raise BadValue(f"{path} cannot be written: {self.full_path(step)} is in the way.")


def _create_without_link(name: str, parent: int, data: bytes) -> bool:
    """Create a file on a file system without hard links; return False if a file exists."""
    try:
        descriptor = os.open(name, CREATE_FLAGS, 0o666, dir_fd=parent)
    except FileExistsError:
        return False
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
    except OSError:
        os.unlink(name, dir_fd=parent)
        raise
    return True


def _check_regular(descriptor: int) -> None:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise Unreadable("is not a regular file")


@contextmanager
def damage_errors(path: str) -> Iterator[None]:
    """Translate damage that must not be overwritten to `StoreUnwritable`."""
    try:
        yield
    except Unreadable as damage:
        raise StoreUnwritable(f"{path} {damage}.") from None
