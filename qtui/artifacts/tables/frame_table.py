"""Tables over pandas frames, sorted and filtered by row numbers, so that the frame is never copied."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import TYPE_CHECKING, Any

from qtui.artifacts.content import ColumnStatistics, RowCount, TableColumn
from qtui.artifacts.tables.cell_texts import column_texts
from qtui.artifacts.tables.columnar_table import ColumnarTable
from qtui.artifacts.tables.frame_filter import (
    comparison_mask,
    could_be_number,
    has_order,
    parse_comparison,
    text_mask,
    texts_of,
)
from qtui.artifacts.tables.frame_statistics import is_number_dtype, series_statistics
from qtui.errors import BadValue

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import DataFrame, Series

LEVEL_SEPARATOR = "/"
"""Between the parts of a column's name that has several levels."""
MAX_SEARCHED_NUMBERS = 5_000_000
"""Numbers that a search for a text looks through; a larger table is searched in its other columns."""


class FrameTable(ColumnarTable):
    """A frame with its index as the first columns; the numbers of a plain RangeIndex are left out."""

    def __init__(self, frame: DataFrame, notes: Sequence[str] = ()) -> None:
        import pandas as pd

        index = frame.index
        is_plain = isinstance(index, pd.RangeIndex) and index.name is None and index.start == 0 and index.step == 1
        self.index_columns = 0 if is_plain else index.nlevels
        self._frame = frame
        self.notes = tuple(notes)
        self._rows: NDArray[Any] | None = None
        """The numbers of the rows in their order; None for all rows of the frame."""
        self.columns = tuple(self._describe_columns())

    def _describe_columns(self) -> Sequence[TableColumn]:
        import pandas as pd

        index = self._frame.index
        names = [str(name) if name is not None else "" for name in index.names][: self.index_columns]
        levels = index.levels if isinstance(index, pd.MultiIndex) else (index,)
        dtypes = [*(level.dtype for level in levels[: self.index_columns]), *self._frame.dtypes]
        titles = [*names, *map(_title, self._frame.columns)]
        return [
            TableColumn(name, str(dtype), is_number_dtype(dtype)) for name, dtype in zip(titles, dtypes, strict=True)
        ]

    def row_count(self) -> RowCount:
        return RowCount(len(self._frame) if self._rows is None else len(self._rows))

    def statistics(self, column: int) -> ColumnStatistics:
        return series_statistics(self._values(column))

    def numbers(self, column: int, start: int = 0, stop: int | None = None) -> Sequence[float]:
        values = self._values(column).iloc[start:stop]
        if not is_number_dtype(values.dtype):
            return super().numbers(column, start, stop)
        numbers: list[float] = values.to_numpy(dtype="float64", na_value=float("nan")).tolist()
        return numbers

    def sort(self, column: int, *, descending: bool) -> FrameTable:
        """Return the table sorted by a column, missing values last; rows with the same value keep their order."""
        values = self._values(column)
        if values.dtype == object and not has_order(values):
            values = texts_of(values)
        try:
            order = values.reset_index(drop=True).sort_values(ascending=not descending, kind="stable").index.to_numpy()
        except (TypeError, ArithmeticError):
            raise BadValue(f"{self.columns[column].name} cannot be sorted: its values have no order.") from None
        return self._with_rows(order)

    def filter(self, text: str) -> FrameTable:
        import numpy as np

        comparison = parse_comparison(text, [column.name for column in self.columns])
        if comparison is not None:
            name = self.columns[comparison.column].name
            return self._with_rows(np.flatnonzero(comparison_mask(self._values(comparison.column), comparison, name)))
        count = self.row_count().count
        searched, notes = self._searched_columns(text.strip(), count)
        mask = np.zeros(count, dtype=bool)
        for column in searched:
            mask |= text_mask(self._values(column), text.strip())
        return self._with_rows(np.flatnonzero(mask), notes)

    def _searched_columns(self, text: str, count: int) -> tuple[Sequence[int], tuple[str, ...]]:
        """Return the columns to search for a text: those of numbers only if the text could be in one."""
        numbers = [number for number, column in enumerate(self.columns) if column.is_number]
        others = [number for number, column in enumerate(self.columns) if not column.is_number]
        if not could_be_number(text):
            return others, ()
        if count * len(numbers) > MAX_SEARCHED_NUMBERS:
            return others, (f"Numbers were not searched for {text}: the table has too many; compare a column with it.",)
        return [*others, *numbers], ()

    def _with_rows(self, order: NDArray[Any], notes: tuple[str, ...] = ()) -> FrameTable:
        table = copy(self)
        table._rows = order if self._rows is None else self._rows[order]
        table.notes = (*self.notes, *notes)
        return table

    def row_number(self, row: int) -> int:
        """Return the number of a row in the frame."""
        return row if self._rows is None else int(self._rows[row])

    def _values(self, column: int) -> Series[Any]:
        """Return the values of a column in the order of the rows."""
        import pandas as pd

        if column < self.index_columns:
            level = self._frame.index.get_level_values(column)
            # Without the dtype pandas would infer it again, which fails for texts that are not UTF-8.
            values = pd.Series(level.array, dtype=level.dtype)
        else:
            values = self._frame.iloc[:, column - self.index_columns]
        return values if self._rows is None else values.iloc[self._rows]

    def window(self, start: int, stop: int, columns: Sequence[int]) -> list[list[Any]]:
        import numpy as np

        stop = min(stop, self.row_count().count)
        rows = np.arange(start, max(start, stop)) if self._rows is None else self._rows[start:stop]
        index = self._frame.index[rows]
        parts = []
        for column in columns:
            is_level = column < self.index_columns
            part = index.get_level_values(column) if is_level else self._frame.iloc[rows, column - self.index_columns]
            parts.append(plain_values(part))
        return parts


def plain_values(values: Any) -> list[Any]:
    """Return the values of a series or index as objects of Python; a short float keeps its shortest form."""
    import numpy as np

    dtype = values.dtype
    if isinstance(dtype, np.dtype) and dtype.kind == "f" and dtype.itemsize < 8:
        return [float(str(value)) for value in np.asarray(values)]
    plain: list[Any] = values.tolist()
    return plain


def _title(name: Any) -> str:
    """Return the text of a column's name."""
    if isinstance(name, tuple):
        return LEVEL_SEPARATOR.join(str(part) for part in name if part != "")
    return name if isinstance(name, str) else column_texts([name])[0]
