"""Opens files of a store so that no pipe, device or link can hold us up or lead us astray."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence

from qtui.store.files.damage import Unreadable, Vanished, reason_of

FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
CHUNK = 64 * 1024
"""What one read takes; a file that fills it may have more."""

KINDS = (
    (stat.S_ISDIR, "is a folder where a file should be"),
    (stat.S_ISFIFO, "is a named pipe, not a file"),
    (stat.S_ISSOCK, "is a socket, not a file"),
    (stat.S_ISCHR, "is a device, not a file"),
    (stat.S_ISBLK, "is a device, not a file"),
)


def open_file(path: str, within: Sequence[str]) -> int:
    """A descriptor of a regular file; a link is followed only to a regular file below one of `within`."""
    try:
        return _open_regular(path)
    except FileNotFoundError:
        raise Vanished from None
    except OSError as error:
        if not os.path.islink(path):
            raise Unreadable(_refusal(path, error)) from None
    return _open_linked(path, within)


def open_folder(path: str, within: Sequence[str]) -> int:
    """A descriptor of a folder; a link is followed only to a folder below one of `within`."""
    try:
        return os.open(path, FOLDER_FLAGS)
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise Vanished from None
        if not os.path.islink(path):
            raise Unreadable(reason_of(error)) from None
    try:
        return os.open(_target(path, within), FOLDER_FLAGS)
    except FileNotFoundError:
        raise Unreadable("is a link that leads nowhere") from None
    except OSError as error:
        raise Unreadable(reason_of(error)) from None


def read_file(path: str, cap: int, within: Sequence[str]) -> bytes:
    """The whole of a file that is no larger than `cap` bytes."""
    descriptor = open_file(path, within)
    try:
        return read_capped(descriptor, cap)
    except OSError as error:
        raise Unreadable(reason_of(error)) from None
    finally:
        os.close(descriptor)


def read_capped(descriptor: int, cap: int) -> bytes:
    """All that is left to read, refused when it is more than `cap` bytes."""
    parts: list[bytes] = []
    left = cap + 1
    while left > 0 and (part := os.read(descriptor, min(left, 1 << 20))):
        parts.append(part)
        left -= len(part)
    if left <= 0:
        raise Unreadable(f"is larger than {cap // 1024} kB")
    return b"".join(parts)


def _open_regular(path: str) -> int:
    descriptor = os.open(path, FLAGS)
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return descriptor
    os.close(descriptor)
    raise Unreadable(_kind(mode))


def _open_linked(path: str, within: Sequence[str]) -> int:
    try:
        return _open_regular(_target(path, within))
    except FileNotFoundError:
        raise Unreadable("is a link that leads nowhere") from None
    except OSError as error:
        raise Unreadable(reason_of(error)) from None


def _target(link: str, within: Sequence[str]) -> str:
    target = os.path.realpath(link, strict=True)
    if not any(is_within(target, folder) for folder in within):
        raise Unreadable("is a link that leads out of the store")
    return target


def is_within(target: str, folder: str) -> bool:
    """Whether a resolved path lies below a folder, links in the folder's own path resolved too."""
    root = os.path.realpath(folder)
    return target == root or target.startswith(root.rstrip("/") + "/")


def _refusal(path: str, error: OSError) -> str:
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return reason_of(error)
    return reason_of(error) if stat.S_ISREG(mode) else _kind(mode)


def _kind(mode: int) -> str:
    return next((words for is_kind, words in KINDS if is_kind(mode)), "is no regular file")
