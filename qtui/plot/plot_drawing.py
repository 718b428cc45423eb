"""Draw a plot of any type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from qtui.plot.axis_frame import glyphs_for
from qtui.plot.bar_chart import BarChart, draw_bars
from qtui.plot.box_plot import BoxPlot, draw_box_plot
from qtui.plot.chart import Chart
from qtui.plot.confusion_matrix import ConfusionMatrix, draw_confusion_matrix
from qtui.plot.drawing import draw_chart
from qtui.plot.heat_map import HeatMap, draw_heat_map
from qtui.plot.histogram import Histogram, draw_histogram
from qtui.plot.picture import Picture
from qtui.plot.scatter import Scatter, draw_scatter

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
