"""What of the curves of a large chart is seen: nearer, farther, along, higher and lower."""

from __future__ import annotations

from qtui.tui.commands.charts import ChartPlace, OnCurves


class ZoomIn(OnCurves):
    """See less, from nearer, around the cursor."""

    KEYS = "plus,equals_sign"
    TEXT = "zoom"
    FOOTER = True


class ZoomOut(OnCurves):
    """See more, from farther away."""

    KEYS = "minus"
    TEXT = "zoom out"

    @classmethod
    def why_not(cls, here: ChartPlace) -> str | None:
        return super().why_not(here) or ("All there is can be seen already." if here.is_whole else None)


class PanLeft(ZoomOut):
    """See what is at the left."""

    KEYS = "shift+left,left_parenthesis"
    TEXT = "pan left"


class PanRight(ZoomOut):
    """See what is at the right."""

    KEYS = "shift+right,right_parenthesis"
    TEXT = "pan right"


class ZoomValuesIn(OnCurves):
    """See fewer values, from nearer, around the curve at the cursor."""

    KEYS = "v,ctrl+up"
    TEXT = "zoom values"


class ZoomValuesOut(OnCurves):
    """See more values, from farther away."""

    KEYS = "V,ctrl+down"
    TEXT = "values farther"

    @classmethod
    def why_not(cls, here: ChartPlace) -> str | None:
        return super().why_not(here) or ("All values can be seen already." if here.sees_all_values else None)


class PanUp(ZoomValuesOut):
    """See higher values."""

    KEYS = "K,shift+up"
    TEXT = "pan up"


class PanDown(ZoomValuesOut):
    """See lower values."""

    KEYS = "J,shift+down"
    TEXT = "pan down"


class ResetZoom(OnCurves):
    """See all there is, with the axes around it."""

    KEYS = "0"
    TEXT = "reset"


class TypeLimits(OnCurves):
    """Type where the axes begin and end."""

    KEYS = "w"
    TEXT = "limits"
