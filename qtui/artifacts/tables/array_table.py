"""Tables over arrays of any number of axes: the last two are rows and columns, the others are chosen by index."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from qtui.artifacts.content import ColumnStatistics, RowCount, TableColumn
from qtui.artifacts.tables.cell_texts import column_texts
from qtui.artifacts.tables.columnar_table import ColumnarTable
from qtui.artifacts.tables.frame_statistics import RunningStatistics, is_number_dtype, series_statistics
from qtui.artifacts.tables.frame_table import FrameTable, plain_values
from qtui.artifacts.tables.table_limits import MAX_COLUMNS, check_loadable
from qtui.errors import BadValue

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import Series

MAX_QUICK_BYTES = 1 << 25
"""Values of a column whose statistics are computed at once."""
CHUNK_ROWS = 1 << 18
"""Rows that are read between two reports of the progress."""


class ArrayData(Protocol):
    """An array of which parts can be read."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of every axis."""

    @property
    def dtype(self) -> Any:
        """The numpy dtype of its elements."""

    def part(self, outer: tuple[int, ...], start: int, stop: int, columns: Sequence[int]) -> NDArray[Any]:
        """Return a part of the array as (row, column); an array of one axis has one column, of none one element."""


class MemoryArray:
    """An array in memory."""

    def __init__(self, array: NDArray[Any]) -> None:
        self._array = array

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of every axis."""
        return self._array.shape

    @property
    def dtype(self) -> Any:
        """The numpy dtype of its elements."""
        return self._array.dtype

    def part(self, outer: tuple[int, ...], start: int, stop: int, columns: Sequence[int]) -> NDArray[Any]:
        """Return a part of the array."""
        inner = self._array[outer] if outer else self._array
        if inner.ndim < 2:
            inner = inner.reshape(-1, 1)
        part: NDArray[Any] = inner[start:stop, list(columns)]
        return part


class ArrayTable(ColumnarTable):
    """A slice of an array as a table; the fields of a structured array of one axis are its columns."""

    def __init__(
        self, data: ArrayData, path: str, notes: Sequence[str] = (), outer: Sequence[int] | None = None
    ) -> None:
        self._data = data
        self._path = path
        self.outer_shape = data.shape[:-2]
        self._outer = tuple(outer) if outer is not None else (0,) * len(self.outer_shape)
        self._fields: tuple[str, ...] = (data.dtype.names or ()) if len(data.shape) <= 1 else ()
        self._rows, width = _rows_and_columns(data.shape)
        self.columns = self._describe_columns(min(width, MAX_COLUMNS))
        self._own_notes = tuple(notes)
        shape = " x ".join(f"{length:,}" for length in data.shape) or "a single value"
        self.notes = [*notes, f"Array of {shape}, {data.dtype}."]
        if width > MAX_COLUMNS:
            self.notes.append(f"{MAX_COLUMNS:,} of {width:,} columns are shown.")

    def _describe_columns(self, width: int) -> Sequence[TableColumn]:
        dtype = self._data.dtype
        if self._fields:
            return [TableColumn(name, str(dtype[name]), is_number_dtype(dtype[name])) for name in self._fields]
        names = map(str, range(width)) if len(self._data.shape) >= 2 else ("value",)
        return [TableColumn(name, str(dtype), is_number_dtype(dtype)) for name in names]

    def at(self, indices: Sequence[int]) -> ArrayTable:
        shape = self.outer_shape
        if len(indices) != len(shape) or any(
            not 0 <= index < length for index, length in zip(indices, shape, strict=True)
        ):
            limits = ", ".join(f"0 to {length - 1:,}" for length in shape)
            raise BadValue(f"A slice has {len(shape)} indices: {limits}." if shape else "The array has no outer axes.")
        return ArrayTable(self._data, self._path, self._own_notes, indices)

    def row_count(self) -> RowCount:
        return RowCount(0 if 0 in self.outer_shape else self._rows)

    def statistics(self, column: int) -> ColumnStatistics | None:
        if self.row_count().count * self._data.dtype.itemsize > MAX_QUICK_BYTES:
            return None
        return series_statistics(self._series(0, self.row_count().count, column))

    def scan_statistics(self, column: int) -> Iterator[float | ColumnStatistics]:
        if (quick := self.statistics(column)) is not None:
            yield quick
            return
        running, count = RunningStatistics(), self.row_count().count
        for start in range(0, count, CHUNK_ROWS):
            running.add(self._series(start, start + CHUNK_ROWS, column))
            yield min(1.0, (start + CHUNK_ROWS) / count)
        yield running.result()

    def numbers(self, column: int, start: int = 0, stop: int | None = None) -> Sequence[float]:
        if not self.columns[column].is_number:
            return super().numbers(column, start, stop)
        stop = self.row_count().count if stop is None else stop
        check_loadable((stop - start) * self._data.dtype.itemsize, self._path, "plotted whole")
        numbers: list[float] = self._series(start, stop, column).astype("float64").tolist()
        return numbers

    def sort(self, column: int, *, descending: bool) -> FrameTable:
        return self._frame_table("sorted").sort(column, descending=descending)

    def filter(self, text: str) -> FrameTable:
        return self._frame_table("filtered").filter(text)

    def _frame_table(self, action: str) -> FrameTable:
        import pandas as pd

        count = self.row_count().count
        check_loadable(count * len(self.columns) * self._data.dtype.itemsize, self._path, action)
        columns = {number: self._series(0, count, number) for number in range(len(self.columns))}
        frame = pd.DataFrame(columns, index=range(count), copy=False)
        return FrameTable(frame.set_axis([column.name for column in self.columns], axis="columns"), self.notes)

    def _series(self, start: int, stop: int, column: int) -> Series[Any]:
        import pandas as pd

        (values,) = self._parts(start, stop, (column,))
        if values.ndim > 1 or values.dtype.kind in "SV":
            return pd.Series(column_texts(list(values)), dtype=object)
        if not values.dtype.isnative:
            values = values.astype(values.dtype.newbyteorder("="))
        try:
            return pd.Series(values, copy=False)
        except (ValueError, TypeError, OverflowError):
            return pd.Series(values.tolist(), dtype=object)

    def window(self, start: int, stop: int, columns: Sequence[int]) -> list[list[Any]]:
        return [
            list(values) if values.ndim > 1 or values.dtype.kind in "VmM" else plain_values(values)
            for values in self._parts(start, min(stop, self.row_count().count), columns)
        ]

    def _parts(self, start: int, stop: int, columns: Sequence[int]) -> list[NDArray[Any]]:
        """Return a window column by column."""
        if self._fields:
            values = self._data.part(self._outer, start, stop, (0,))[:, 0]
            return [values[self._fields[column]] for column in columns]
        part = self._data.part(self._outer, start, stop, columns)
        return [part[:, place] for place in range(len(columns))]


def _rows_and_columns(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return the number of rows and columns of a slice."""
    if len(shape) < 2:
        return math.prod(shape), 1
    return shape[-2], shape[-1]
