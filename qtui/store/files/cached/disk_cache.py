"""Private folder of cached texts that may disappear at any time."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from qtui.settings import is_private
from qtui.store.dirfd import CREATE_FLAGS

FORMAT_VERSION = 2
"""Increase when the meaning of the cached texts changes."""
MAX_CACHE_BYTES = 256 << 20
MAX_HEADER_BYTES = 64 << 10
ABANDONED_S = 3600
"""Age (s) above which a temporary file counts as left over from a killed process."""

_READ_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


class DiskCache:
    """Cache of texts by name with a size limit; a text that differs from what was saved counts as missing."""

    def __init__(self, folder: Path, max_bytes: int = MAX_CACHE_BYTES) -> None:
        self._folder = folder
        self._max_bytes = max_bytes

    def load(self, name: str) -> bytes:
        """Return the text of a name; empty if it is missing, damaged or writable by other users."""
        with suppress(OSError):
            path = self._path(name)
            with _open_private(path) as file:
                header = file.readline(MAX_HEADER_BYTES)
                text = file.read(self._max_bytes)
            if header == _header(name, (text,)):
                os.utime(path)
                return text
        return b""

    def save(self, name: str, parts: Sequence[bytes]) -> None:
        """Save a text given in parts; do nothing if it is too large or the folder cannot be written."""
        if sum(map(len, parts)) > self._max_bytes // 2:
            return
        with suppress(OSError):
            self._make_folder()
            self._write(self._path(name), (_header(name, parts), *parts))
            self._evict()

    def _path(self, name: str) -> Path:
        return self._folder / _digest((name.encode("utf-8", "surrogateescape"),))

    def _make_folder(self) -> None:
        self._folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if not is_private(os.lstat(self._folder)):
            raise PermissionError

    def _write(self, path: Path, parts: Iterable[bytes]) -> None:
        temporary = path.with_name(f"{path.name}.{os.urandom(8).hex()}")
        descriptor = os.open(temporary, CREATE_FLAGS, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.writelines(parts)
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise

    def _evict(self) -> None:
        """Remove abandoned temporary files, and the least recently used files above the size limit."""
        total_bytes = 0
        for entry, state in sorted(self._files(), key=lambda file: file[1].st_mtime, reverse=True):
            total_bytes += state.st_size
            is_abandoned = "." in entry.name and time.time() - state.st_mtime > ABANDONED_S
            if is_abandoned or total_bytes > self._max_bytes:
                with suppress(FileNotFoundError):
                    os.unlink(entry)

    def _files(self) -> Iterator[tuple[os.DirEntry[str], os.stat_result]]:
        with os.scandir(self._folder) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):
                    yield entry, entry.stat(follow_symlinks=False)


def _header(name: str, parts: Iterable[bytes]) -> bytes:
    return f"qtui {FORMAT_VERSION} {_digest(parts)} {name!a}\n".encode()


def _digest(parts: Iterable[bytes]) -> str:
    from hashlib import blake2b  # takes longer to import than a small store to list

    digest = blake2b(digest_size=20)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _open_private(path: Path) -> BinaryIO:
    """Open a file that no other user can write; raises OSError for any other file."""
    if not is_private(os.lstat(path.parent)):
        raise PermissionError
    file = os.fdopen(os.open(path, _READ_FLAGS), "rb")
    state = os.fstat(file.fileno())
    if stat.S_ISREG(state.st_mode) and is_private(state):
        return file
    file.close()
    raise PermissionError
