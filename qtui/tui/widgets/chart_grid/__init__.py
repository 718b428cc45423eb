"""The grid of charts: the widget `ChartGrid`, and `ChartCards`, which render the single charts."""

from qtui.tui.widgets.chart_grid.grid import ChartGrid

__all__ = ["ChartGrid"]
