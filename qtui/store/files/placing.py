"""Puts the files of a run or an experiment into their places, each whole or not at all."""

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
from qtui.store.files.appending import append, open_growing, take_back
from qtui.store.files.damage import Unreadable
from qtui.store.files.layout import META
from qtui.store.folders import NEW, NO_LINKS, Folders, check_lengths, writing

FILE = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC

UNFINISHED = ".qtui-"
"""How the name of a file begins that is not yet in its place: in the top folder, where MLflow looks for no values."""

NO_LOCKS = frozenset({errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP})
"""How file systems answer that do not lock folders; NFS is one."""

LOCK_TIMEOUT_S = 10.0
LOCK_RETRY_S = 0.005


@dataclass(slots=True)
class Staged:
    """A file that is written but not yet in its place."""

    name: str
    path: str
    data: bytes


class Site(Folders):
    """A folder that files are put into. What is staged is gone when the site is left, unless it was placed."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self._staged: set[str] = set()

    def __exit__(self, *error: object) -> None:
        for name in self._staged:
            with suppress(OSError):
                os.unlink(name, dir_fd=self.top)
        super().__exit__(*error)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Lock the folder among writers of qtui, threads too, for a change that depends on what was read.

        Raises `StoreLocked` after `LOCK_TIMEOUT_S`. A file system without locks is written without one.
        """
        is_locked = self._lock()
        try:
            yield
        finally:
            # A process that was forked meanwhile holds the descriptor, too: closing it would not unlock.
            if is_locked:
                fcntl.flock(self.top, fcntl.LOCK_UN)

    def _lock(self) -> bool:
        deadline = time.monotonic() + LOCK_TIMEOUT_S
        while True:
            try:
                fcntl.flock(self.top, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise StoreLocked(f"{self.shown('')} is locked by another process that is writing it.") from None
                time.sleep(LOCK_RETRY_S)
            except OSError as error:
                if error.errno not in NO_LOCKS:
                    raise StoreUnwritable(f"{self.shown('')} cannot be locked: {error.strerror}.") from None
                return False
            else:
                return True

    def read(self, path: str) -> bytes | None:
        """What is in a file, if it is there."""
        parent = self.parent(path)
        if parent is None:
            return None
        with writing(self.shown(path)), sound(self.shown(path)):
            try:
                descriptor = os.open(os.path.basename(path), FILE, dir_fd=parent)
            except FileNotFoundError:
                return None
            with os.fdopen(descriptor, "rb") as file:
                check_regular(descriptor)
                return file.read()

    def stage(self, path: str, data: bytes) -> Staged:
        """Write a file that is to be placed; a description, or what replaces another, is on the disk before."""
        name = f"{UNFINISHED}{os.urandom(8).hex()}"
        former = self.state(path)
        with writing(self.shown(path)):
            descriptor = os.open(name, NEW, 0o666, dir_fd=self.top)
            self._staged.add(name)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                if former is not None:
                    os.fchmod(descriptor, stat.S_IMODE(former.st_mode))
                if former is not None or path == META:
                    file.flush()
                    os.fsync(descriptor)
        return Staged(name, path, data)

    def replace(self, staged: Staged) -> None:
        """Put a file into its place, which may be another's."""
        parent = self.make_parent(staged.path)
        with writing(self.shown(staged.path)):
            os.rename(staged.name, os.path.basename(staged.path), src_dir_fd=self.top, dst_dir_fd=parent)
        self._staged.remove(staged.name)

    def place(self, staged: Staged) -> bool:
        """Put a file where there is none; false when there is one by now."""
        parent, name = self.make_parent(staged.path), os.path.basename(staged.path)
        with writing(self.shown(staged.path)):
            try:
                os.link(staged.name, name, src_dir_fd=self.top, dst_dir_fd=parent, follow_symlinks=False)
            except FileExistsError:
                return False
            except OSError as error:
                if error.errno not in NO_LINKS:
                    raise
                return place_plainly(name, parent, staged.data)
        return True

    def append(self, path: str, lines: bytes) -> tuple[int, int]:
        """Add lines to a file; gives its size before and after."""
        parent, name = self.make_parent(path), os.path.basename(path)
        with writing(self.shown(path)), sound(self.shown(path)):
            descriptor = open_growing(name, parent)
            try:
                check_regular(descriptor)
                return append(descriptor, lines)
            except OSError:
                # An empty file is no metric, and MLflow could list no run any more.
                if not os.fstat(descriptor).st_size:
                    os.unlink(name, dir_fd=parent)
                raise
            finally:
                os.close(descriptor)

    def take_back(self, path: str, before: int, after: int) -> None:
        """Make a file as long as it was, unless somebody has written since; one that was not there goes away."""
        parent, name = self.make_parent(path), os.path.basename(path)
        descriptor = open_growing(name, parent)
        try:
            take_back(descriptor, before, after)
            if not os.fstat(descriptor).st_size:
                os.unlink(name, dir_fd=parent)
        finally:
            os.close(descriptor)

    def remove(self, path: str) -> None:
        """Take a file away, if it is there."""
        parent = self.parent(path)
        with writing(self.shown(path)), suppress(FileNotFoundError):
            if parent is not None:
                os.unlink(os.path.basename(path), dir_fd=parent)

    def check_free(self, path: str) -> None:
        """Refuse a path that leads through a file or a link, or to a folder, or cannot be a path here."""
        check_lengths(path)
        parts = path.split("/")
        # A folder that is held open was reached without a link, and need not be looked at again.
        first = len(parts) if self.holds(os.path.dirname(path)) else 1
        for depth in range(first, len(parts) + 1):
            step = "/".join(parts[:depth])
            state = self.state(step)
            if state is None:
                return
            wanted = stat.S_ISREG if depth == len(parts) else stat.S_ISDIR
            if not wanted(state.st_mode):
                # It will be there the next time, too: to try again would only cost time.
                raise BadValue(f"{path} cannot be written: {self.shown(step)} is in the way.")


def place_plainly(name: str, parent: int, data: bytes) -> bool:
    """Make a file where there is none, on a file system without hard links; false when there is one."""
    try:
        descriptor = os.open(name, NEW, 0o666, dir_fd=parent)
    except FileExistsError:
        return False
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
    except OSError:
        os.unlink(name, dir_fd=parent)
        raise
    return True


def check_regular(descriptor: int) -> None:
    """Refuse a pipe or a device."""
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise Unreadable("is no regular file")


@contextmanager
def sound(path: str) -> Iterator[None]:
    """Turn damage that must not be written over into an error of ours."""
    try:
        yield
    except Unreadable as damage:
        raise StoreUnwritable(f"{path} {damage}.") from None
