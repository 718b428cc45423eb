"""The table of runs: draws the lines that are seen of a view of any length."""

from __future__ import annotations

from qtui.tui.widgets.runs_table.table import RunsTable

__all__ = ["RunsTable"]
