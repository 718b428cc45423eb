"""Passing on the output of a command while it is copied into a file."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import termios
import tty
from contextlib import suppress
from typing import BinaryIO

from qtui.stderr import print_message
from qtui.store.dirfd import write_all

COPY_CHUNK_BYTES = 1 << 16
DRAIN_S = 0.2
"""Seconds without output after which the copying ends, although a process that the command left behind could write."""

STDIN, STDOUT, STDERR = 0, 1, 2


class OutputCopy:
    """The standard descriptors for a command: our own ones, or with a log descriptors whose output is copied.

    If our output is a terminal, the command writes to a pseudo-terminal, so that it shows colours and progress. Keys
    and terminal modes are still those of our terminal: the pseudo-terminal passes bytes on unchanged.
    """

    def __init__(self, log: BinaryIO | None = None) -> None:
        self._log = log
        self._targets: dict[int, int] = {}
        """Our descriptors by those that the output of the command comes from."""
        self._terminals: list[int] = []
        stdout = self._open(STDOUT)
        is_shared = log is not None and is_same_file(STDOUT, STDERR)
        self.descriptors = (duplicate(STDIN), stdout, os.dup(stdout) if is_shared else self._open(STDERR))
        """Descriptors of stdin, stdout and stderr for the command."""

    def close_descriptors(self) -> None:
        """Close the descriptors of the command, once it has them."""
        for descriptor in self.descriptors:
            os.close(descriptor)

    def copy(self, end: int) -> None:
        """Copy output until this descriptor can be read or is closed, and all output has been copied."""
        has_ended = False
        while True:
            waiting = [*self._targets, *([] if has_ended else [end])]
            ready = select.select(waiting, [], [], DRAIN_S if has_ended else None)[0] if waiting else []
            has_ended = has_ended or end in ready
            for source in ready:
                if source in self._targets:
                    self._pass_on(source)
            if has_ended and not ready:
                return

    def resize(self) -> None:
        """Give the pseudo-terminals the size of our terminal."""
        for terminal in self._terminals:
            with suppress(OSError):
                size = fcntl.ioctl(STDOUT, termios.TIOCGWINSZ, b"\0" * 8)
                fcntl.ioctl(terminal, termios.TIOCSWINSZ, size)

    def _open(self, target: int) -> int:
        """Return a descriptor for the command whose output goes to ours."""
        if self._log is None:
            return duplicate(target)
        if os.isatty(target):
            source, descriptor = pty.openpty()
            tty.setraw(descriptor)
            self._terminals.append(source)
            self.resize()
        else:
            source, descriptor = os.pipe()
        self._targets[source] = target
        return descriptor

    def _pass_on(self, source: int) -> None:
        """Copy some output; close the source at its end, or when nobody reads ours, so that the command notices."""
        try:
            data = os.read(source, COPY_CHUNK_BYTES)
            write_all(self._targets[source], data)
        except OSError:
            # A pseudo-terminal ends with EIO.
            data = b""
        self._copy_to_log(data)
        if not data:
            del self._targets[source]
            os.close(source)

    def _copy_to_log(self, data: bytes) -> None:
        """Copy output to the log; a full disk ends the log, not the command."""
        if self._log is None:
            return
        try:
            write_all(self._log.fileno(), data)
        except OSError as error:
            self._log = None
            print_message(f"The copy of the output is incomplete: {error.strerror}.")


def duplicate(descriptor: int) -> int:
    """Return a duplicate of a standard descriptor, or of the null device if it is closed."""
    try:
        return os.dup(descriptor)
    except OSError:
        return os.open(os.devnull, os.O_RDWR)


def is_same_file(first: int, second: int) -> bool:
    """Return whether two descriptors are open on the same file; False if one is closed."""
    try:
        return os.path.sameopenfile(first, second)
    except OSError:
        return False
