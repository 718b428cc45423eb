"""Open files of a store safely: never block on a pipe or a device, never follow a link out of the store."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence

from qtui.store.files.damage import BROKEN_LINK, Unreadable, Vanished, reason_of

FILE_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
CHUNK_BYTES = 64 * 1024
"""Size of a first read; a file that fills it may be longer."""
READ_BYTES = 1 << 20

FILE_TYPES = (
    (stat.S_ISDIR, "is a folder, not a file"),
    (stat.S_ISFIFO, "is a named pipe, not a file"),
    (stat.S_ISSOCK, "is a socket, not a file"),
    (stat.S_ISCHR, "is a device, not a file"),
    (stat.S_ISBLK, "is a device, not a file"),
)


def open_file(path: str, allowed_roots: Sequence[str]) -> int:
    """Open a regular file and return its descriptor; a link is followed only to a file below one of the roots.

    Raises `Vanished` if there is no file, `Unreadable` for anything that is not a readable file.
    """
    try:
        return _open_regular(path)
    except FileNotFoundError:
        raise Vanished from None
    except OSError as error:
        if not os.path.islink(path):
            raise Unreadable(_open_error(path, error)) from None
    try:
        return _open_regular(_link_target(path, allowed_roots))
    except FileNotFoundError:
        raise Unreadable(BROKEN_LINK) from None
    except OSError as error:
        raise Unreadable(reason_of(error)) from None


def open_folder(path: str, allowed_roots: Sequence[str]) -> int:
    """Open a folder and return its descriptor; a link is followed only to a folder below one of the roots.

    Raises `Vanished` if there is no folder, `Unreadable` for anything that is not a readable folder.
    """
    try:
        return os.open(path, FOLDER_FLAGS)
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise Vanished from None
        if not os.path.islink(path):
            raise Unreadable(reason_of(error)) from None
    try:
        return os.open(_link_target(path, allowed_roots), FOLDER_FLAGS)
    except FileNotFoundError:
        raise Unreadable(BROKEN_LINK) from None
    except OSError as error:
        raise Unreadable(reason_of(error)) from None


def read_file(path: str, max_bytes: int, allowed_roots: Sequence[str]) -> bytes:
    """Return the content of a file; raises `Unreadable` if it is longer than `max_bytes`."""
    descriptor = open_file(path, allowed_roots)
    try:
        return _read_to_end(descriptor, max_bytes)
    except OSError as error:
        raise Unreadable(reason_of(error)) from None
    finally:
        os.close(descriptor)


def _read_to_end(descriptor: int, max_bytes: int) -> bytes:
    parts: list[bytes] = []
    remaining = max_bytes + 1
    while remaining > 0 and (part := os.read(descriptor, min(remaining, READ_BYTES))):
        parts.append(part)
        remaining -= len(part)
    if remaining <= 0:
        raise Unreadable(f"is larger than {max_bytes // 1024} kB")
    return b"".join(parts)


def _open_regular(path: str) -> int:
    descriptor = os.open(path, FILE_FLAGS)
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return descriptor
    os.close(descriptor)
    raise Unreadable(_file_type(mode))


def _link_target(link: str, allowed_roots: Sequence[str]) -> str:
    target = os.path.realpath(link, strict=True)
    if not any(_is_below(target, root) for root in allowed_roots):
        raise Unreadable("is a link to a target outside the store")
    return target


def _is_below(target: str, folder: str) -> bool:
    """Return whether a resolved path is a folder or lies below it; links in the folder's own path are resolved."""
    root = os.path.realpath(folder)
    return target == root or target.startswith(root.rstrip("/") + "/")


def _open_error(path: str, error: OSError) -> str:
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return reason_of(error)
    return reason_of(error) if stat.S_ISREG(mode) else _file_type(mode)


def _file_type(mode: int) -> str:
    return next((reason for is_type, reason in FILE_TYPES if is_type(mode)), "is not a regular file")
