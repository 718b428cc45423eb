"""Divide a picture into plot area, axes and labels."""

from __future__ import annotations

from qtui.plot.axes.axis import Ruler, horizontal_ruler, vertical_ruler
from qtui.plot.axes.limits import AxisLimits
from qtui.plot.axes.plot_area import PlotArea
from qtui.plot.curves.chart import Chart
from qtui.value_classes import dataclass

MIN_ROWS_FOR_X_AXIS = 4
"""The minimum number of rows for an x-axis."""
MIN_CELLS_FOR_Y_AXES = 10
"""The minimum width of the plot area, in cells, for labels of y-axes."""
X_AXIS_ROWS = 2


@dataclass(frozen=True, slots=True)
class ChartLayout:
    """The plot area and the axes around it, as far as they have room."""

    area: PlotArea
    x_ruler: Ruler | None
    left_ruler: Ruler | None
    right_ruler: Ruler | None
    has_note_row: bool
    """Whether a row above the plot area holds the notes of the y-axes."""


def layout_chart(
    chart: Chart, window: AxisLimits, left: AxisLimits | None, right: AxisLimits | None, width: int, height: int
) -> ChartLayout:
    """Lay out a chart in this many cells; `left` and `right` are the y-limits of the data on each axis."""
    rows_below = X_AXIS_ROWS if height >= MIN_ROWS_FOR_X_AXIS else 0
    layout = _layout(chart, window, (left, right), width, height, 0, rows_below)
    if height - rows_below > MIN_ROWS_FOR_X_AXIS and any(
        ruler and ruler.note for ruler in (layout.left_ruler, layout.right_ruler)
    ):
        return _layout(chart, window, (left, right), width, height, 1, rows_below)
    return layout


def _layout(
    chart: Chart,
    window: AxisLimits,
    data: tuple[AxisLimits | None, AxisLimits | None],
    width: int,
    height: int,
    rows_above: int,
    rows_below: int,
) -> ChartLayout:
    """Lay out a chart with this many rows above and below the plot area."""
    glyphs, rows = chart.glyphs, height - rows_above - rows_below
    left = vertical_ruler(chart.y, data[0], rows, glyphs.dots_down) if data[0] else None
    right = vertical_ruler(chart.y_right, data[1], rows, glyphs.dots_down) if data[1] else None
    gutters = [ruler.label_width + 1 if ruler and ruler.marks else 0 for ruler in (left, right)]
    labelled = width - sum(gutters) >= MIN_CELLS_FOR_Y_AXES
    start, end = gutters if labelled else (0, 0)
    cells = width - start - end
    area = PlotArea(
        start,
        rows_above,
        cells,
        rows,
        window,
        left.limits if left else None,
        chart.x.scale,
        chart.y.scale,
        glyphs.dots_across,
        glyphs.dots_down,
        right.limits if right else None,
        chart.y_right.scale,
    )
    return ChartLayout(
        area,
        horizontal_ruler(chart.x, window, cells, glyphs.dots_across) if rows_below else None,
        left if labelled else None,
        right if labelled else None,
        bool(rows_above),
    )
