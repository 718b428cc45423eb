"""Tables whose windows are read column by column."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from qtui.artifacts.content import TableContent
from qtui.artifacts.tables.cell_texts import column_texts, whole_text


class ColumnarTable(TableContent):
    """A table that returns the values of a window; their texts are derived from them."""

    @abstractmethod
    def window(self, start: int, stop: int, columns: Sequence[int]) -> list[list[Any]]:
        """Return the values of some rows, column by column."""

    def cells(self, start: int, stop: int, columns: Sequence[int]) -> Sequence[Sequence[str]]:
        return list(zip(*map(column_texts, self.window(start, stop, columns)), strict=True))

    def raw_values(self, start: int, stop: int, columns: Sequence[int]) -> Sequence[Sequence[Any]]:
        return list(zip(*self.window(start, stop, columns), strict=True))

    def value(self, row: int, column: int) -> str:
        return whole_text(self.window(row, row + 1, (column,))[0][0])
