"""Divides a picture among axes, labels and curves."""

from __future__ import annotations

from dataclasses import dataclass

from qtui.plot.axis import Ruler, horizontal_ruler, vertical_ruler
from qtui.plot.chart import Chart
from qtui.plot.limits import AxisLimits
from qtui.plot.plot_area import PlotArea

MIN_ROWS_FOR_X_AXIS = 4
"""With fewer rows than these there is no axis below the curves."""
MIN_CELLS_FOR_Y_AXES = 10
"""With fewer cells than these for the curves there are no labels at the sides."""
X_AXIS_ROWS = 2


@dataclass(frozen=True, slots=True)
class ChartLayout:
    """The area of the curves, and the rulers around it as far as there is room for them."""

    area: PlotArea
    x_ruler: Ruler | None
    left_ruler: Ruler | None
    right_ruler: Ruler | None
    has_note_row: bool
    """Whether there is a row above the area for what labels are to be added to."""


def layout_chart(
    chart: Chart, window: AxisLimits, left: AxisLimits | None, right: AxisLimits | None, width: int, height: int
) -> ChartLayout:
    """The best use of so many cells; `left` and `right` are what the curves of each side cover."""
    below = X_AXIS_ROWS if height >= MIN_ROWS_FOR_X_AXIS else 0
    layout = _layout(chart, window, (left, right), width, height, 0, below)
    if height - below > MIN_ROWS_FOR_X_AXIS and any(
        ruler and ruler.note for ruler in (layout.left_ruler, layout.right_ruler)
    ):
        return _layout(chart, window, (left, right), width, height, 1, below)
    return layout


def _layout(
    chart: Chart,
    window: AxisLimits,
    data: tuple[AxisLimits | None, AxisLimits | None],
    width: int,
    height: int,
    above: int,
    below: int,
) -> ChartLayout:
    """The layout with so many rows above and below the area."""
    glyphs, rows = chart.glyphs, height - above - below
    left = vertical_ruler(chart.y, data[0], rows, glyphs.dots_down) if data[0] else None
    right = vertical_ruler(chart.y_right, data[1], rows, glyphs.dots_down) if data[1] else None
    gutters = [ruler.label_width + 1 if ruler and ruler.marks else 0 for ruler in (left, right)]
    labelled = width - sum(gutters) >= MIN_CELLS_FOR_Y_AXES
    start, end = gutters if labelled else (0, 0)
    cells = width - start - end
    area = PlotArea(
        start,
        above,
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
        horizontal_ruler(chart.x, window, cells, glyphs.dots_across) if below else None,
        left if labelled else None,
        right if labelled else None,
        bool(above),
    )
