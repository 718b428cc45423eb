"""The incomplete copy of an artifact, beside the file that it becomes: a later transfer finds it and continues."""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from qtui.errors import FileNotWritten, StoreUnwritable
from qtui.store.dirfd import rename_to_free_name, write_all

PART_FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
MAX_OPEN_TRIES = 100
"""Attempts to open a part that other processes replace."""


class PartFile(NamedTuple):
    """An open part."""

    folder: int
    name: str
    descriptor: int

    @property
    def size(self) -> int:
        """The number of bytes that are there already."""
        return os.fstat(self.descriptor).st_size

    def truncate(self, size: int) -> None:
        """Keep the first bytes, and write after them."""
        os.ftruncate(self.descriptor, size)
        os.lseek(self.descriptor, size, os.SEEK_SET)

    def write(self, data: bytes) -> None:
        """Append bytes."""
        write_all(self.descriptor, data)

    def finish(self, name: str, modified_ns: int | None, *, replace: bool) -> None:
        """Rename the complete part; without `replace`, a file that has appeared under the name is kept."""
        if modified_ns is not None:
            os.utime(self.descriptor, ns=(modified_ns, modified_ns))
        os.fsync(self.descriptor)
        if replace:
            os.rename(self.name, name, src_dir_fd=self.folder, dst_dir_fd=self.folder)
            return
        try:
            rename_to_free_name(self.name, name, folder=self.folder)
        except FileExistsError:
            raise FileNotWritten(f"{name} already exists and was not overwritten.") from None

    def remove(self) -> None:
        """Remove the part."""
        remove_part(self.folder, self.name)


def remove_part(folder: int, name: str) -> None:
    """Remove a part, if it exists."""
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)


def part_name(*identity: object) -> str:
    """Return the name of the part for a source, which the identity must describe."""
    digest = hashlib.sha256(repr(identity).encode("utf-8", "surrogateescape")).hexdigest()
    return f".qtui-{digest[:20]}.part"


@contextmanager
def open_part(folder: int, name: str) -> Iterator[PartFile]:
    """Open or create a part for this process alone."""
    for _ in range(MAX_OPEN_TRIES):
        descriptor = os.open(name, PART_FLAGS, 0o666, dir_fd=folder)
        try:
            _lock(descriptor)
            if _is_own_file(descriptor, folder, name):
                yield PartFile(folder, name, descriptor)
                return
            remove_part(folder, name)
        finally:
            os.close(descriptor)
    raise StoreUnwritable("The temporary file of the download is replaced again and again by another process.")


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StoreUnwritable("Another download of this file is running.") from None
    except OSError:
        # Some network file systems have no locks.
        return


def _is_own_file(descriptor: int, folder: int, name: str) -> bool:
    """Return whether a part is a plain file of this user under its name, which no other name leads to."""
    opened = os.fstat(descriptor)
    is_plain = stat.S_ISREG(opened.st_mode) and opened.st_nlink == 1 and opened.st_uid == os.geteuid()
    try:
        named = os.lstat(name, dir_fd=folder)
    except FileNotFoundError:
        return False
    return is_plain and os.path.samestat(opened, named)
