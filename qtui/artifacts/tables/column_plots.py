"""Pictures of the columns of a table: lines, histograms, counts, scatter plots, boxes, heat maps."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from qtui.artifacts.content import DrawingContent
from qtui.artifacts.qlib_files.frames import SHAPE_ERRORS, x_values
from qtui.artifacts.tables.column_sample import ColumnSample, SampledColumn
from qtui.formatting import ABSENT, format_count
from qtui.plot.axes.axis import Axis, Unit
from qtui.plot.charts.bar_chart import Bar, BarChart
from qtui.plot.charts.box_plot import BoxPlot, summarise_box
from qtui.plot.charts.confusion_matrix import ConfusionMatrix, count_confusions
from qtui.plot.charts.heat_map import HeatMap
from qtui.plot.charts.histogram import Histogram
from qtui.plot.charts.plot_drawing import Plot, draw_plot
from qtui.plot.charts.scatter import Scatter, group_by_value
from qtui.plot.curves.chart import Chart
from qtui.plot.picture import Picture
from qtui.plot.pieces import Piece
from qtui.plot.rows import fit_row, fit_rows
from qtui.plot.series import Curve

if TYPE_CHECKING:
    from qtui.plot.array_types import Floats

MAX_CATEGORIES = 30
"""Distinct values up to which a column has classes, boxes or a row of a heat map for each value."""
MAX_CURVES = 8
MAX_BARS = 200
MAX_HEAT_MAP_CELLS = 40 * 60
MAX_CORRELATED_COLUMNS = 30

ACTUAL_NAMES = frozenset({"label", "labels", "actual", "y_true", "true", "truth", "ground_truth", "target", "class"})
"""The names of columns with the right class, in small letters."""
PREDICTED_NAMES = frozenset(
    {"pred", "prediction", "predictions", "predicted", "y_pred", "y_hat", "predicted_label", "predicted_class"}
)
"""The names of columns with the predicted class."""


class ColumnDrawing(DrawingContent):
    """A plot with a line below it about the rows it was drawn from."""

    def __init__(self, plot: Plot, note: str = "") -> None:
        self._plot = plot
        self._note = note

    def draw(self, cells: int, rows: int, *, ascii_only: bool = False) -> Picture:
        if not self._note or rows < 2:
            return draw_plot(self._plot, cells, rows, ascii_only)
        picture = draw_plot(self._plot, cells, rows - 1, ascii_only)
        return Picture(fit_rows((*picture.rows, fit_row(cells, Piece(self._note, "muted"))), cells, rows))


class TablePlot(NamedTuple):
    """A picture and its name."""

    title: str
    content: DrawingContent


def plot_columns(sample: ColumnSample, index: Sequence[SampledColumn] = ()) -> tuple[TablePlot, ...]:
    """Return the pictures of one, two or more columns, the best first; `index` are columns that name the rows."""
    columns = sample.columns
    plots = _plots_of_one(columns[0], sample, index) if len(columns) == 1 else _plots_of_several(columns, sample, index)
    return tuple(TablePlot(title, ColumnDrawing(plot, sample.note)) for title, plot in plots)


def _plots_of_one(
    column: SampledColumn, sample: ColumnSample, index: Sequence[SampledColumn]
) -> Iterator[tuple[str, Plot]]:
    if column.is_number:
        yield "line", _line([column], sample, index)
        yield "histogram", Histogram(column.numbers().tolist(), column.name)
    elif column.is_time:
        yield "rows by time", _line([_count_of_rows(column)], sample, [column], is_count=True)
    if not column.is_number or len(set(column.texts())) <= MAX_CATEGORIES:
        yield "counts", _counts(column)


def _plots_of_several(
    columns: Sequence[SampledColumn], sample: ColumnSample, index: Sequence[SampledColumn]
) -> Iterator[tuple[str, Plot]]:
    numbers = [column for column in columns if column.is_number]
    times = [column for column in columns if column.is_time]
    categories = [column for column in columns if _is_category(column)]
    first, second = columns[:2]
    if first in categories and second in categories and set(first.texts()) & set(second.texts()):
        yield "confusion matrix", _confusion_plot(*_actual_first(first, second))
    if numbers and times:
        yield "line", _line(numbers[:MAX_CURVES], sample, times)
    if len(numbers) >= 2:
        colours = [column for column in columns if column not in numbers[:2]]
        yield "scatter", _scatter(numbers[0], numbers[1], colours[0] if colours else None)
        yield "lines", _line(numbers[:MAX_CURVES], sample, times or index)
    for category in categories:
        measures = [column for column in numbers if column is not category]
        if measures and category is not numbers[0]:
            yield f"box by {category.name}", _boxes(measures[0], category)
    if all(column in categories or not column.is_number for column in (first, second)):
        yield "counts", _cross_table(first, second)


def plot_table(sample: ColumnSample, index_count: int) -> tuple[TablePlot, ...]:
    """Return the pictures of a whole table: confusion matrix, heat map of the values, correlation of the columns."""
    plots = [
        *_matrix_plots(sample, index_count),
        *_class_plots(sample),
        *_value_plots(sample, index_count),
    ]
    return tuple(TablePlot(title, ColumnDrawing(plot, sample.note)) for title, plot in plots)


# Lines and distributions


def _line(
    columns: Sequence[SampledColumn], sample: ColumnSample, along: Sequence[SampledColumn], *, is_count: bool = False
) -> Plot:
    """Return curves along the first column of times or numbers, or along the numbers of the rows.

    Values with the same time are averaged, as those of the instruments of a day.
    """
    x, unit, x_name = _x_axis(sample, along)
    curves: list[Curve] = []
    is_averaged = False
    for number, column in enumerate(columns):
        curve_x, values, is_grouped = _means_by_x(x, column.numbers(), is_count=is_count)
        is_averaged |= is_grouped and not is_count
        curves.append(Curve(column.name, f"run-{number}", curve_x, values))
    title = "rows" if is_count else ", ".join(column.name for column in columns)
    title = f"{'mean ' if is_averaged else ''}{title} by {x_name}"
    return Chart(tuple(curves), x=Axis(unit=unit), title=title, legend=len(curves) > 1)


def _x_axis(sample: ColumnSample, along: Sequence[SampledColumn]) -> tuple[Floats, Unit, str]:
    import numpy

    for column in along:
        if column.is_time:
            try:
                values, unit = x_values(column.times())
            except SHAPE_ERRORS:
                continue
            return values, unit, column.name or "time"
    for column in along:
        values = column.numbers()
        if column.is_number and numpy.isfinite(values).all():
            return values, Unit.NUMBER, column.name or "index"
    return numpy.array(sample.rows, float) + 1, Unit.COUNT, "row"


def _means_by_x(x: Floats, values: Floats, *, is_count: bool) -> tuple[Floats, Floats, bool]:
    """Return the mean of the finite values at each x value, in order, and whether one x value has several."""
    import numpy

    places, inverse, counts = numpy.unique(x, return_inverse=True, return_counts=True)
    if is_count:
        return places, counts.astype(float), True
    if len(places) == len(x):
        order = numpy.argsort(x, kind="stable")
        return x[order], values[order], False
    is_finite = numpy.isfinite(values)
    sums = numpy.bincount(inverse[is_finite], values[is_finite], len(places))
    finite_counts = numpy.bincount(inverse[is_finite], minlength=len(places))
    with numpy.errstate(invalid="ignore", divide="ignore"):
        return places, sums / finite_counts, True


def _count_of_rows(column: SampledColumn) -> SampledColumn:
    return SampledColumn(column.name, "count", True, [1.0] * len(column.values))


def _counts(column: SampledColumn) -> Plot:
    """Return bars of the most frequent values."""
    counts = Counter(column.texts())
    total = max(1, len(column.values))
    top = counts.most_common(MAX_BARS)
    bars = tuple(Bar(text, float(count), note=f"  {count / total:.1%}") for text, count in top)
    more = len(counts) - len(bars)
    footnote = f"{format_count(len(counts), 'distinct value')}" + (f", {more:,} are not drawn" if more else "")
    return BarChart(bars, footnote, title=f"{column.name}: rows by value")


# Two columns


def _is_category(column: SampledColumn) -> bool:
    """Return whether the values are few texts or whole numbers."""
    if len(set(column.texts())) > MAX_CATEGORIES:
        return False
    if not column.is_number:
        return not column.is_time
    return all(value.is_integer() or math.isnan(value) for value in set(column.numbers().tolist()))


def _actual_first(first: SampledColumn, second: SampledColumn) -> tuple[SampledColumn, SampledColumn]:
    """Return the column of actual classes and that of predicted ones, by their names or in their order."""
    is_swapped = second.name.lower() in ACTUAL_NAMES or first.name.lower() in PREDICTED_NAMES
    return (second, first) if is_swapped and first.name.lower() not in ACTUAL_NAMES else (first, second)


def _confusion_plot(actual: SampledColumn, predicted: SampledColumn) -> Plot:
    title = f"{actual.name} (rows) by {predicted.name}"
    return count_confusions(_class_texts(actual), _class_texts(predicted), title)


def _class_texts(column: SampledColumn) -> list[str]:
    """Return the texts of classes; `1` and `1.0` are one class."""
    if not column.is_number:
        return column.texts()
    return [f"{value:.0f}" if math.isfinite(value) else ABSENT for value in column.numbers().tolist()]


def _scatter(x: SampledColumn, y: SampledColumn, colour: SampledColumn | None) -> Plot:
    xs, ys = x.numbers().tolist(), y.numbers().tolist()
    values: Sequence[float | str | None] = ("",) * len(xs)
    title = f"{y.name} (up) by {x.name}"
    if colour is not None:
        values = colour.numbers().tolist() if colour.is_number else colour.texts()
        title += f", coloured by {colour.name}"
    return Scatter(group_by_value(xs, ys, values), title=title)


def _boxes(column: SampledColumn, category: SampledColumn) -> Plot:
    """Return the boxes of a column by the values of another, the highest median first."""
    samples: dict[str, list[float]] = {}
    for name, value in zip(_class_texts(category), column.numbers().tolist(), strict=True):
        samples.setdefault(name, []).append(value)
    boxes = sorted(
        (summarise_box(name, values) for name, values in samples.items()), key=lambda box: (not box.size, -box.median)
    )
    left_out = sum(box.left_out for box in boxes)
    footnote = f"{format_count(left_out, 'value')} left out" if left_out else ""
    return BoxPlot(tuple(boxes), title=f"{column.name} by {category.name}", footnote=footnote)


def _cross_table(first: SampledColumn, second: SampledColumn) -> Plot:
    """Return the counts of the pairs of the most frequent values."""
    texts = first.texts(), second.texts()
    names = [sorted(text for text, _ in Counter(column).most_common(MAX_CATEGORIES)) for column in texts]
    counts = Counter(zip(*texts, strict=True))
    values = [[float(counts[row, column]) or None for column in names[1]] for row in names[0]]
    title = f"rows by {first.name} and {second.name}"
    return HeatMap(names[0], names[1], values, format="{:,.0f}".format, title=title)


# Whole tables


def _matrix_plots(sample: ColumnSample, index_count: int) -> Iterator[tuple[str, Plot]]:
    """Yield the confusion matrix of a square table of counts whose rows have the names of its columns."""
    names_at = max(1, index_count)
    if index_count > 1 or len(sample.columns) != len(sample.rows) + 1:
        return
    names, columns = sample.columns[0].texts(), sample.columns[names_at:]
    if names != [column.name for column in columns] or not all(column.is_number for column in columns):
        return
    values = [column.numbers().tolist() for column in columns]
    if all(value >= 0 and value.is_integer() for column in values for value in column):
        counts = tuple(tuple(int(value) for value in row) for row in zip(*values, strict=True))
        yield "confusion matrix", ConfusionMatrix(tuple(names), counts)


def _class_plots(sample: ColumnSample) -> Iterator[tuple[str, Plot]]:
    """Yield the confusion matrix of columns that are named as actual and predicted classes."""
    actual = next((column for column in sample.columns if column.name.lower() in ACTUAL_NAMES), None)
    predicted = next((column for column in sample.columns if column.name.lower() in PREDICTED_NAMES), None)
    if actual is not None and predicted is not None and _is_category(actual) and _is_category(predicted):
        yield "confusion matrix", _confusion_plot(actual, predicted)


def _value_plots(sample: ColumnSample, index_count: int) -> Iterator[tuple[str, Plot]]:
    """Yield the heat map of the values of a small table, and the correlation of its columns of numbers."""
    import numpy

    numbers = [column for column in sample.columns[index_count:] if column.is_number]
    if not numbers:
        return
    values = numpy.stack([column.numbers() for column in numbers], axis=1)
    if values.size <= MAX_HEAT_MAP_CELLS and len(sample.rows):
        first = sample.columns[0]
        names = [str(row + 1) for row in sample.rows] if first in numbers else first.texts()
        yield "heat map", HeatMap(names, [column.name for column in numbers], values.tolist(), title="values")
    if len(numbers) >= 2 and len(sample.rows) > 2:
        correlated = numbers[:MAX_CORRELATED_COLUMNS]
        names = [column.name for column in correlated]
        title = "correlation of columns"
        if len(numbers) > len(correlated):
            title += f", the first {len(correlated)} of {len(numbers):,}"
        yield "correlation", HeatMap(names, names, correlations(values[:, : len(names)]), title=title)


def correlations(values: Floats) -> list[list[float | None]]:
    """Return Pearson's correlation of all pairs of columns, over the rows in which both are finite."""
    import numpy
    import pandas

    frame = pandas.DataFrame(numpy.where(numpy.isfinite(values), values, numpy.nan))
    with numpy.errstate(all="ignore"):
        rows: list[list[float]] = frame.corr(min_periods=3).to_numpy().tolist()
    return [[value if math.isfinite(value) else None for value in row] for row in rows]
