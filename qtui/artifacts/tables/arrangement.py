"""The arrangement of a table that is shown: which slice of an array, which rows, and in which order."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from math import prod

from qtui.artifacts.content import TableContent
from qtui.value_classes import dataclass


@dataclass(frozen=True, slots=True)
class TableArrangement:
    """A slice, a filter and an order."""

    indices: tuple[int, ...] = ()
    """The indices of the slice on the outer axes of an array."""

    filter: str = ""
    sort: tuple[int, bool] | None = None
    """The column that sorts, and whether it is descending."""

    def apply(self, table: TableContent) -> Generator[float | None, None, tuple[TableContent, str]]:
        """Return the slice, filtered and sorted, and why a part of that is not possible; yield between the steps."""
        yield None
        table = table.at(self.indices) if self.indices else table
        problem = ""
        if self.filter:
            filtered = table.filter(self.filter)
            problem = "this table cannot be filtered" if filtered is None else ""
            table = filtered or table
            yield None
        if self.sort is not None:
            sorted_table = table.sort(self.sort[0], descending=self.sort[1])
            problem = "this table cannot be sorted" if sorted_table is None else problem
            table = sorted_table or table
        return table, problem

    def sorted_by(self, column: int, *, descending: bool) -> TableArrangement:
        """Return the arrangement sorted by a column, or in the order of the file if it is sorted so already."""
        sort = (column, descending)
        return replace(self, sort=None if sort == self.sort else sort)

    def step_slice(self, step: int, shape: Sequence[int]) -> TableArrangement:
        """Return the arrangement of the slice this many slices after the present one, at most the first or last."""
        number = 0
        for index, length in zip(self.indices, shape, strict=True):
            number = number * length + index
        number = max(0, min(number + step, prod(shape) - 1))
        indices: list[int] = []
        for length in reversed(shape):
            number, index = divmod(number, length)
            indices.insert(0, index)
        return replace(self, indices=tuple(indices))
