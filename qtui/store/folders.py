"""Folders that are reached step by step and never through a link, so that nothing lands where it does not belong."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Self

from qtui.errors import BadValue, StoreUnwritable

TOP = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
FOLDER = TOP | os.O_NOFOLLOW
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
LONGEST_NAME = 255
IN_THE_WAY = frozenset({errno.EISDIR, errno.ENOTDIR, errno.ENOTEMPTY, errno.ELOOP, errno.EEXIST})

NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
"""How file systems answer that make no hard links."""


def lies_in(folder: str, above: str) -> bool:
    """Return whether a folder is another one or lies below it; both are real paths."""
    return f"{folder}/".startswith(f"{above.rstrip('/')}/")


class Folders:
    """The folders below one that may itself be a link, held open as long as this is entered."""

    def __init__(self, top: str) -> None:
        self._top = top
        self._open = ExitStack()
        self._descriptors: dict[str, int] = {}

    def __enter__(self) -> Self:
        with writing(self._top):
            self._descriptors[""] = self._keep(os.open(self._top, TOP))
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    @property
    def top(self) -> int:
        """A descriptor of the top folder."""
        return self._descriptors[""]

    def holds(self, folder: str) -> bool:
        """Whether a folder is held open."""
        return folder in self._descriptors

    def parent(self, path: str) -> int | None:
        """A descriptor of the folder that a file is in; none when it is not there."""
        return self._folder(os.path.dirname(path), make=False)

    def make_parent(self, path: str) -> int:
        """A descriptor of the folder that a file is to be in."""
        found = self._folder(os.path.dirname(path), make=True)
        assert found is not None
        return found

    def state(self, path: str) -> os.stat_result | None:
        """What the file system says of a file, if it is there."""
        parent = self.parent(path)
        try:
            return None if parent is None else os.lstat(os.path.basename(path), dir_fd=parent)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def shown(self, path: str) -> str:
        """A path as it can be told."""
        return f"{self._top}/{path}"

    def _folder(self, folder: str, *, make: bool) -> int | None:
        if folder in self._descriptors:
            return self._descriptors[folder]
        above = self._folder(os.path.dirname(folder), make=make)
        if above is None:
            return None
        name = os.path.basename(folder)
        with writing(self.shown(folder)):
            if make:
                with suppress(FileExistsError):
                    os.mkdir(name, dir_fd=above)
            try:
                self._descriptors[folder] = self._keep(os.open(name, FOLDER, dir_fd=above))
            except (FileNotFoundError, NotADirectoryError):
                if make:
                    raise
                return None
        return self._descriptors[folder]

    def _keep(self, descriptor: int) -> int:
        self._open.callback(os.close, descriptor)
        return descriptor


def check_path(path: str) -> None:
    """Refuse a path that leads anywhere but down, or that no file system takes."""
    parts = path.split("/")
    if any(part in ("", ".", "..") or "\0" in part for part in parts):
        raise BadValue(f"{path!r} leads out of the artifacts.")
    check_lengths(path)


def check_lengths(path: str) -> None:
    """Refuse a path with a name that no file system takes."""
    # No character takes more than four bytes.
    if 4 * len(path) > LONGEST_NAME and any(len(os.fsencode(part)) > LONGEST_NAME for part in path.split("/")):
        raise BadValue(f"{path!r} has a part that is too long to be the name of a file.")


@contextmanager
def writing(path: str) -> Iterator[None]:
    """Turn what the operating system refuses into an error of ours."""
    try:
        yield
    except OSError as error:
        if error.errno in IN_THE_WAY:
            raise StoreUnwritable(f"{path} cannot be written: a folder, a file or a link is in the way.") from None
        raise StoreUnwritable(f"{path} cannot be written: {error.strerror or error}.") from None
