"""The pane of a large chart: `ChartPane`, its plain `CurveSet`, the functions of `navigation`, and the legend."""

from qtui.tui.widgets.chart_pane.pane import ChartPane

__all__ = ["ChartPane"]
