"""Long computations about columns of a table, as generators: they yield the part that is done, or None."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TypeAlias, TypeVar

from qtui.artifacts.content import ColumnStatistics, TableContent
from qtui.artifacts.tables.column_plots import TablePlot, plot_columns, plot_table
from qtui.artifacts.tables.column_sample import sample_columns
from qtui.artifacts.tables.frame_statistics import add_sample

Result = TypeVar("Result")
Steps: TypeAlias = Generator[float | None, None, Result]

MAX_TABLE_PLOT_COLUMNS = 200
"""The columns that are read for a picture of the whole table."""


def read_statistics(content: TableContent, column: int) -> Steps[ColumnStatistics | None]:
    """Return the statistics of a column: those that are cheap, or else of all its values; None if there are none."""
    statistics = content.statistics(column)
    if statistics is None:
        for step in content.scan_statistics(column):
            if isinstance(step, ColumnStatistics):
                statistics = step
                break
            yield step
    yield None
    return statistics


def sample_statistics(content: TableContent, column: int, statistics: ColumnStatistics) -> Steps[ColumnStatistics]:
    """Return the statistics of the file with those of a sample."""
    sample = yield from sample_columns(content, (column,))
    yield None
    return add_sample(statistics, sample)


def plot_some(content: TableContent, columns: Sequence[int]) -> Steps[tuple[TablePlot, ...]]:
    """Return the plots of some columns, along those that name the rows."""
    along = [column for column in range(content.index_columns) if column not in columns]
    sample = yield from sample_columns(content, (*columns, *along))
    yield None
    return plot_columns(sample.first(len(columns)), sample.columns[len(columns) :])


def plot_all(content: TableContent) -> Steps[tuple[TablePlot, ...]]:
    """Return the plots of the whole table, or of its first columns."""
    sample = yield from sample_columns(content, range(min(len(content.columns), MAX_TABLE_PLOT_COLUMNS)))
    yield None
    return plot_table(sample, content.index_columns)
