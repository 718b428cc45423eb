"""A grid of small charts: `Cards` draws them, `ChartGrid` shows those that are in sight and moves among them."""

from qtui.tui.widgets.chart_grid.grid import ChartGrid

__all__ = ["ChartGrid"]
