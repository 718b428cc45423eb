"""The registry of the views of a comparison, in the order in which `w` shows them."""

from __future__ import annotations

from qtui.tui.widgets.compare.comparison_table import ComparisonTable
from qtui.tui.widgets.compare.view import CompareView

COMPARE_VIEWS: tuple[CompareView, ...] = (CompareView("table", ComparisonTable),)
