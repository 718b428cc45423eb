"""The pane of a large chart, by flow, each over the one before.

`HeldCurves` takes histories, `Board` shows them, `Looking` moves cursor and view, `GivingOut` copies and exports, and
`ChartPane` offers the commands and changes how curves are wanted.
"""

from qtui.tui.widgets.chart_pane.pane import ChartPane

__all__ = ["ChartPane"]
