"""The commands of the chart grid, in addition to those of any chart."""

from __future__ import annotations

from typing import Protocol

from qtui.tui.commands.command import Command


class GridPlace(Protocol):
    """The state that commands of the grid read of it."""

    @property
    def at_chart(self) -> bool:
        """Whether the cursor is on a chart."""

    @property
    def has_items(self) -> bool:
        """Whether the grid has an item for the cursor."""

    @property
    def at_points(self) -> bool:
        """Whether the chart under the cursor has points."""

    @property
    def at_curve(self) -> bool:
        """Whether the chart under the cursor has a curve that can be read along its axis."""

    @property
    def has_sections(self) -> bool:
        """Whether the charts are in more than one section."""

    @property
    def are_largest(self) -> bool:
        """Whether charts cannot be drawn larger."""

    @property
    def are_smallest(self) -> bool:
        """Whether charts cannot be drawn smaller."""


class OnGrid(Command[GridPlace]):
    """Works when there are charts."""

    @classmethod
    def why_not(cls, here: GridPlace) -> str | None:
        return None if here.has_items else "There are no charts here."


class OnChart(Command[GridPlace]):
    """Works when the cursor is on a chart."""

    @classmethod
    def why_not(cls, here: GridPlace) -> str | None:
        return None if here.at_chart else "There is no chart under the cursor."


class OnPoints(Command[GridPlace]):
    """Works when the chart under the cursor has points."""

    @classmethod
    def why_not(cls, here: GridPlace) -> str | None:
        return None if here.at_points else "This chart has no points."


class OnCurve(OnPoints):
    """Works when the chart under the cursor has a curve."""

    @classmethod
    def why_not(cls, here: GridPlace) -> str | None:
        return super().why_not(here) or (None if here.at_curve else "This chart has a single value.")


class EnlargeChart(OnGrid):
    """Open the chart large, or unfold a section."""

    KEYS = "enter"
    TEXT = "enlarge"
    FOOTER = True


class LargerCharts(OnGrid):
    """Show fewer, larger charts."""

    KEYS = "plus,equals_sign"
    TEXT = "larger"

    @classmethod
    def why_not(cls, here: GridPlace) -> str | None:
        return super().why_not(here) or ("The charts have their maximum size." if here.are_largest else None)


class SmallerCharts(OnGrid):
    """Show more, smaller charts."""

    KEYS = "minus"
    TEXT = "smaller"

    @classmethod
    def why_not(cls, here: GridPlace) -> str | None:
        return super().why_not(here) or ("The charts have their minimum size." if here.are_smallest else None)


class ChartRight(OnGrid):
    """Go to the next chart."""

    KEYS = "right"
    TEXT = "next chart"
    TITLE = "Next chart"


class ChartLeft(OnGrid):
    """Go to the previous chart."""

    KEYS = "left"
    TEXT = "previous chart"
    TITLE = "Previous chart"


class ChartBelow(OnGrid):
    """Go to the chart below."""

    KEYS = "down,j"
    TEXT = "below"


class ChartAbove(OnGrid):
    """Go to the chart above."""

    KEYS = "up,k"
    TEXT = "above"


class FirstChart(OnGrid):
    """Go to the first chart."""

    KEYS = "g,home"
    TEXT = "first"


class LastChart(OnGrid):
    """Go to the last chart."""

    KEYS = "G,end"
    TEXT = "last"


class ChartsDown(OnGrid):
    """Go to the next page of charts."""

    KEYS = "pagedown,ctrl+d"
    TEXT = "page down"
    TITLE = "Next page"


class ChartsUp(OnGrid):
    """Go to the previous page of charts."""

    KEYS = "pageup,ctrl+u"
    TEXT = "page up"
    TITLE = "Previous page"


class ReadRight(OnCurve):
    """Move the cursor in all charts right and show the values there."""

    KEYS = "l"
    TEXT = "read"
    TITLE = "Cursor right"
    FOOTER = True


class ReadLeft(OnCurve):
    """Move the cursor in all charts left."""

    KEYS = "h"
    TEXT = "read left"
    TITLE = "Cursor left"


class ReadFarRight(OnCurve):
    """Move the cursor in all charts eight cells right."""

    KEYS = "shift+right"
    TEXT = "read far right"
    TITLE = "Cursor 8 cells right"


class ReadFarLeft(OnCurve):
    """Move the cursor in all charts eight cells left."""

    KEYS = "shift+left"
    TEXT = "read far left"
    TITLE = "Cursor 8 cells left"


class PinChart(OnChart):
    """Pin the chart to the top, or unpin it; remembered for the experiment."""

    KEYS = "*"
    TEXT = "pin"
    FOOTER = True


class FoldSection(OnGrid):
    """Fold or unfold the section."""

    KEYS = "space"
    TEXT = "fold"

    @classmethod
    def why_not(cls, here: GridPlace) -> str | None:
        return super().why_not(here) or (None if here.has_sections else "The charts are not in sections.")


class CopyChartValue(OnPoints):
    """Copy the full value at the cursor, or the last one."""

    ID = "copy-value"
    KEYS = "Y"
    TEXT = "copy value"
    TITLE = "Copy value"
