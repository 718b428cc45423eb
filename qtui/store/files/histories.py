"""Whole histories of metrics, parsed in C; only lines that are out of the ordinary are looked at one by one."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from qtui.entities import History, Point, RunInfo
from qtui.store.files.damage import Report, Unreadable, Vanished
from qtui.store.files.metrics import DIGITS, BadLine, closely, describe
from qtui.store.files.streams import pieces_of, refuse_garbage

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

PIECE = 4 << 20
LARGE = 256 * 1024
"""From this size on it pays to import pandas, whose parser is the fastest."""

SHAPES = (
    (b" -", b" "),
    (b".e- ", b". "),
    (b".e+ ", b". "),
    (b" e- ", b" . "),
    (b" e+ ", b" . "),
    (b" nan ", b" . "),
    (b" inf ", b" . "),
    (b"  \n", b" . \n"),
)
"""How values look without their digits, and as what they count."""

_NUMERIC = DIGITS + b".+-eEinfaN"
_ORDINARY = re.compile(
    rb"(?:^-?[0-9]{1,18} -?(?:[0-9]+(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?|nan|inf) -?[0-9]{1,18}\n)+", re.MULTILINE
)
_WIDEST = 2**63 - 1


class Columns(NamedTuple):
    """A metric's points in the order of its file, and the lines that hold none."""

    steps: NDArray[numpy.int64]
    timestamps: NDArray[numpy.int64]
    values: NDArray[numpy.float64]
    bad: Sequence[BadLine] = ()


def history_columns(path: str, within: Sequence[str], report: Report) -> Columns | None:
    """Every point of a metric's file, damage reported; None when the file is gone or no metric at all."""
    try:
        columns = joined([columns_of(piece) for piece in pieces_of(path, within, PIECE)])
    except Vanished:
        return None
    except Unreadable as damage:
        report.add(path, str(damage))
        return None
    if columns.bad:
        report.add(path, describe(columns.bad))
    elif not len(columns.values):
        report.add(path, "is empty")
    return columns


def history_of(info: RunInfo, key: str, columns: Columns | None) -> History:
    """The columns as the history of a metric; one without points where there are none."""
    found = columns or columns_of(b"")
    return History(info.run_id, key, found.steps, found.timestamps, found.values)


def joined(parts: Sequence[Columns], lines: int = 0) -> Columns:
    """Pieces of one file, put together with their lines counted on from those before."""
    import numpy

    if not parts:
        return columns_of(b"")
    bad: list[BadLine] = []
    for part in parts:
        bad += [BadLine(each.number + lines, each.reason) for each in part.bad]
        lines += len(part.values) + len(part.bad)
    return Columns(
        numpy.concatenate([part.steps for part in parts]),
        numpy.concatenate([part.timestamps for part in parts]),
        numpy.concatenate([part.values for part in parts]),
        bad,
    )


def columns_of(data: bytes) -> Columns:
    """Every point of a metric's file."""
    try:
        if len(data) < LARGE:
            return _by_python(data)
        skeleton = _skeleton_of(data)
        lines = data.count(b"\n")
        if skeleton == b" . \n" * lines:
            return _by_pandas(data)
        if skeleton == b" .\n" * lines:
            return _by_pandas(data.replace(b"\n", b" 0\n"))
    except (ValueError, OverflowError):
        pass
    return _pieced_together(data)


def _skeleton_of(data: bytes) -> bytes:
    """What is left of lines without their digits, every way to write a value made the same.

    pandas refuses a wrong value, but takes 1.0 for a whole number: so it is not given a step or time of that shape.
    """
    skeleton = data.translate(None, DIGITS)
    for shape, plain in SHAPES:
        skeleton = skeleton.replace(shape, plain)
    return skeleton


def _by_python(data: bytes) -> Columns:
    import numpy

    fields = data.split()
    if data.translate(None, _NUMERIC) != b"  \n" * (len(fields) // 3) or len(fields) % 3:
        raise ValueError
    return Columns(
        numpy.array(list(map(int, fields[2::3])), dtype=numpy.int64),
        numpy.array(list(map(int, fields[0::3])), dtype=numpy.int64),
        numpy.array(list(map(float, fields[1::3])), dtype=numpy.float64),
    )


def _by_pandas(data: bytes) -> Columns:
    import pandas

    exact: dict[str, Any] = {}
    if tuple(map(int, pandas.__version__.split(".")[:2])) < (3, 1):
        # Since 3.1 every number is read exactly and the option is deprecated.
        exact["float_precision"] = "round_trip"
    frame = pandas.read_csv(
        io.BytesIO(data),
        sep=" ",
        header=None,
        names=["timestamp", "value", "step"],
        dtype={"timestamp": "int64", "value": "float64", "step": "int64"},
        engine="c",
        quoting=3,
        na_values=["nan", "-nan"],
        keep_default_na=False,
        skip_blank_lines=False,
        **exact,
    )
    return Columns(frame["step"].to_numpy(), frame["timestamp"].to_numpy(), frame["value"].to_numpy())


def _pieced_together(data: bytes) -> Columns:
    """Ordinary stretches parsed in C, the lines between them one by one, all in the file's order."""
    import numpy

    ordinary: list[bytes] = []
    rows: list[int] = []
    points: list[Point] = []
    bad: list[BadLine] = []
    row = number = 0
    for odd, stretch in _stretches(data.replace(b"\r\n", b"\n")):
        for found in closely(odd, number + 1):
            number += 1
            if isinstance(found, BadLine):
                bad.append(found)
                refuse_garbage(bad)
            else:
                rows.append(row)
                points.append(found)
        ordinary.append(stretch)
        row += stretch.count(b"\n")
        number += stretch.count(b"\n")
    joined = b"".join(ordinary)
    whole = _by_pandas(joined) if len(joined) >= LARGE else _by_python(joined)
    return Columns(
        numpy.insert(whole.steps, rows, [_narrowed(point.step) for point in points]),
        numpy.insert(whole.timestamps, rows, [_narrowed(point.timestamp) for point in points]),
        numpy.insert(whole.values, rows, [point.value for point in points]),
        bad,
    )


def _stretches(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Pairs of odd lines and the ordinary ones that follow them."""
    end = 0
    for match in _ORDINARY.finditer(data):
        yield data[end : match.start()], match[0]
        end = match.end()
    yield data[end:], b""


def _narrowed(number: int) -> int:
    """A number of any size as the nearest one that 64 bits hold."""
    return max(-_WIDEST - 1, min(_WIDEST, number))
