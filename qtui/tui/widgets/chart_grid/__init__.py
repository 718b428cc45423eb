"""A grid of small charts: `Cards` draws them, `Sight` shows those that are in sight, `ChartGrid` does the rest."""

from qtui.tui.widgets.chart_grid.grid import ChartGrid

__all__ = ["ChartGrid"]
