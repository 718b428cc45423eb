"""The pane with the details of a run or of a group of runs."""

from qtui.tui.widgets.details.pane import DetailsPane

__all__ = ["DetailsPane"]
