"""A private folder of small texts that may be lost at any time: what is kept there only saves work."""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex

FORMAT = 1
"""Changes whenever what is kept comes to mean something else."""
LIMIT = 256 << 20
ABANDONED = 3600
"""After so many seconds (s) a file that was never put in place is taken for litter."""

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Cache:
    """Keeps lines of text by name; whatever is not exactly what was written is as good as nothing."""

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self._folder = folder
        self._limit = limit

    def load(self, name: str) -> list[str]:
        """The lines that were kept under a name; none when there are none, or something is wrong with them."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            path = self._path(name)
            data = _read_private(path, self._limit)
            header, _, body = data.partition(b"\n")
            if json.loads(header) == _header(name, body):
                os.utime(path)
                return body.decode().split("\n")[:-1]
        return []

    def save(self, name: str, lines: Iterable[str]) -> None:
        """Keep lines under a name, in the place of the former ones, if it can be done."""
        body = "".join(f"{line}\n" for line in lines).encode()
        if len(body) > self._limit // 2:
            return
        with suppress(OSError):
            self._make_folder()
            self._write(self._path(name), json.dumps(_header(name, body)).encode() + b"\n" + body)
            self._evict()

    def _path(self, name: str) -> Path:
        return self._folder / blake2b(name.encode("utf-8", "surrogateescape"), digest_size=20).hexdigest()

    def _make_folder(self) -> None:
        self._folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if not _is_private(os.lstat(self._folder)):
            raise PermissionError

    def _write(self, path: Path, data: bytes) -> None:
        part = path.with_name(f"{path.name}.{token_hex(8)}")
        descriptor = os.open(part, _CREATE, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
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


def _header(name: str, body: bytes) -> dict[str, object]:
    return {"qtui": FORMAT, "of": ascii(name), "digest": blake2b(body, digest_size=16).hexdigest()}


def _read_private(path: Path, limit: int) -> bytes:
    """A file that nobody else can have written; OSError when it is none."""
    if not _is_private(os.lstat(path.parent)):
        raise PermissionError
    descriptor = os.open(path, _READ)
    with os.fdopen(descriptor, "rb") as file:
        state = os.fstat(descriptor)
        if not (stat.S_ISREG(state.st_mode) and _is_private(state)):
            raise PermissionError
        return file.read(limit)


def _is_private(state: os.stat_result) -> bool:
    """Whether a file or folder is ours and nobody else may look into it or change it."""
    return state.st_uid == os.geteuid() and not state.st_mode & 0o077
