"""The pane of a large chart: `Board` shows curves, `Looking` moves cursor and view, `ChartPane` does the rest."""

from qtui.tui.widgets.chart_pane.pane import ChartPane

__all__ = ["ChartPane"]
