"""Tables over files of Arrow data: the visible blocks of the visible columns are read and kept while there is room."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from qtui.artifacts.content import ColumnStatistics, RowCount, TableColumn
from qtui.artifacts.tables.columnar_table import ColumnarTable
from qtui.artifacts.tables.frame_statistics import RunningStatistics, series_statistics
from qtui.artifacts.tables.frame_table import FrameTable
from qtui.artifacts.tables.table_limits import check_loadable
from qtui.errors import ArtifactUnreadable
from qtui.formatting import format_size

if TYPE_CHECKING:
    from pandas import DataFrame

MAX_CACHED_BYTES = 1 << 24
MAX_WINDOW_BYTES = 1 << 25
"""Values of a column in a window; those of a larger one are not shown."""
MAX_QUICK_BYTES = 1 << 25
"""Values of a column whose statistics are computed at once."""
MAX_PLOTTED_ROWS = 5_000_000
CELL_BYTES = 8
"""The least memory of a cell that is loaded."""


class ArrowData(ABC):
    """A file of Arrow data in groups of rows, of which blocks can be read; all methods raise ArtifactUnreadable."""

    path: str
    schema: Any
    """The pyarrow schema."""
    group_starts: Sequence[int]
    """The first row of every group, and the number of rows."""
    block_rows: int
    """The rows of a block; the last block of a group is shorter."""

    @abstractmethod
    def read_block(self, group: int, block: int, fields: Sequence[int]) -> list[Any]:
        """Return the arrays of some fields in a block."""

    @abstractmethod
    def read_column(self, field: int) -> Iterator[Any]:
        """Yield a field of the whole file in parts."""

    @abstractmethod
    def read_frame(self) -> DataFrame:
        """Return the whole file as a frame, with its index."""

    @abstractmethod
    def field_bytes(self, field: int) -> int:
        """Return the size of a field of the whole file in memory, as far as it is known."""

    def own_statistics(self, field: int) -> Sequence[tuple[str, str]]:
        """Return the statistics that the file has itself."""
        return ()


class ArrowTable(ColumnarTable):
    """The rows of a Parquet or Arrow file, with the index of a frame as the first columns."""

    def __init__(self, data: ArrowData) -> None:
        self._data = data
        index = index_fields(data.schema)
        self._fields = [*index, *(field for field in range(len(data.schema)) if field not in index)]
        self.index_columns = len(index)
        self.columns = [_describe(data.schema.field(field)) for field in self._fields]
        self._cache: OrderedDict[tuple[int, int, int], Any] = OrderedDict()
        self._cached_bytes = 0

    def row_count(self) -> RowCount:
        return RowCount(self._data.group_starts[-1])

    def statistics(self, column: int) -> ColumnStatistics | None:
        """Return the statistics of a column: all of them if it is small, else those that the file has."""
        field = self._fields[column]
        if self._size(field) <= MAX_QUICK_BYTES:
            return series_statistics(self._whole(field))
        facts = tuple(self._data.own_statistics(field))
        return ColumnStatistics(facts, is_metadata=True) if facts else None

    def scan_statistics(self, column: int) -> Iterator[float | ColumnStatistics]:
        field, total, done = self._fields[column], self._data.group_starts[-1], 0
        if self._size(field) <= MAX_QUICK_BYTES:
            yield series_statistics(self._whole(field))
            return
        running = RunningStatistics()
        for part in self._data.read_column(field):
            running.add(to_series(part))
            done += len(part)
            yield min(1.0, done / max(1, total))
        yield running.result()

    def numbers(self, column: int, start: int = 0, stop: int | None = None) -> Sequence[float]:
        if not self.columns[column].is_number:
            return super().numbers(column, start, stop)
        stop = self.row_count().count if stop is None else min(stop, self.row_count().count)
        if stop - start > MAX_PLOTTED_ROWS:
            raise ArtifactUnreadable(f"{stop - start:,} rows are too many for a plot; up to {MAX_PLOTTED_ROWS:,} work.")
        return [float("nan") if value is None else float(value) for value in self.window(start, stop, (column,))[0]]

    def sort(self, column: int, *, descending: bool) -> FrameTable:
        return self._frame_table("sorted").sort(column, descending=descending)

    def filter(self, text: str) -> FrameTable:
        return self._frame_table("filtered").filter(text)

    def _frame_table(self, action: str) -> FrameTable:
        check_loadable(sum(map(self._size, self._fields)), self._data.path, action)
        return FrameTable(self._data.read_frame())

    def _size(self, field: int) -> int:
        return max(self._data.field_bytes(field), CELL_BYTES * self._data.group_starts[-1])

    def _whole(self, field: int) -> Any:
        import pandas as pd

        parts = [to_series(part) for part in self._data.read_column(field)]
        return pd.concat(parts, ignore_index=True) if parts else pd.Series([], dtype=object)

    def window(self, start: int, stop: int, columns: Sequence[int]) -> list[list[Any]]:
        stop = min(stop, self.row_count().count)
        values: list[list[Any]] = [[] for _ in columns]
        while start < stop:
            group = bisect_right(self._data.group_starts, start) - 1
            offset = start - self._data.group_starts[group]
            block, inside = divmod(offset, self._data.block_rows)
            arrays = self._block(group, block, [self._fields[column] for column in columns])
            block_end = min(
                start - inside + self._data.block_rows,
                self._data.group_starts[group + 1],
            )
            count = min(stop, block_end) - start
            for place, array in enumerate(arrays):
                values[place] += plain_arrow_values(array.slice(inside, count))
            start += count
        return values

    def _block(self, group: int, block: int, fields: Sequence[int]) -> list[Any]:
        """Return the arrays of some fields in a block; those that are not kept are read together."""
        missing = [field for field in dict.fromkeys(fields) if (group, block, field) not in self._cache]
        if missing:
            for field, array in zip(missing, self._data.read_block(group, block, missing), strict=True):
                self._cache[group, block, field] = array
                self._cached_bytes += array.nbytes
        arrays = []
        for field in fields:
            self._cache.move_to_end((group, block, field))
            arrays.append(self._cache[group, block, field])
        while self._cached_bytes > MAX_CACHED_BYTES and len(self._cache) > len(fields):
            _, array = self._cache.popitem(last=False)
            self._cached_bytes -= array.nbytes
        return arrays


def index_fields(schema: Any) -> list[int]:
    """Return the fields that were the index of a frame, as pandas writes it into the metadata."""
    try:
        columns = (schema.pandas_metadata or {}).get("index_columns", [])
    except (ValueError, AttributeError, RecursionError):
        return []
    names = [name for name in columns if isinstance(name, str)] if isinstance(columns, list) else []
    return [field for name in names if (field := schema.get_field_index(name)) >= 0]


def plain_arrow_values(array: Any) -> list[Any]:
    """Return the values of an array as objects of Python; too large or invalid ones as texts that say so."""
    import pyarrow as pa

    if array.nbytes > MAX_WINDOW_BYTES and not pa.types.is_dictionary(array.type):
        return [f"<{array.type}, {format_size(array.slice(place, 1).nbytes)}>" for place in range(len(array))]
    if pa.types.is_timestamp(array.type) and array.type.unit == "ns":
        array = _in_microseconds(array)
    try:
        values: list[Any] = array.to_pylist()
    except (ValueError, OverflowError, TypeError, ArithmeticError, pa.ArrowException):
        return [_one_value(array, place) for place in range(len(array))]
    return values


def _in_microseconds(array: Any) -> Any:
    """Return times in microseconds, which Python has itself, if none is finer."""
    import pyarrow as pa

    try:
        return array.cast(pa.timestamp("us", array.type.tz))
    except pa.ArrowInvalid:
        return array


def _one_value(array: Any, place: int) -> Any:
    import pyarrow as pa

    try:
        return array[place].as_py()
    except (ValueError, OverflowError, TypeError, ArithmeticError, pa.ArrowException):
        return f"<invalid {array.type}>"


def to_series(part: Any) -> Any:
    """Return an array as a series; values that pandas cannot hold become texts."""
    import pyarrow as pa

    if pa.types.is_dictionary(part.type):
        part = part.cast(part.type.value_type)
    try:
        return part.to_pandas()
    except (ValueError, OverflowError, TypeError, pa.ArrowException):
        import pandas as pd

        return pd.Series(plain_arrow_values(part), dtype=object)


def _describe(field: Any) -> TableColumn:
    import pyarrow as pa

    types, kind = pa.types, field.type
    is_number = types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)
    name = "" if field.name.startswith("__index_level_") else field.name
    return TableColumn(name, str(kind.value_type if types.is_dictionary(kind) else kind)[:60], is_number)
