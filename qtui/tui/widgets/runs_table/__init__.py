"""The table of runs: paints the visible lines of a view of any length."""

from __future__ import annotations

from qtui.tui.widgets.runs_table.table import RunsTable

__all__ = ["RunsTable"]
