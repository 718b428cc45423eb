"""The pane of runs."""

from qtui.tui.widgets.runs_pane.pane import RunsPane

__all__ = ["RunsPane"]
