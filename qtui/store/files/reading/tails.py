"""Read the points appended to a metric file since the last read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from qtui.store.files.damage import DamageReport, Unreadable, Vanished, reason_of
from qtui.store.files.reading.histories import HISTORY_BLOCK_BYTES, MetricColumns, concatenate, parse_columns
from qtui.store.files.reading.metric_files import BadLine, describe_bad_lines, read_line_blocks
from qtui.store.files.reading.opening import open_file
from qtui.store.files.reading.rereads import is_fresh

MAX_CHECKED_BYTES = 256
"""Bytes before a position that must be unchanged for a file to be read on from there."""


class FilePosition(NamedTuple):
    """Position in a metric file, at the end of a line."""

    device: int = 0
    inode: int = 0
    offset: int = 0
    line_count: int = 0
    preceding: bytes = b""
    """The last bytes before the position."""
    bad_lines: tuple[BadLine, ...] = ()
    """The lines before the position that are not points."""


class MetricTail(NamedTuple):
    """The points appended to a metric file, and the position after them."""

    columns: MetricColumns
    position: FilePosition | None
    from_start: bool = False
    """Whether the file was read from its beginning."""


def read_tail(
    path: str, allowed_roots: Sequence[str], report: DamageReport, position: FilePosition | None
) -> MetricTail | None:
    """Read the points after a position and report damage; None if the file is gone."""
    try:
        descriptor = open_file(path, allowed_roots)
    except Vanished:
        return None
    except Unreadable as damage:
        report.add(path, str(damage))
        return MetricTail(parse_columns(b""), position)
    try:
        start = _start_position(descriptor, position)
        columns, end, rest = _read_from(descriptor, start)
    except (OSError, Unreadable) as error:
        report.add(path, reason_of(error) if isinstance(error, OSError) else str(error))
        return MetricTail(parse_columns(b""), position)
    finally:
        os.close(descriptor)
    _report_damage(path, report, end, rest)
    return MetricTail(columns, end, from_start=start != position)


def _start_position(descriptor: int, position: FilePosition | None) -> FilePosition:
    """Return the position if it is still valid for the file, otherwise the beginning."""
    status = os.fstat(descriptor)
    if (
        position is not None
        and (position.device, position.inode) == (status.st_dev, status.st_ino)
        and position.offset <= status.st_size
    ):
        length = len(position.preceding)
        if os.pread(descriptor, length, position.offset - length) == position.preceding:
            return position
    return FilePosition(status.st_dev, status.st_ino)


def _read_from(descriptor: int, start: FilePosition) -> tuple[MetricColumns, FilePosition, bytes]:
    """Return the points of all complete lines, the position after them, and the incomplete line that follows."""
    os.lseek(descriptor, start.offset, os.SEEK_SET)
    parts: list[MetricColumns] = []
    offset, preceding, rest = start.offset, start.preceding, b""
    for block in read_line_blocks(descriptor, HISTORY_BLOCK_BYTES):
        if block.endswith(b"\n"):
            parts.append(parse_columns(block))
            offset += len(block)
            preceding = (preceding + block)[-MAX_CHECKED_BYTES:]
        else:
            rest = block
    columns = concatenate(parts, start.line_count)
    end = start._replace(
        offset=offset,
        line_count=start.line_count + len(columns.values) + len(columns.bad_lines),
        preceding=preceding,
        bad_lines=(*start.bad_lines, *columns.bad_lines),
    )
    return columns, end, rest


def _report_damage(path: str, report: DamageReport, end: FilePosition, rest: bytes) -> None:
    """Report all bad lines; an incomplete last line only if no writer may be working on it."""
    bad_lines = list(end.bad_lines)
    if rest and not is_fresh(path):
        bad_lines.append(BadLine(end.line_count + 1, "is truncated: it has no newline"))
    if bad_lines:
        report.add(path, describe_bad_lines(bad_lines))
    elif not rest and not end.offset and not is_fresh(path):
        report.add(path, "is empty")
