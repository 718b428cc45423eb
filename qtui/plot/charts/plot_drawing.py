"""Draw a plot of any type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from qtui.plot.axes.axis_frame import glyphs_for
from qtui.plot.charts.bar_chart import BarChart, draw_bars
from qtui.plot.charts.box_plot import BoxPlot, draw_box_plot
from qtui.plot.charts.confusion_matrix import ConfusionMatrix, draw_confusion_matrix
from qtui.plot.charts.heat_map import HeatMap, draw_heat_map
from qtui.plot.charts.histogram import Histogram, draw_histogram
from qtui.plot.charts.scatter import Scatter, draw_scatter
from qtui.plot.curves.chart import Chart
from qtui.plot.curves.drawing import draw_chart
from qtui.plot.picture import Picture

Plot: TypeAlias = Chart | BarChart | BoxPlot | ConfusionMatrix | HeatMap | Histogram | Scatter


def draw_plot(plot: Plot, cells: int, rows: int, ascii_only: bool) -> Picture:
    """Return the plot in exactly this many cells and rows."""
    if isinstance(plot, Chart):
        return draw_chart(replace(plot, glyphs=glyphs_for(ascii_only=ascii_only)), cells, rows)
    return _DRAW_FUNCTIONS[type(plot)](replace(plot, ascii_only=ascii_only), cells, rows)


_DRAW_FUNCTIONS: Mapping[type, Callable[[Any, int, int], Picture]] = {
    BarChart: draw_bars,
    BoxPlot: draw_box_plot,
    ConfusionMatrix: draw_confusion_matrix,
    HeatMap: draw_heat_map,
    Histogram: draw_histogram,
    Scatter: draw_scatter,
}
