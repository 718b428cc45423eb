"""The commands that zoom and pan the large chart."""

from __future__ import annotations

from qtui.tui.commands.charts import ChartHost, CurvesCommand
from qtui.tui.commands.command import Command

ZOOM_STEP = 1.5
"""The factor of a zoom by key."""

PAN_SHARE = 0.25
"""The share of the visible range that a key pans by."""


class ZoomIn(CurvesCommand, keys="plus,equals_sign", text="zoom", footer=True, call=("zoom_at_cursor", ZOOM_STEP)):
    """Zoom in around the cursor."""


class ZoomOut(Command[ChartHost], keys="minus", text="zoom out", call=("zoom_at_cursor", 1 / ZOOM_STEP)):
    """Zoom out."""

    @classmethod
    def why_not(cls, host: ChartHost) -> str | None:
        return CurvesCommand.why_not(host) or ("Everything is visible already." if host.model.is_whole else None)


class PanLeft(ZoomOut, keys="shift+left,left_parenthesis", text="pan left", call=("pan_x", -PAN_SHARE)):
    """Pan left."""


class PanRight(ZoomOut, keys="shift+right,right_parenthesis", text="pan right", call=("pan_x", PAN_SHARE)):
    """Pan right."""


class ZoomValuesIn(
    CurvesCommand, keys="v,ctrl+up", text="zoom values", title="Zoom in y-axis", call=("zoom_y", ZOOM_STEP)
):
    """Zoom the y-axis in around the curve at the cursor."""


class ZoomValuesOut(
    Command[ChartHost],
    keys="V,ctrl+down",
    text="zoom out values",
    title="Zoom out y-axis",
    call=("zoom_y", 1 / ZOOM_STEP),
):
    """Zoom the y-axis out."""

    @classmethod
    def why_not(cls, host: ChartHost) -> str | None:
        return CurvesCommand.why_not(host) or (
            "All values are visible already." if host.model.sees_all_values else None
        )


class PanUp(ZoomValuesOut, keys="K,shift+up", text="pan up", call=("pan_y", PAN_SHARE)):
    """Pan to higher values."""


class PanDown(ZoomValuesOut, keys="J,shift+down", text="pan down", call=("pan_y", -PAN_SHARE)):
    """Pan to lower values."""


class ResetZoom(CurvesCommand, keys="0", text="reset"):
    """Show everything, with automatic axes."""


class SetAxisLimits(CurvesCommand, keys="t", text="limits"):
    """Type the limits of the axes."""
