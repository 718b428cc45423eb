"""Pictures of the columns of a table."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy
import pandas
import pytest

from qtui.artifacts.content import RowCount, TableContent
from qtui.artifacts.tables.column_plots import TablePlot, correlations, plot_columns, plot_table
from qtui.artifacts.tables.column_sample import ColumnSample, sample_columns
from qtui.artifacts.tables.frame_table import FrameTable
from tests.unit.artifacts.sources import open_view


def sample_of(table: TableContent, columns: Sequence[int] | None = None) -> ColumnSample:
    """Return the sample of columns, by default of all."""
    return result_of(sample_columns(table, range(len(table.columns)) if columns is None else columns))


def result_of(steps: Generator[float, None, ColumnSample]) -> ColumnSample:
    """Run the steps to their end."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: ColumnSample = end.value
            return result


def lines_of(plot: TablePlot, cells: int = 80, rows: int = 20) -> list[str]:
    """Return the lines of a picture."""
    return plot.content.draw(cells, rows).lines()


def plots_of(frame: pandas.DataFrame, *columns: int) -> dict[str, TablePlot]:
    """Return the pictures of columns of a frame by their titles."""
    return {plot.title: plot for plot in plot_columns(sample_of(FrameTable(frame), columns))}


ANY_FRAME = pandas.DataFrame(
    {
        "ic": [0.1, numpy.nan, 0.3, numpy.inf, -0.2],
        "seed": [1, 2, 1, 2, 1],
        "model": ["lgb", "gru", None, "lgb", "gru"],
        "day": pandas.to_datetime(["2020-01-01", "2020-01-02", None, "2020-01-02", "2020-01-03"]),
    }
)


def test_a_sample_of_a_small_table_has_all_rows() -> None:
    sample = sample_of(FrameTable(ANY_FRAME), (0,))
    assert (sample.rows, sample.note) == ([0, 1, 2, 3, 4], "")


def test_a_large_table_is_sampled_over_its_whole_length_and_says_so() -> None:
    table = FrameTable(pandas.DataFrame({"x": numpy.arange(250_000)}))
    sample = sample_of(table, (0,))
    assert sample.note == "sample of 100,000 of 250,000 rows"
    assert (sample.rows[0], sample.rows[-1]) == (0, 249_999)
    assert sample.columns[0].values == sample.rows


def test_a_sample_reports_its_progress() -> None:
    progress = list(sample_columns(FrameTable(pandas.DataFrame({"x": numpy.arange(250_000)})), (0,)))
    assert progress == sorted(progress) and progress[-1] == 1.0


def test_the_numbers_of_a_csv_file_are_read_from_its_texts() -> None:
    table = open_view(b"a,b\n1,x\n,y\n2.5,x\n", "table", "t.csv")
    assert isinstance(table, TableContent)
    column = sample_of(table, (0,)).columns[0]
    assert column.numbers().tolist()[::2] == [1.0, 2.5] and numpy.isnan(column.numbers()[1])


def test_a_column_of_numbers_has_a_line_and_a_histogram() -> None:
    plots = plots_of(ANY_FRAME, 0)
    assert list(plots) == ["line", "histogram", "counts"]
    assert lines_of(plots["line"])[0].startswith("ic by row")


def test_a_line_runs_along_the_dates_of_the_index_and_averages_rows_of_one_date() -> None:
    days = pandas.to_datetime(["2020-01-01", "2020-01-01", "2020-01-02"])
    index = pandas.MultiIndex.from_arrays([days, ["a", "b", "a"]], names=["datetime", "instrument"])
    table = FrameTable(pandas.DataFrame({"score": [1.0, 3.0, 5.0]}, index=index))
    sample = sample_of(table)
    plots = plot_columns(ColumnSample(sample.columns[2:], sample.rows, sample.total), sample.columns[:2])
    assert lines_of(plots[0])[0].startswith("mean score by datetime")


def test_a_column_of_texts_has_bars_of_counts() -> None:
    lines = lines_of(plots_of(ANY_FRAME, 2)["counts"])
    assert lines[1].split()[0] == "lgb" and "40.0%" in lines[1]
    assert "3 distinct values" in "".join(lines)


def test_a_column_of_times_has_the_rows_by_time() -> None:
    frame = ANY_FRAME.dropna(subset=["day"]).reset_index(drop=True)
    assert lines_of(plots_of(frame, 3)["rows by time"])[0].startswith("rows by day")


def test_two_columns_of_numbers_are_a_scatter_plot_and_a_third_colours_it() -> None:
    assert lines_of(plots_of(ANY_FRAME, 0, 1)["scatter"])[0].startswith("seed (up) by ic")
    lines = lines_of(plots_of(ANY_FRAME, 0, 1, 2)["scatter"])
    assert "coloured by model" in lines[0]
    assert lines[1].split() == ["•", "lgb", "•", "gru", "•", "–"]


def test_numbers_by_a_category_are_boxes() -> None:
    lines = lines_of(plots_of(ANY_FRAME, 2, 0)["box by model"])
    assert {line.split()[0] for line in lines[1:6] if line.strip()} >= {"lgb", "gru"}
    assert "2 values left out" in "".join(lines)


def test_two_columns_with_the_same_classes_are_a_confusion_matrix_with_actual_rows() -> None:
    frame = pandas.DataFrame({"pred": ["cat", "dog", "dog"], "label": ["cat", "cat", "dog"]})
    lines = lines_of(plots_of(frame, 0, 1)["confusion matrix"])
    assert lines[0].startswith("accuracy 66.7% of 3 rows · label (rows) by pred")


def test_texts_without_common_values_are_a_table_of_counts() -> None:
    frame = pandas.DataFrame({"a": ["x", "y", "x"], "b": ["u", "u", "v"]})
    assert lines_of(plots_of(frame, 0, 1)["counts"])[0].startswith("rows by a and b")


def test_a_square_table_with_equal_labels_is_a_confusion_matrix() -> None:
    table = open_view(b",cat,dog\ncat,8,2\ndog,1,9\n", "table", "confusion.csv")
    assert isinstance(table, TableContent)
    plots = plot_table(sample_of(table), table.index_columns)
    assert plots[0].title == "confusion matrix"
    assert lines_of(plots[0])[0].startswith("accuracy 85.0% of 20 rows")


def test_columns_named_label_and_pred_are_a_confusion_matrix() -> None:
    frame = pandas.DataFrame({"id": [7, 8, 9], "y_true": [0, 1, 1], "y_pred": [0, 1, 0]})
    plots = plot_table(sample_of(FrameTable(frame)), 0)
    assert "accuracy 66.7%" in lines_of(plots[0])[0]


def test_continuous_labels_are_no_classes() -> None:
    frame = pandas.DataFrame({"label": numpy.linspace(0, 1, 50), "pred": numpy.linspace(1, 2, 50)})
    plots = plot_table(sample_of(FrameTable(frame)), 0)
    assert [plot.title for plot in plots] == ["heat map", "correlation"]


def test_correlations_are_those_of_pandas_over_finite_rows() -> None:
    values = numpy.random.default_rng(0).normal(size=(50, 3))
    values[3, 0], values[4, 1] = numpy.nan, numpy.inf
    expected = pandas.DataFrame(values).replace(numpy.inf, numpy.nan).corr().to_numpy()
    assert correlations(values) == [pytest.approx(row) for row in expected]
    assert correlations(numpy.ones((5, 2))) == [[None, None], [None, None]]


@pytest.mark.parametrize("columns", [(0,), (1,), (2,), (3,), (0, 1), (0, 2), (2, 3), (3, 0), (0, 1, 2), (0, 1, 2, 3)])
@pytest.mark.parametrize("rows", [0, 1, 5])
@pytest.mark.parametrize("size", [(0, 0), (3, 2), (20, 4), (80, 24)])
def test_any_columns_are_drawn_in_any_size(columns: tuple[int, ...], rows: int, size: tuple[int, int]) -> None:
    frame = ANY_FRAME.head(rows)
    plots = plot_columns(sample_of(FrameTable(frame), columns))
    plots += plot_table(sample_of(FrameTable(frame)), 0)
    for plot in plots:
        for ascii_only in (False, True):
            picture = plot.content.draw(*size, ascii_only=ascii_only)
            assert len(picture.rows) == size[1]


class GrowingTable(TableContent):
    """A table whose rows are counted only by a scan."""

    def __init__(self) -> None:
        self.is_scanned = False
        self.columns = FrameTable(pandas.DataFrame({"x": [1]})).columns

    def row_count(self) -> RowCount:
        """Return the rows, after a scan all."""
        return RowCount(3 if self.is_scanned else 1, self.is_scanned)

    def scan(self) -> Generator[float]:
        """Count the rows."""
        self.is_scanned = True
        yield 1.0

    def cells(self, start: int, stop: int, columns: Sequence[int]) -> Sequence[Sequence[str]]:
        """Return numbers of rows."""
        return [[str(row)] for row in range(start, min(stop, self.row_count().count))]


def test_a_table_that_is_not_counted_is_scanned_first() -> None:
    assert sample_of(GrowingTable(), (0,)).columns[0].numbers().tolist() == [0.0, 1.0, 2.0]
