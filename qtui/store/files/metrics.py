"""The latest point of a metric from the bytes of its file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qtui.entities import Point

DIGITS = b"0123456789"
COUNT = [b"%d" % step for step in range(4096)]

_ORDINARY = re.compile(rb"(?:-?\d+ -?(?:\d+(?:\.\d+)?(?:e[-+]?\d+)?|nan|inf) -?\d+\n)+").fullmatch
MERGED_STEP = 10**11
"""A step this great in a line of five fields is a torn line with the next one stuck to it."""


class BadLine(NamedTuple):
    """A line that is no point, counted from 1."""

    number: int
    reason: str


def latest(data: bytes) -> Point | None:
    """The greatest point of a file in perfect order; None when it needs a closer look."""
    skeleton = data.translate(None, DIGITS)
    if b"-" in skeleton:
        skeleton = skeleton.replace(b" -", b" ")
    fields = data.split()
    lines = len(fields) // 3
    if skeleton == b" . \n" * lines:
        if len(fields) != 3 * lines or b" . " in data or b" -. " in data:
            return None
    elif not _ORDINARY(data):
        return None
    if not lines:
        return None
    steps = fields[2::3]
    if steps == COUNT[:lines]:
        return Point(lines - 1, int(fields[-3]), float(fields[-2]))
    return _greatest(fields, steps)


def _greatest(fields: list[bytes], steps: list[bytes]) -> Point:
    numbers = list(map(int, steps))
    top = max(numbers)
    if numbers[-1] == top and numbers.count(top) == 1:
        return Point(top, int(fields[-3]), float(fields[-2]))
    tied = (index for index, step in enumerate(numbers) if step == top)
    return max(Point(top, int(fields[3 * index]), float(fields[3 * index + 1])) for index in tied)


def closely(data: bytes, first_number: int = 1) -> Iterator[Point | BadLine]:
    """Every line on its own, as MLflow understands it, or why it cannot; the cut-off last line is a bad one."""
    text = data.decode(errors="surrogateescape")
    for number, line in enumerate(text.splitlines(keepends=True), first_number):
        try:
            yield point_of(line)
        except ValueError as error:
            yield BadLine(number, str(error))


def point_of(line: str) -> Point:
    """The point that a whole line holds; ValueError says why it holds none."""
    if not line.endswith(("\n", "\r")):
        raise ValueError("is cut off: it has no line end")
    fields = line.strip().split(" ")
    if fields == [""]:
        raise ValueError("is blank")
    if len(fields) < 2 or len(fields) == 4:
        raise ValueError(f"has {len(fields)} field{'s' * (len(fields) > 1)}")
    timestamp, value, step = _whole(fields[0], "timestamp"), _number(fields[1]), _step(fields)
    return Point(step, timestamp, value)


def _step(fields: list[str]) -> int:
    """MLflow drops the step of a line that names a dataset; it is there, so it is read."""
    if len(fields) == 2:
        return 0
    step = _whole(fields[2], "step")
    if len(fields) > 3 and step >= MERGED_STEP:
        raise ValueError("has another line stuck to it")
    return step


def _whole(field: str, name: str) -> int:
    try:
        return int(field)
    except ValueError:
        raise ValueError(f"has a {name} that is no whole number") from None


def _number(field: str) -> float:
    try:
        return float(field)
    except ValueError:
        raise ValueError("has a value that is no number") from None


def describe(bad: Sequence[BadLine]) -> str:
    """What to report of a file's bad lines."""
    first = bad[0]
    if len(bad) == 1:
        return f"line {first.number} {first.reason}; it is left out"
    return f"{len(bad)} lines cannot be read and are left out; the first, line {first.number}, {first.reason}"
