"""The pane of a large chart: `ChartPane` shows a `ChartModel`, which is plain and has a `CurveSet`."""

from qtui.tui.widgets.chart_pane.chart_model import ChartModel
from qtui.tui.widgets.chart_pane.pane import ChartPane

__all__ = ["ChartModel", "ChartPane"]
