"""What was appended to a metric's file since it was last read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from qtui.store.files.damage import Report, Unreadable, Vanished, reason_of
from qtui.store.files.histories import PIECE, Columns, columns_of, joined
from qtui.store.files.metrics import BadLine, describe
from qtui.store.files.opening import open_file
from qtui.store.files.patience import is_fresh
from qtui.store.files.streams import whole_lines

REMEMBERED = 256
"""So many of the last bytes that were read prove that a file is still what it was up to there."""


class Mark(NamedTuple):
    """How far a file was read: up to the end of a line."""

    device: int = 0
    inode: int = 0
    end: int = 0
    lines: int = 0
    before: bytes = b""
    """The last bytes that were read."""
    bad: tuple[BadLine, ...] = ()
    """The lines that are no points."""


class Tail(NamedTuple):
    """The points that were appended, and how far the file is read now."""

    columns: Columns
    mark: Mark | None
    anew: bool = False
    """Whether the file was read from its beginning."""


def tail_of(path: str, within: Sequence[str], report: Report, mark: Mark | None) -> Tail | None:
    """The points of a metric's file since a mark, damage reported; None when the file is gone."""
    try:
        descriptor = open_file(path, within)
    except Vanished:
        return None
    except Unreadable as damage:
        report.add(path, str(damage))
        return Tail(columns_of(b""), mark)
    try:
        start = _start(descriptor, mark)
        columns, end, rest = _read_on(descriptor, start)
    except (OSError, Unreadable) as error:
        report.add(path, reason_of(error) if isinstance(error, OSError) else str(error))
        return Tail(columns_of(b""), mark)
    finally:
        os.close(descriptor)
    _report_damage(path, report, end, rest)
    return Tail(columns, end, anew=start != mark)


def _start(descriptor: int, mark: Mark | None) -> Mark:
    """Where to read on; at the beginning of a file that is not, or no longer, the one that was read."""
    state = os.fstat(descriptor)
    if mark is not None and (mark.device, mark.inode) == (state.st_dev, state.st_ino) and mark.end <= state.st_size:
        length = len(mark.before)
        if os.pread(descriptor, length, mark.end - length) == mark.before:
            return mark
    return Mark(state.st_dev, state.st_ino)


def _read_on(descriptor: int, start: Mark) -> tuple[Columns, Mark, bytes]:
    """The points of all whole lines behind a mark, the mark behind them, and what there is of one more line."""
    os.lseek(descriptor, start.end, os.SEEK_SET)
    parts: list[Columns] = []
    end, before, rest = start.end, start.before, b""
    for piece in whole_lines(descriptor, PIECE):
        if piece.endswith(b"\n"):
            parts.append(columns_of(piece))
            end += len(piece)
            before = (before + piece)[-REMEMBERED:]
        else:
            rest = piece
    columns = joined(parts, start.lines)
    lines = start.lines + len(columns.values) + len(columns.bad)
    return columns, start._replace(end=end, lines=lines, before=before, bad=(*start.bad, *columns.bad)), rest


def _report_damage(path: str, report: Report, end: Mark, rest: bytes) -> None:
    """Name all lines that are no points; what a writer may be busy with is none of them."""
    bad = list(end.bad)
    if rest and not is_fresh(path):
        bad.append(BadLine(end.lines + 1, "is cut off: it has no line end"))
    if bad:
        report.add(path, describe(bad))
    elif not rest and not end.end and not is_fresh(path):
        report.add(path, "is empty")
