"""The commands of the chart grid, in addition to those of any chart."""

from __future__ import annotations

from typing import Protocol

from qtui.tui.commands.command import Command


class GridHost(Protocol):
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


class GridCommand(Command[GridHost]):
    """Base of commands that need a chart or a section."""

    @classmethod
    def why_not(cls, host: GridHost) -> str | None:
        return None if host.has_items else "There are no charts here."


class GridChartCommand(Command[GridHost]):
    """Base of commands that need a chart under the cursor."""

    @classmethod
    def why_not(cls, host: GridHost) -> str | None:
        return None if host.at_chart else "There is no chart under the cursor."


class ChartPointsCommand(Command[GridHost]):
    """Base of commands that need points in the chart under the cursor."""

    @classmethod
    def why_not(cls, host: GridHost) -> str | None:
        return None if host.at_points else "This chart has no points."


class ChartCurveCommand(ChartPointsCommand):
    """Base of commands that need a curve in the chart under the cursor."""

    @classmethod
    def why_not(cls, host: GridHost) -> str | None:
        return super().why_not(host) or (None if host.at_curve else "This chart has a single value.")


class EnlargeChart(GridCommand):
    """Open the chart large, or unfold a section."""

    KEYS = "enter"
    TEXT = "enlarge"
    FOOTER = True


class LargerCharts(GridCommand):
    """Show fewer, larger charts."""

    KEYS = "plus,equals_sign"
    TEXT = "larger"

    @classmethod
    def why_not(cls, host: GridHost) -> str | None:
        return super().why_not(host) or ("The charts have their maximum size." if host.are_largest else None)


class SmallerCharts(GridCommand):
    """Show more, smaller charts."""

    KEYS = "minus"
    TEXT = "smaller"

    @classmethod
    def why_not(cls, host: GridHost) -> str | None:
        return super().why_not(host) or ("The charts have their minimum size." if host.are_smallest else None)


class NextChart(GridCommand):
    """Go to the next chart."""

    KEYS = "right"
    TEXT = "next chart"
    ACTION = "cursor_right"


class PreviousChart(GridCommand):
    """Go to the previous chart."""

    KEYS = "left"
    TEXT = "previous chart"
    ACTION = "cursor_left"


class ChartBelow(GridCommand):
    """Go to the chart below."""

    KEYS = "down,j"
    TEXT = "below"
    ACTION = "cursor_down"


class ChartAbove(GridCommand):
    """Go to the chart above."""

    KEYS = "up,k"
    TEXT = "above"
    ACTION = "cursor_up"


class FirstChart(GridCommand):
    """Go to the first chart."""

    KEYS = "g,home"
    TEXT = "first"
    ACTION = "scroll_home"


class LastChart(GridCommand):
    """Go to the last chart."""

    KEYS = "G,end"
    TEXT = "last"
    ACTION = "scroll_end"


class NextChartPage(GridCommand):
    """Go to the next page of charts."""

    KEYS = "pagedown,ctrl+d"
    TEXT = "page down"
    TITLE = "Next page"
    ACTION = "page_down"


class PreviousChartPage(GridCommand):
    """Go to the previous page of charts."""

    KEYS = "pageup,ctrl+u"
    TEXT = "page up"
    TITLE = "Previous page"
    ACTION = "page_up"


class XCursorRight(ChartCurveCommand):
    """Move the cursor in all charts right and show the values there."""

    KEYS = "l"
    TEXT = "read"
    TITLE = "Cursor right"
    FOOTER = True


class XCursorLeft(ChartCurveCommand):
    """Move the cursor in all charts left."""

    KEYS = "h"
    TEXT = "read left"
    TITLE = "Cursor left"


class XCursorFarRight(ChartCurveCommand):
    """Move the cursor in all charts eight cells right."""

    KEYS = "shift+right"
    TEXT = "read far right"
    TITLE = "Cursor 8 cells right"


class XCursorFarLeft(ChartCurveCommand):
    """Move the cursor in all charts eight cells left."""

    KEYS = "shift+left"
    TEXT = "read far left"
    TITLE = "Cursor 8 cells left"


class PinChart(GridChartCommand):
    """Pin the chart to the top, or unpin it; remembered for the experiment."""

    KEYS = "*"
    TEXT = "pin"
    FOOTER = True


class FoldSection(GridCommand):
    """Fold or unfold the section."""

    KEYS = "space"
    TEXT = "fold"

    @classmethod
    def why_not(cls, host: GridHost) -> str | None:
        return super().why_not(host) or (None if host.has_sections else "The charts are not in sections.")


class CopyChartValue(ChartPointsCommand):
    """Copy the full value at the cursor, or the last one."""

    ID = "copy-value"
    KEYS = "Y"
    TEXT = "copy value"
    TITLE = "Copy value"
