"""Adds lines to the end of a file that other processes may be adding to."""

from __future__ import annotations

import fcntl
import os
import re
from contextlib import suppress

from qtui.store.files.damage import Unreadable
from qtui.store.files.metrics import point_of

TAIL = 4096
FIELDS = 3

_is_beginning = re.compile(rb"-?\d*(?: [-+.\deinfa]*)?(?: -?\d*)?").fullmatch


GROWING = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC


def open_growing(name: str, parent: int) -> int:
    """A descriptor of a file in a folder that lines can be added to, as its only writer of our kind."""
    while True:
        descriptor = os.open(name, GROWING, 0o666, dir_fd=parent)
        with suppress(OSError):
            # Where a file system has no locks, one write is still one piece.
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return descriptor
        # While we waited it was taken away by a writer that could put nothing into it.
        os.close(descriptor)


def append(descriptor: int, lines: bytes) -> tuple[int, int]:
    """Add whole lines in one go, or none; gives the size of the file before and after that.

    A line that a killed writer left without its end is closed if it is whole, else taken away: nothing could read it.
    """
    before = os.fstat(descriptor).st_size
    fragment = unfinished(descriptor, before)
    if fragment and is_whole(fragment):
        lines = b"\n" + lines
    elif fragment:
        if not _is_beginning(fragment):
            raise Unreadable("ends in what is no line of a metric")
        before -= len(fragment)
        os.ftruncate(descriptor, before)
    write_whole(descriptor, lines, before)
    return before, before + len(lines)


def write_whole(descriptor: int, data: bytes, before: int) -> None:
    """Write all of it, or take back what could be written."""
    done = os.write(descriptor, data)
    try:
        while done < len(data):
            done += os.write(descriptor, data[done:])
    except OSError:
        take_back(descriptor, before, before + done)
        raise


def take_back(descriptor: int, before: int, after: int) -> None:
    """Make a file as long as it was, unless somebody has written since."""
    if os.fstat(descriptor).st_size == after:
        os.ftruncate(descriptor, before)


def unfinished(descriptor: int, size: int) -> bytes:
    """What follows the last line end of a file, as far as it can belong to a line."""
    start = max(0, size - TAIL)
    return os.pread(descriptor, size - start, start).rpartition(b"\n")[2] if size else b""


def is_whole(fragment: bytes) -> bool:
    """Whether a line lacks nothing but its end."""
    try:
        point_of(f"{fragment.decode()}\n")
    except ValueError:
        return False
    return fragment.count(b" ") >= FIELDS - 1 and not fragment.endswith(b" ")
