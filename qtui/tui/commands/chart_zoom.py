"""The commands that zoom and pan the large chart."""

from __future__ import annotations

from qtui.tui.commands.charts import ChartHost, CurvesCommand
from qtui.tui.commands.command import Command


class ZoomIn(CurvesCommand):
    """Zoom in around the cursor."""

    KEYS = "plus,equals_sign"
    TEXT = "zoom"
    FOOTER = True


class ZoomOut(Command[ChartHost]):
    """Zoom out."""

    KEYS = "minus"
    TEXT = "zoom out"

    @classmethod
    def why_not(cls, host: ChartHost) -> str | None:
        return CurvesCommand.why_not(host) or ("Everything is visible already." if host.is_whole else None)


class PanLeft(ZoomOut):
    """Pan left."""

    KEYS = "shift+left,left_parenthesis"
    TEXT = "pan left"


class PanRight(ZoomOut):
    """Pan right."""

    KEYS = "shift+right,right_parenthesis"
    TEXT = "pan right"


class ZoomValuesIn(CurvesCommand):
    """Zoom the y-axis in around the curve at the cursor."""

    KEYS = "v,ctrl+up"
    TEXT = "zoom values"
    TITLE = "Zoom in y-axis"


class ZoomValuesOut(Command[ChartHost]):
    """Zoom the y-axis out."""

    KEYS = "V,ctrl+down"
    TEXT = "zoom out values"
    TITLE = "Zoom out y-axis"

    @classmethod
    def why_not(cls, host: ChartHost) -> str | None:
        return CurvesCommand.why_not(host) or ("All values are visible already." if host.sees_all_values else None)


class PanUp(ZoomValuesOut):
    """Pan to higher values."""

    KEYS = "K,shift+up"
    TEXT = "pan up"


class PanDown(ZoomValuesOut):
    """Pan to lower values."""

    KEYS = "J,shift+down"
    TEXT = "pan down"


class ResetZoom(CurvesCommand):
    """Show everything, with automatic axes."""

    KEYS = "0"
    TEXT = "reset"


class SetAxisLimits(CurvesCommand):
    """Type the limits of the axes."""

    KEYS = "t"
    TEXT = "limits"
    TITLE = "Set axis limits"
