"""Append lines to a file that other processes may be appending to."""

from __future__ import annotations

import fcntl
import os
import re
from contextlib import suppress

from qtui.store.files.damage import Unreadable
from qtui.store.files.reading.metric_files import parse_line

TAIL_BYTES = 4096
FIELDS = 3
APPEND_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC

_is_truncated_line = re.compile(rb"-?\d*(?: [-+.\deinfa]*)?(?: -?\d*)?").fullmatch


def open_locked(name: str, parent: int) -> int:
    """Open or create a file in a folder for appending, locked against other writers of qtui."""
    while True:
        descriptor = os.open(name, APPEND_FLAGS, 0o666, dir_fd=parent)
        with suppress(OSError):
            # On a file system without locks, a single write is still atomic.
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return descriptor
        # While this waited for the lock, a writer that could not write removed its empty file.
        os.close(descriptor)


def append_lines(descriptor: int, lines: bytes) -> tuple[int, int]:
    """Append all lines or none; return the size of the file before and after.

    If a killed writer left a line without a newline, complete the line if it is a point, otherwise remove it.
    """
    before = os.fstat(descriptor).st_size
    fragment = _last_line_fragment(descriptor, before)
    if fragment and _is_point(fragment):
        lines = b"\n" + lines
    elif fragment:
        if not _is_truncated_line(fragment):
            raise Unreadable("ends with text that is not a metric line")
        before -= len(fragment)
        os.ftruncate(descriptor, before)
    _write_all(descriptor, lines, before)
    return before, before + len(lines)


def undo_append(descriptor: int, before: int, after: int) -> None:
    """Truncate a file to its size before an append, unless another process has appended since."""
    if os.fstat(descriptor).st_size == after:
        os.ftruncate(descriptor, before)


def _write_all(descriptor: int, data: bytes, before: int) -> None:
    """Write all data; remove a partial write if that fails."""
    count = os.write(descriptor, data)
    try:
        while count < len(data):
            count += os.write(descriptor, data[count:])
    except OSError:
        undo_append(descriptor, before, before + count)
        raise


def _last_line_fragment(descriptor: int, size: int) -> bytes:
    """Return the text after the last newline of a file, at most `TAIL_BYTES` of it."""
    start = max(0, size - TAIL_BYTES)
    return os.pread(descriptor, size - start, start).rpartition(b"\n")[2] if size else b""


def _is_point(fragment: bytes) -> bool:
    """Return whether a line lacks only its newline."""
    try:
        parse_line(f"{fragment.decode()}\n")
    except ValueError:
        return False
    return fragment.count(b" ") >= FIELDS - 1 and not fragment.endswith(b" ")
