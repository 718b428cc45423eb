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


class EnlargeChart(GridCommand, keys="enter", text="enlarge", footer=True):
    """Open the chart large, or unfold a section."""


class LargerCharts(GridCommand, keys="plus,equals_sign", text="larger", call=("resize_charts", 1)):
    """Show fewer, larger charts."""

    @classmethod
    def why_not(cls, host: GridHost) -> str | None:
        return super().why_not(host) or ("The charts have their maximum size." if host.are_largest else None)


class SmallerCharts(GridCommand, keys="minus", text="smaller", call=("resize_charts", -1)):
    """Show more, smaller charts."""

    @classmethod
    def why_not(cls, host: GridHost) -> str | None:
        return super().why_not(host) or ("The charts have their minimum size." if host.are_smallest else None)


class NextChart(GridCommand, keys="right", text="next chart", action="cursor_right", call=("go_to_neighbour", 1, 0)):
    """Go to the next chart."""


class PreviousChart(
    GridCommand, keys="left", text="previous chart", action="cursor_left", call=("go_to_neighbour", -1, 0)
):
    """Go to the previous chart."""


class ChartBelow(GridCommand, keys="down,j", text="below", action="cursor_down", call=("go_to_neighbour", 0, 1)):
    """Go to the chart below."""


class ChartAbove(GridCommand, keys="up,k", text="above", action="cursor_up", call=("go_to_neighbour", 0, -1)):
    """Go to the chart above."""


class FirstChart(GridCommand, keys="g,home", text="first", action="scroll_home"):
    """Go to the first chart."""


class LastChart(GridCommand, keys="G,end", text="last", action="scroll_end"):
    """Go to the last chart."""


class NextChartPage(
    GridCommand, keys="pagedown,ctrl+d", text="page down", title="Next page", action="page_down", call=("turn_page", 1)
):
    """Go to the next page of charts."""


class PreviousChartPage(
    GridCommand, keys="pageup,ctrl+u", text="page up", title="Previous page", action="page_up", call=("turn_page", -1)
):
    """Go to the previous page of charts."""


class XCursorRight(
    ChartCurveCommand, keys="l", text="read", title="Cursor right", footer=True, call=("move_x_cursor", 1)
):
    """Move the cursor in all charts right and show the values there."""


class XCursorLeft(ChartCurveCommand, keys="h", text="read left", title="Cursor left", call=("move_x_cursor", -1)):
    """Move the cursor in all charts left."""


class XCursorFarRight(
    ChartCurveCommand,
    keys="shift+right",
    text="read far right",
    title="Cursor 8 cells right",
    call=("move_x_cursor", 8),
):
    """Move the cursor in all charts eight cells right."""


class XCursorFarLeft(
    ChartCurveCommand, keys="shift+left", text="read far left", title="Cursor 8 cells left", call=("move_x_cursor", -8)
):
    """Move the cursor in all charts eight cells left."""


class PinChart(GridChartCommand, keys="*", text="pin", footer=True):
    """Pin the chart to the top, or unpin it; remembered for the experiment."""


class FoldSection(GridCommand, keys="space", text="fold"):
    """Fold or unfold the section."""

    @classmethod
    def why_not(cls, host: GridHost) -> str | None:
        return super().why_not(host) or (None if host.has_sections else "The charts are not in sections.")


class CopyChartValue(ChartPointsCommand, keys="Y", text="copy value", id="copy-value", title="Copy value"):
    """Copy the full value at the cursor, or the last one."""
