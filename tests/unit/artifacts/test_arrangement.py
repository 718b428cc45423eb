"""A table in another arrangement: a slice, filtered and sorted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from qtui.artifacts.content import RowCount, TableContent
from qtui.artifacts.tables.arrangement import TableArrangement
from qtui.artifacts.tables.array_table import ArrayTable, MemoryArray
from qtui.artifacts.tables.frame_table import FrameTable

SHAPE = (2, 3)


def arranged(arrangement: TableArrangement, table: TableContent) -> tuple[TableContent, str]:
    """Return the result of all steps."""
    steps = arrangement.apply(table)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def test_a_table_is_filtered_and_sorted() -> None:
    table = FrameTable(pd.DataFrame({"name": ["a", "b", "c"], "value": [1.0, 3.0, 2.0]}))
    arrangement = TableArrangement(filter="value > 1").sorted_by(1, descending=True)
    shown, problem = arranged(arrangement, table)
    assert problem == "" and shown.row_count() == RowCount(2)
    assert [row[0] for row in shown.cells(0, 2, [0])] == ["b", "c"]


def test_sorting_once_more_by_the_same_column_restores_the_order_of_the_file() -> None:
    ascending = TableArrangement().sorted_by(1, descending=False)
    assert ascending.sort == (1, False) and ascending.sorted_by(1, descending=True).sort == (1, True)
    assert ascending.sorted_by(1, descending=False) == TableArrangement()


def test_slices_follow_one_another_and_stop_at_the_first_and_the_last() -> None:
    first = TableArrangement((0, 0))
    steps = [first.step_slice(step, SHAPE).indices for step in (-1, 1, 3, 5, 9)]
    assert steps == [(0, 0), (0, 1), (1, 0), (1, 2), (1, 2)]


def test_a_slice_of_an_array_is_shown() -> None:
    table = ArrayTable(MemoryArray(np.arange(24).reshape(2, 3, 2, 2)), "array.npy")
    shown, _ = arranged(TableArrangement((1, 2)), table)
    assert list(shown.cells(1, 2, range(len(shown.columns)))[0])[-2:] == ["22", "23"]
