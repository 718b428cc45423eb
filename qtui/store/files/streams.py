"""Metric files of any size, read piece by piece so that no file can exhaust the memory."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from qtui.entities import Point
from qtui.store.files import metrics
from qtui.store.files.damage import Unreadable, reason_of
from qtui.store.files.metrics import BadLine
from qtui.store.files.opening import open_file

PIECE = 1 << 20
LONGEST_LINE = 1 << 20
MOST_BAD_LINES = 10_000
"""A file with more bad lines than this is no metric."""


class Tally:
    """The greatest point so far and the lines that are none."""

    def __init__(self) -> None:
        self.best: Point | None = None
        self.bad: list[BadLine] = []
        self._lines = 0

    def take(self, data: bytes) -> None:
        """Take in some whole lines."""
        try:
            point = metrics.latest(data)
        except ValueError:
            point = None
        if point is None:
            self._take_closely(data)
        else:
            self._greet(point)
            self._lines += data.count(b"\n")

    def _take_closely(self, data: bytes) -> None:
        for found in metrics.closely(data, self._lines + 1):
            self._lines += 1
            if isinstance(found, BadLine):
                self.bad.append(found)
                refuse_garbage(self.bad)
            else:
                self._greet(found)

    def _greet(self, point: Point) -> None:
        if self.best is None or point > self.best:
            self.best = point


def refuse_garbage(bad: Sequence[BadLine]) -> None:
    """Give up on a file when it has too many bad lines to be a metric."""
    if len(bad) > MOST_BAD_LINES:
        raise Unreadable(f"is no metric: more than {MOST_BAD_LINES} lines cannot be read")


def tally_of(pieces: Iterator[bytes]) -> Tally:
    """The greatest point of a file that comes in pieces."""
    tally = Tally()
    for lines in pieces:
        tally.take(lines)
    return tally


def pieces_of(path: str, within: Sequence[str], size: int = PIECE) -> Iterator[bytes]:
    """A file in pieces that end with a line, but for a last line that has no end."""
    descriptor = open_file(path, within)
    try:
        yield from whole_lines(descriptor, size)
    except OSError as error:
        raise Unreadable(reason_of(error)) from None
    finally:
        os.close(descriptor)


def whole_lines(descriptor: int, size: int) -> Iterator[bytes]:
    """What is left to read in pieces that end with a line, and at last what has no end yet."""
    rest = b""
    while piece := os.read(descriptor, size):
        lines, end, tail = piece.rpartition(b"\n")
        if end:
            yield rest + lines + end
            rest = tail
        else:
            rest += tail
        if len(rest) > LONGEST_LINE:
            raise Unreadable("is no metric: it has a line of more than 1 MB")
    if rest:
        yield rest
