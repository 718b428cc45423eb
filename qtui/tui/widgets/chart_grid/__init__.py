"""The grid of charts: the widget `ChartGrid`, and `ChartCards`, which render the single charts."""

from qtui.tui.widgets.chart_grid.grid import ChartGrid
from qtui.tui.widgets.chart_grid.grid_legend import GridLegend

__all__ = ["ChartGrid", "GridLegend"]
