"""Parse metric files: lines of `timestamp value step`, of which the greatest point is the latest one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from qtui.entities import Point
from qtui.store.files.damage import Unreadable, reason_of
from qtui.store.files.reading.opening import open_file

DIGITS = b"0123456789"
DOTS_WITHOUT_DIGITS = frozenset((b".", b"-."))
"""Values that only have the dot of a number."""
STEPS_AS_BYTES = [b"%d" % step for step in range(4096)]
"""The steps 0, 1, 2, ... as text, to recognise a history without gaps."""

MERGED_STEP = 10**11
"""A step this large in a line of five fields comes from a truncated line joined with the next one."""

BLOCK_BYTES = 1 << 20
MAX_LINE_BYTES = 1 << 20
MAX_BAD_LINES = 10_000
"""A file with more bad lines than this is not a metric file."""

REGULAR_LINES = re.compile(rb"(?:-?\d+ -?(?:\d+(?:\.\d+)?(?:e[-+]?\d+)?|nan|inf) -?\d+\n)+")


class BadLine(NamedTuple):
    """A line that is not a point; numbers start at 1."""

    number: int
    reason: str


class LatestPointScan:
    """Scan for the latest point of a file that is read block by block."""

    def __init__(self) -> None:
        self.latest: Point | None = None
        self.bad_lines: list[BadLine] = []
        self._line_count = 0

    def feed(self, lines: bytes) -> None:
        """Scan a block of complete lines."""
        point = latest_point(lines)
        if point is None:
            self._feed_line_by_line(lines)
        else:
            self._update(point)
            self._line_count += lines.count(b"\n")

    def _feed_line_by_line(self, lines: bytes) -> None:
        for point in parse_lines(lines, self._line_count + 1):
            self._line_count += 1
            if isinstance(point, BadLine):
                self.bad_lines.append(point)
                check_bad_lines(self.bad_lines)
            else:
                self._update(point)

    def _update(self, point: Point) -> None:
        if self.latest is None or point > self.latest:
            self.latest = point


def scan_latest_point(blocks: Iterable[bytes]) -> LatestPointScan:
    """Scan all blocks of a file."""
    scan = LatestPointScan()
    for lines in blocks:
        scan.feed(lines)
    return scan


def latest_point(data: bytes) -> Point | None:
    """Return the latest point of a file of regular lines; None if it is empty, or needs `parse_lines`."""
    # Without their digits, lines with decimal fractions are all equal: comparing them is faster than the pattern.
    skeleton = data.translate(None, DIGITS)
    if b"-" in skeleton:
        skeleton = skeleton.replace(b" -", b" ")
    fields = data.split()
    line_count = len(fields) // 3
    if skeleton == b" . \n" * line_count:
        if len(fields) != 3 * line_count or not DOTS_WITHOUT_DIGITS.isdisjoint(fields[1::3]):
            return None
    elif not REGULAR_LINES.fullmatch(data):
        return None
    if not line_count:
        return None
    steps = fields[2::3]
    try:
        if steps == STEPS_AS_BYTES[:line_count]:
            return Point(line_count - 1, int(fields[-3]), float(fields[-2]))
        return _greatest_point(fields, steps)
    except ValueError:
        # Python refuses integers with thousands of digits.
        return None


def _greatest_point(fields: list[bytes], steps: list[bytes]) -> Point:
    numbers = list(map(int, steps))
    last_step = max(numbers)
    if numbers[-1] == last_step and numbers.count(last_step) == 1:
        return Point(last_step, int(fields[-3]), float(fields[-2]))
    ties = (index for index, step in enumerate(numbers) if step == last_step)
    return max(Point(last_step, int(fields[3 * index]), float(fields[3 * index + 1])) for index in ties)


def parse_lines(data: bytes, first_number: int = 1) -> Iterator[Point | BadLine]:
    """Parse every line as MLflow does; a last line without a newline is a bad line."""
    text = data.decode(errors="surrogateescape")
    for number, line in enumerate(text.splitlines(keepends=True), first_number):
        try:
            yield parse_line(line)
        except ValueError as error:
            yield BadLine(number, str(error))


def parse_line(line: str) -> Point:
    """Parse a line with its newline; raises ValueError with the reason if it is not a point."""
    if not line.endswith(("\n", "\r")):
        raise ValueError("is truncated: it has no newline")
    fields = line.strip().split(" ")
    if fields == [""]:
        raise ValueError("is blank")
    if len(fields) < 2 or len(fields) == 4:
        raise ValueError(f"has {len(fields)} field{'s' * (len(fields) > 1)}")
    timestamp, value, step = _parse_int(fields[0], "timestamp"), _parse_value(fields[1]), _parse_step(fields)
    return Point(step, timestamp, value)


def _parse_step(fields: list[str]) -> int:
    """Parse the step; MLflow ignores the step of a line that names a dataset, this function does not."""
    if len(fields) == 2:
        return 0
    step = _parse_int(fields[2], "step")
    if len(fields) > 3 and step >= MERGED_STEP:
        raise ValueError("is joined with another line")
    return step


def _parse_int(field: str, name: str) -> int:
    try:
        return int(field)
    except ValueError:
        raise ValueError(f"has a {name} that is not an integer") from None


def _parse_value(field: str) -> float:
    try:
        return float(field)
    except ValueError:
        raise ValueError("has a value that is not a number") from None


def describe_bad_lines(bad_lines: Sequence[BadLine]) -> str:
    """Return the reason to report for the bad lines of a file."""
    first = bad_lines[0]
    if len(bad_lines) == 1:
        return f"line {first.number} {first.reason}; it is skipped"
    return f"{len(bad_lines)} lines cannot be read and are skipped; the first, line {first.number}, {first.reason}"


def check_bad_lines(bad_lines: Sequence[BadLine]) -> None:
    """Raise `Unreadable` if a file has too many bad lines to be a metric file."""
    if len(bad_lines) > MAX_BAD_LINES:
        raise Unreadable(f"is not a metric file: more than {MAX_BAD_LINES} lines cannot be read")


def read_blocks(path: str, allowed_roots: Sequence[str], block_bytes: int = BLOCK_BYTES) -> Iterator[bytes]:
    """Yield a file in blocks of complete lines; the last block may end without a newline."""
    descriptor = open_file(path, allowed_roots)
    try:
        yield from read_line_blocks(descriptor, block_bytes)
    except OSError as error:
        raise Unreadable(reason_of(error)) from None
    finally:
        os.close(descriptor)


def read_line_blocks(descriptor: int, block_bytes: int) -> Iterator[bytes]:
    """Yield the rest of an open file in blocks of complete lines, then what follows the last newline."""
    rest = b""
    while block := os.read(descriptor, block_bytes):
        lines, newline, tail = block.rpartition(b"\n")
        if newline:
            yield rest + lines + newline
            rest = tail
        else:
            rest += tail
        if len(rest) > MAX_LINE_BYTES:
            raise Unreadable("is not a metric file: a line is longer than 1 MB")
    if rest:
        yield rest
