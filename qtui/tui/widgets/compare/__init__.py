"""The views of a comparison, and the pane that shows one of them."""

from qtui.tui.widgets.compare.pane import ComparePane

__all__ = ["ComparePane"]
