"""The commands that zoom and pan the large chart."""

from __future__ import annotations

from qtui.tui.commands.charts import ChartHost, CurvesCommand
from qtui.tui.commands.command import Command


class ZoomIn(CurvesCommand, keys="plus,equals_sign", text="zoom", footer=True):
    """Zoom in around the cursor."""


class ZoomOut(Command[ChartHost], keys="minus", text="zoom out"):
    """Zoom out."""

    @classmethod
    def why_not(cls, host: ChartHost) -> str | None:
        return CurvesCommand.why_not(host) or ("Everything is visible already." if host.is_whole else None)


class PanLeft(ZoomOut, keys="shift+left,left_parenthesis", text="pan left"):
    """Pan left."""


class PanRight(ZoomOut, keys="shift+right,right_parenthesis", text="pan right"):
    """Pan right."""


class ZoomValuesIn(CurvesCommand, keys="v,ctrl+up", text="zoom values", title="Zoom in y-axis"):
    """Zoom the y-axis in around the curve at the cursor."""


class ZoomValuesOut(Command[ChartHost], keys="V,ctrl+down", text="zoom out values", title="Zoom out y-axis"):
    """Zoom the y-axis out."""

    @classmethod
    def why_not(cls, host: ChartHost) -> str | None:
        return CurvesCommand.why_not(host) or ("All values are visible already." if host.sees_all_values else None)


class PanUp(ZoomValuesOut, keys="K,shift+up", text="pan up"):
    """Pan to higher values."""


class PanDown(ZoomValuesOut, keys="J,shift+down", text="pan down"):
    """Pan to lower values."""


class ResetZoom(CurvesCommand, keys="0", text="reset"):
    """Show everything, with automatic axes."""


class SetAxisLimits(CurvesCommand, keys="t", text="limits"):
    """Type the limits of the axes."""
