"""A folder of files that only this user can read, which may disappear at any time, with a size limit."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from qtui.settings import is_private

ABANDONED_S = 3600
"""Age (s) above which a temporary file counts as left over from a killed process."""

_READ_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_CREATE_FLAGS = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class PrivateFolder:
    """Complete files by name, and temporary files that become complete by renaming; several processes can share it."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._path = path
        self.max_bytes = max_bytes

    def open(self, name: str) -> BinaryIO:
        """Open a file; raises OSError if it is missing, or readable or writable for other users."""
        if not is_private(os.lstat(self._path)):
            raise PermissionError
        file = os.fdopen(os.open(self._path / name, _READ_FLAGS), "rb")
        status = os.fstat(file.fileno())
        if stat.S_ISREG(status.st_mode) and is_private(status):
            return file
        file.close()
        raise PermissionError

    def mark_used(self, name: str) -> None:
        """Count a file as used now: the least recently used ones are removed first."""
        os.utime(self._path / name)

    def create(self, name: str) -> tuple[int, Path]:
        """Create a temporary file for a name; return its descriptor and its path."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path.mkdir(mode=0o700, exist_ok=True)
        if not is_private(os.lstat(self._path)):
            raise PermissionError
        path = self._path / f"{name}.{os.urandom(8).hex()}"
        return os.open(path, _CREATE_FLAGS, 0o600), path

    def publish(self, temporary: Path, name: str) -> None:
        """Give a complete temporary file its name, and remove what exceeds the size limit."""
        temporary.replace(self._path / name)
        self._evict()

    def _evict(self) -> None:
        """Remove abandoned temporary files, and the least recently used files above the size limit."""
        total_bytes = 0
        for entry, status in sorted(self._files(), key=lambda file: file[1].st_mtime, reverse=True):
            total_bytes += status.st_size
            is_abandoned = "." in entry.name and time.time() - status.st_mtime > ABANDONED_S
            if is_abandoned or total_bytes > self.max_bytes:
                with suppress(FileNotFoundError):
                    os.unlink(entry)

    def _files(self) -> Iterator[tuple[os.DirEntry[str], os.stat_result]]:
        with os.scandir(self._path) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):
                    yield entry, entry.stat(follow_symlinks=False)
