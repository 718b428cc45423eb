"""A table of one day at a time, the last day first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qtui.artifacts.tables.frame_table import FrameTable
from qtui.errors import ArtifactUnreadable, BadValue

if TYPE_CHECKING:
    from pandas import DataFrame

DAY = "day"
"""The column by which the rows are chosen."""


class DayTable(FrameTable):
    """The rows of a day; the slices of the table are the days, the last one first."""

    def __init__(self, frame: DataFrame, slice_number: int = 0) -> None:
        """`frame` has a column of days."""
        days = frame[DAY].drop_duplicates().sort_values(ascending=False).tolist()
        if not days:
            raise ArtifactUnreadable("The file has no days.")
        rows = frame[frame[DAY] == days[slice_number]]
        super().__init__(rows.reset_index(drop=True))
        self._all = frame
        self.outer_shape = (len(days),)

    def at(self, indices: Sequence[int]) -> DayTable:
        """Return the table of another day, counted from the last one."""
        if len(indices) != 1 or not 0 <= indices[0] < self.outer_shape[0]:
            raise BadValue(f"The table has {self.outer_shape[0]:,} days.")
        return DayTable(self._all, indices[0])
