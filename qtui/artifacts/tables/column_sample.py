"""The values of some columns of a table: all of them, or those of windows that are spread over a large table."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from qtui.artifacts.content import TableColumn, TableContent
from qtui.formatting import ABSENT
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from pandas import DatetimeIndex

    from qtui.plot.array_types import Floats

MAX_SAMPLE_ROWS = 100_000
SAMPLE_WINDOWS = 100
"""The windows that a sample of a large table is read in."""
TIME_TYPES = ("datetime", "timestamp", "date")
"""The starts of the names of types that are times, beside the `time` of text files."""


@dataclass(frozen=True, slots=True)
class SampledColumn:
    """The name and the values of a column; one is a number, a time or a text, if it is not missing."""

    name: str
    type: str
    is_number: bool
    values: Sequence[Any]

    @classmethod
    def of(cls, column: TableColumn, values: Sequence[Any]) -> SampledColumn:
        """Return a column of a table with these values; times are no numbers, although they can be plotted."""
        is_number = column.is_number and not is_time_type(column.type)
        return cls(column.name, column.type, is_number, values)

    @property
    def is_time(self) -> bool:
        """Whether the values are dates or times."""
        return is_time_type(self.type)

    def numbers(self) -> Floats:
        """Return the values as floats, NaN for others."""
        import numpy

        return numpy.fromiter(map(_number, self.values), float, len(self.values))

    def times(self) -> DatetimeIndex:
        """Return the values as times without a time zone; raises ValueError if one is no time."""
        import pandas

        times = pandas.DatetimeIndex(pandas.to_datetime(list(self.values), utc=True))
        return times.tz_localize(None)

    def texts(self) -> list[str]:
        """Return the values as texts; a missing one is a dash."""
        return [_text(value) for value in self.values]


@dataclass(frozen=True, slots=True)
class ColumnSample:
    """Columns with the numbers of their rows."""

    columns: tuple[SampledColumn, ...]
    rows: Sequence[int]
    total: int
    """The number of rows in the table."""

    @property
    def note(self) -> str:
        """The size of the sample in words; empty if it has all rows."""
        return "" if len(self.rows) == self.total else f"sample of {len(self.rows):,} of {self.total:,} rows"

    def first(self, count: int) -> ColumnSample:
        """Return the sample with its first columns only."""
        return ColumnSample(self.columns[:count], self.rows, self.total)


def sample_columns(table: TableContent, columns: Sequence[int]) -> Generator[float, None, ColumnSample]:
    """Read columns of a table; yield the part that is done, from 0 to 1, and return the sample.

    Raises ArtifactUnreadable.
    """
    if not table.row_count().is_complete:
        yield from (progress * 0.5 for progress in table.scan())
    total = table.row_count().count
    windows = _windows(total)
    rows: list[int] = []
    values: list[list[Any]] = [[] for _ in columns]
    for number, (start, stop) in enumerate(windows):
        window = table.raw_values(start, stop, columns)
        rows += range(start, start + len(window))
        for column, part in zip(values, zip(*window, strict=True), strict=False):
            column += part
        yield 0.5 + (number + 1) / len(windows) * 0.5
    described = [table.columns[column] for column in columns]
    sampled = tuple(SampledColumn.of(*pair) for pair in zip(described, values, strict=True))
    return ColumnSample(sampled, rows, max(total, len(rows)))


def is_time_type(name: str) -> bool:
    """Return whether a type of this name holds dates or times."""
    return name == "time" or name.startswith(TIME_TYPES)


def _windows(total: int) -> list[tuple[int, int]]:
    """Return the windows to read: a few large ones for all rows, or many small ones at equal distances."""
    if total > MAX_SAMPLE_ROWS:
        length = MAX_SAMPLE_ROWS // SAMPLE_WINDOWS
        starts = [number * (total - length) // (SAMPLE_WINDOWS - 1) for number in range(SAMPLE_WINDOWS)]
    else:
        length = max(1, MAX_SAMPLE_ROWS // 10)
        starts = list(range(0, total, length))
    return [(start, min(start + length, total)) for start in starts]


def _number(value: Any) -> float:
    if isinstance(value, timedelta):
        return value.total_seconds()
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _text(value: Any) -> str:
    if value is None or value == "" or value != value:
        return ABSENT
    return value if isinstance(value, str) else str(value)
