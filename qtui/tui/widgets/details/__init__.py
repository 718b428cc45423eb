"""The pane with the details of a run or of a group of runs."""

from qtui.tui.widgets.details.pane import DetailsPane
from qtui.tui.widgets.details.preview import PreviewChanged

__all__ = ["DetailsPane", "PreviewChanged"]
