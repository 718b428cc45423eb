"""A private folder of small texts that may be lost at any time: what is kept there only saves work."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from qtui.settings import is_private

FORMAT = 2
"""Changes whenever what is kept comes to mean something else."""
LIMIT = 256 << 20
LONGEST_HEADER = 64 << 10
ABANDONED = 3600
"""After so many seconds (s) a file that was never put in place is taken for litter."""

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Cache:
    """Keeps texts by name; whatever is not exactly what was written is as good as nothing."""

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self._folder = folder
        self._limit = limit

    def load(self, name: str) -> bytes:
        """The text that was kept under a name; empty when there is none, or something is wrong with it."""
        with suppress(OSError):
            path = self._path(name)
            with _open_private(path) as file:
                header = file.readline(LONGEST_HEADER)
                text = file.read(self._limit)
            if header == _header(name, (text,)):
                os.utime(path)
                return text
        return b""

    def save(self, name: str, parts: Sequence[bytes]) -> None:
        """Keep a text, given in parts, under a name, in the place of the former one, if it can be done."""
        if sum(map(len, parts)) > self._limit // 2:
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
        part = path.with_name(f"{path.name}.{os.urandom(8).hex()}")
        descriptor = os.open(part, _CREATE, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.writelines(parts)
            part.replace(path)
        except OSError:
            part.unlink(missing_ok=True)
            raise

    def _evict(self) -> None:
        """Remove what was not used for the longest time, until the rest keeps within the limit."""
        kept = 0
        for entry, state in sorted(self._files(), key=lambda file: file[1].st_mtime, reverse=True):
            kept += state.st_size
            abandoned = "." in entry.name and time.time() - state.st_mtime > ABANDONED
            if abandoned or kept > self._limit:
                with suppress(FileNotFoundError):
                    os.unlink(entry)

    def _files(self) -> Iterator[tuple[os.DirEntry[str], os.stat_result]]:
        with os.scandir(self._folder) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):
                    yield entry, entry.stat(follow_symlinks=False)


def _header(name: str, parts: Iterable[bytes]) -> bytes:
    return f"qtui {FORMAT} {_digest(parts)} {name!a}\n".encode()


def _digest(parts: Iterable[bytes]) -> str:
    from hashlib import blake2b  # takes longer to import than a small store to list

    digest = blake2b(digest_size=20)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _open_private(path: Path) -> BinaryIO:
    """A file that nobody else can have written; OSError when it is none."""
    if not is_private(os.lstat(path.parent)):
        raise PermissionError
    file = os.fdopen(os.open(path, _READ), "rb")
    state = os.fstat(file.fileno())
    if stat.S_ISREG(state.st_mode) and is_private(state):
        return file
    file.close()
    raise PermissionError
