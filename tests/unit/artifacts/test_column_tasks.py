"""Statistics and plots of the columns of a table, without a screen."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pandas as pd

from qtui.artifacts.content import ColumnStatistics
from qtui.artifacts.tables.column_tasks import plot_all, plot_some, read_statistics, sample_statistics
from qtui.artifacts.tables.frame_table import FrameTable
from qtui.tui.present.artifact.statistics_rows import statistics_rows

TABLE = FrameTable(pd.DataFrame({"name": ["a", "b", "b"], "value": [1.0, 3.0, 2.0]}))


def result_of(steps: Generator[Any, None, Any]) -> Any:
    """Return the result of all steps."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def lines_of(statistics: ColumnStatistics | None) -> list[str]:
    rows = statistics_rows(TABLE.columns[1], statistics, ascii_only=True)
    return ["".join(piece.text for piece in row) for row in rows]


def test_the_rows_about_a_column_are_its_name_type_facts_and_histogram() -> None:
    lines = lines_of(result_of(read_statistics(TABLE, 1)))
    assert lines[:2] == ["value", "float64"]
    assert any(line.startswith("mean") and line.endswith("2") for line in lines)
    assert len(lines) > len(lines_of(ColumnStatistics((("mean", "2"),))))


def test_a_column_without_statistics_says_so() -> None:
    assert lines_of(None)[-1].strip() == "No statistics are available."


def test_the_statistics_of_a_file_are_completed_by_a_sample() -> None:
    own = ColumnStatistics((("rows", "3"),))
    sampled = result_of(sample_statistics(TABLE, 1, own))
    assert ("rows", "3") in sampled.facts and len(sampled.facts) > 1


def test_some_columns_and_the_whole_table_are_plotted() -> None:
    some, whole = result_of(plot_some(TABLE, (1,))), result_of(plot_all(TABLE))
    assert some and whole and {plot.title for plot in some} != {plot.title for plot in whole}
