"""Parse whole metric histories with numpy and pandas; only irregular lines are parsed one by one in Python."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from qtui.entities import History, Point, RunInfo, Summary
from qtui.store.files.damage import DamageReport, Unreadable, Vanished
from qtui.store.files.reading.metric_files import (
    DIGITS,
    BadLine,
    check_bad_lines,
    describe_bad_lines,
    latest_point,
    parse_lines,
    read_blocks,
)

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

HISTORY_BLOCK_BYTES = 4 << 20
MIN_PANDAS_BYTES = 256 * 1024
"""Size from which importing pandas for its faster parser pays off."""

VALUE_SHAPES = (
    (b" -", b" "),
    (b".e- ", b". "),
    (b".e+ ", b". "),
    (b" e- ", b" . "),
    (b" e+ ", b" . "),
    (b" nan ", b" . "),
    (b" inf ", b" . "),
    (b"  \n", b" . \n"),
)
"""Forms of values without their digits, and the form that each is normalised to."""

_NUMERIC = DIGITS + b".+-eEinfaN"
_REGULAR_LINES = re.compile(
    rb"(?:^-?[0-9]{1,18} -?(?:[0-9]+(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?|nan|inf) -?[0-9]{1,18}\n)+", re.MULTILINE
)
_MAX_INT64 = 2**63 - 1


class MetricColumns(NamedTuple):
    """The points of a metric in file order as columns, and the lines that are not points."""

    steps: NDArray[numpy.int64]
    timestamps: NDArray[numpy.int64]
    values: NDArray[numpy.float64]
    bad_lines: Sequence[BadLine] = ()


def read_columns(path: str, allowed_roots: Sequence[str], report: DamageReport) -> MetricColumns | None:
    """Read all points of a metric file and report damage; None if the file is gone or not a metric file."""
    try:
        blocks = read_blocks(path, allowed_roots, HISTORY_BLOCK_BYTES)
        columns = concatenate([parse_columns(block) for block in blocks])
    except Vanished:
        return None
    except Unreadable as damage:
        report.add(path, str(damage))
        return None
    if columns.bad_lines:
        report.add(path, describe_bad_lines(columns.bad_lines))
    elif not len(columns.values):
        report.add(path, "is empty")
    return columns


def history_from_columns(info: RunInfo, key: str, columns: MetricColumns | None) -> History:
    """Return the columns as the history of a metric; without columns, an empty history."""
    columns = columns or parse_columns(b"")
    return History(info.run_id, key, columns.steps, columns.timestamps, columns.values)


def summarize_columns(columns: MetricColumns) -> Summary | None:
    """Return the summary of a history; None if it is empty."""
    history = History("", "", columns.steps, columns.timestamps, columns.values)
    return history.summary() if len(history) else None


def summarize_bytes(data: bytes) -> Summary | None:
    """Return the summary of a regular file without numpy; None if it is empty or not regular."""
    latest = latest_point(data)
    return None if latest is None else Summary.of(list(map(float, data.split()[1::3])), latest.value)


def concatenate(parts: Sequence[MetricColumns], line_count: int = 0) -> MetricColumns:
    """Concatenate the blocks of a file; `line_count` is the number of lines before them."""
    import numpy

    if not parts:
        return parse_columns(b"")
    bad_lines: list[BadLine] = []
    for part in parts:
        bad_lines += [BadLine(line.number + line_count, line.reason) for line in part.bad_lines]
        line_count += len(part.values) + len(part.bad_lines)
    return MetricColumns(
        numpy.concatenate([part.steps for part in parts]),
        numpy.concatenate([part.timestamps for part in parts]),
        numpy.concatenate([part.values for part in parts]),
        bad_lines,
    )


def parse_columns(data: bytes) -> MetricColumns:
    """Parse all points of a metric file."""
    try:
        if len(data) < MIN_PANDAS_BYTES:
            return _parse_with_python(data)
        skeleton = _value_skeleton(data)
        line_count = data.count(b"\n")
        if skeleton == b" . \n" * line_count:
            return _parse_with_pandas(data)
        if skeleton == b" .\n" * line_count:
            return _parse_with_pandas(data.replace(b"\n", b" 0\n"))
    except (ValueError, OverflowError):
        pass
    return _parse_mixed_lines(data)


def _value_skeleton(data: bytes) -> bytes:
    """Return the lines without digits and with all forms of values normalised.

    pandas rejects invalid values but accepts 1.0 as an integer, so it must not get steps or timestamps of that form.
    """
    skeleton = data.translate(None, DIGITS)
    for shape, normal in VALUE_SHAPES:
        skeleton = skeleton.replace(shape, normal)
    return skeleton


def _parse_with_python(data: bytes) -> MetricColumns:
    import numpy

    fields = data.split()
    if data.translate(None, _NUMERIC) != b"  \n" * (len(fields) // 3) or len(fields) % 3:
        raise ValueError
    return MetricColumns(
        numpy.array(list(map(int, fields[2::3])), dtype=numpy.int64),
        numpy.array(list(map(int, fields[0::3])), dtype=numpy.int64),
        numpy.array(list(map(float, fields[1::3])), dtype=numpy.float64),
    )


def _parse_with_pandas(data: bytes) -> MetricColumns:
    import pandas

    precision: dict[str, Any] = {}
    if tuple(map(int, pandas.__version__.split(".")[:2])) < (3, 1):
        # Since 3.1 every number is read exactly and the option is deprecated.
        precision["float_precision"] = "round_trip"
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
        **precision,
    )
    return MetricColumns(frame["step"].to_numpy(), frame["timestamp"].to_numpy(), frame["value"].to_numpy())


def _parse_mixed_lines(data: bytes) -> MetricColumns:
    """Parse runs of regular lines at once and the lines between them one by one; keep the file order."""
    import numpy

    regular_parts: list[bytes] = []
    rows: list[int] = []
    points: list[Point] = []
    bad_lines: list[BadLine] = []
    row = line_count = 0
    for irregular, regular in _split_regular_lines(data.replace(b"\r\n", b"\n")):
        for point in parse_lines(irregular, line_count + 1):
            line_count += 1
            if isinstance(point, BadLine):
                bad_lines.append(point)
                check_bad_lines(bad_lines)
            else:
                rows.append(row)
                points.append(point)
        regular_parts.append(regular)
        row += regular.count(b"\n")
        line_count += regular.count(b"\n")
    regular_lines = b"".join(regular_parts)
    is_large = len(regular_lines) >= MIN_PANDAS_BYTES
    columns = _parse_with_pandas(regular_lines) if is_large else _parse_with_python(regular_lines)
    return MetricColumns(
        numpy.insert(columns.steps, rows, [_clamp_int64(point.step) for point in points]),
        numpy.insert(columns.timestamps, rows, [_clamp_int64(point.timestamp) for point in points]),
        numpy.insert(columns.values, rows, [point.value for point in points]),
        bad_lines,
    )


def _split_regular_lines(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield pairs of irregular lines and the regular lines that follow them."""
    end = 0
    for match in _REGULAR_LINES.finditer(data):
        yield data[end : match.start()], match[0]
        end = match.end()
    yield data[end:], b""


def _clamp_int64(number: int) -> int:
    return max(-_MAX_INT64 - 1, min(_MAX_INT64, number))
