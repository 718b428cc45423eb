"""Commands of the artifact viewer."""

from __future__ import annotations

import sys
from typing import Any, Protocol

from qtui.tui.commands.command import Command


class ViewerHost(Protocol):
    """The state of the viewer that its commands depend on."""

    @property
    def view_count(self) -> int:
        """The number of views of the file."""

    @property
    def has_next_file(self) -> bool:
        """Whether another file follows."""

    @property
    def has_previous_file(self) -> bool:
        """Whether another file comes before."""


class ContentHost(Protocol):
    """The state of the content that its commands depend on."""

    @property
    def why_no_search(self) -> str | None:
        """Why the content cannot be searched; None if it can."""

    @property
    def search_text(self) -> str:
        """The text that is searched for."""

    @property
    def has_value(self) -> bool:
        """Whether the cursor is on something that can be copied."""


class NextView(Command[ViewerHost], keys="h", text="other view", id="other-view", footer=True):
    """Show the next view of the file, such as its text, a table or its bytes."""

    @classmethod
    def why_not(cls, host: ViewerHost) -> str | None:
        return None if host.view_count > 1 else "There is no other view of this file."


class NextFile(Command[ViewerHost], keys="right_square_bracket", text="next file", footer=True):
    """Open the next file of the run."""

    @classmethod
    def why_not(cls, host: ViewerHost) -> str | None:
        return None if host.has_next_file else "This is the last file."


class PreviousFile(Command[ViewerHost], keys="left_square_bracket", text="previous file"):
    """Open the previous file of the run."""

    @classmethod
    def why_not(cls, host: ViewerHost) -> str | None:
        return None if host.has_previous_file else "This is the first file."


class OpenInPager(Command[Any], keys="o", text="pager"):
    """Open a read-only copy of the file in $PAGER or $EDITOR, decompressed."""


class SearchContent(Command[ContentHost], keys="/", text="search", action="filter", footer=True):
    """Search while you type; enter keeps the search, esc ends it."""

    @classmethod
    def why_not(cls, host: ContentHost) -> str | None:
        return host.why_no_search


class NextMatch(SearchContent, keys="n", text="next match", footer=True, call=("find_next", 1)):
    """Go to the next match."""

    @classmethod
    def why_not(cls, host: ContentHost) -> str | None:
        return super().why_not(host) or (None if host.search_text else "Search for a text first.")


class PreviousMatch(NextMatch, keys="N", text="previous match", footer=True, call=("find_next", -1)):
    """Go to the previous match."""


class CopyPath(Command[Any], keys="y", text="copy path"):
    """Copy the path of the artifact."""


class CopyContent(Command[ContentHost], keys="Y", text="copy value", id="copy-value", title="Copy value"):
    """Copy the line or the value under the cursor."""

    @classmethod
    def why_not(cls, host: ContentHost) -> str | None:
        return None if host.has_value else "There is nothing under the cursor."


class WrapLines(Command[Any], keys="w", text="wrap", footer=True):
    """Wrap long lines, or cut them at the edge."""


class ScrollTextLeft(Command[Any], keys="left", text="left", title="Scroll left", call=("scroll_sideways", -1)):
    """Scroll to the left."""


class ScrollTextRight(Command[Any], keys="right", text="right", title="Scroll right", call=("scroll_sideways", 1)):
    """Scroll to the right."""


class ScreenDown(Command[Any], keys="space", text="page down", action="page_down", call=("turn_page", 1)):
    """Go a page down."""


class GoToRow(Command[Any], keys="ctrl+g", text="go to", title="Go to line or row"):
    """Go to a line or row by its number."""


class ShowNode(Command[Any], keys="enter", text="open", footer=True):
    """Open or close the node; show a value without children in full."""


class ToggleNode(Command[Any], keys="space", text="open/close"):
    """Open the node, or close it."""


class OpenNode(Command[Any], keys="l", text="open"):
    """Open the node, or go to its first child."""


class CloseNode(Command[Any], keys="backspace,minus", text="close"):
    """Close the node, or go to the node that contains it."""


class OpenAllNodes(Command[Any], keys="E", text="open all", footer=True):
    """Open the node with all nodes below it, or close them."""


class TableLeft(
    Command[Any], keys="left", text="left", title="Previous column of the table", call=("scroll_sideways", -1)
):
    """Go to the previous column."""


class TableRight(
    Command[Any], keys="right", text="right", title="Next column of the table", call=("scroll_sideways", 1)
):
    """Go to the next column."""


class FirstColumn(Command[Any], keys="0", text="first column", call=("go_to_column", 0)):
    """Go to the first column."""


class LastColumn(Command[Any], keys="$", text="last column", call=("go_to_column", sys.maxsize)):
    """Go to the last column."""


class SortColumn(Command[Any], keys="s", text="sort", footer=True, call=("sort_column", False)):
    """Sort by the column; again for the order of the file."""


class SortColumnDescending(
    Command[Any], keys="S", text="sort down", title="Sort column, largest first", call=("sort_column", True)
):
    """Sort by the column, the largest first; again for the order of the file."""


class ColumnDetails(Command[Any], keys="i", text="statistics", title="Column statistics", footer=True):
    """Show the statistics of the column at the side, or hide them."""


class ShowCell(Command[Any], keys="enter", text="value", title="Show value"):
    """Show the whole value under the cursor."""


class FitColumn(Command[Any], keys="f", text="fit"):
    """Give the column the width of its longest value, or the usual width."""


class FreezeColumns(Command[Any], keys="*", text="freeze"):
    """Keep the columns up to the cursor visible while others scroll, or let them scroll again."""


class MarkColumn(Command[Any], keys="x", text="mark"):
    """Mark the column, to draw it with others: two of numbers as a scatter plot, or one by the classes of another."""


class DrawColumns(Command[Any], keys="m", text="draw", footer=True):
    """Draw the marked columns, or the one under the cursor: as a line, histogram, counts, scatter plot or boxes."""


class DrawTable(Command[Any], keys="M", text="draw table"):
    """Draw the whole table: as a confusion matrix, a heat map, or the correlation of its columns."""


class PlotHost(Protocol):
    """The state of a screen of plots that its commands depend on."""

    @property
    def plot_count(self) -> int:
        """The number of plots."""


class NextPlot(Command[PlotHost], keys="h", text="other plot", id="other-view", footer=True):
    """Show the next plot of the same columns, such as the histogram after the line."""

    @classmethod
    def why_not(cls, host: PlotHost) -> str | None:
        return None if host.plot_count > 1 else "There is no other plot of these columns."


class CopyPlot(Command[Any], keys="y,Y", text="copy", footer=True):
    """Copy the plot as text."""


class SliceHost(Protocol):
    """The state of a table that the commands for slices depend on."""

    @property
    def has_slices(self) -> bool:
        """Whether the table is a slice of an array."""


class NextSlice(Command[SliceHost], keys="greater_than_sign", text="next slice", call=("go_to_slice", 1)):
    """Show the next slice of an array."""

    @classmethod
    def why_not(cls, host: SliceHost) -> str | None:
        return None if host.has_slices else "This is not a slice of an array."


class PreviousSlice(NextSlice, keys="less_than_sign", text="previous slice", call=("go_to_slice", -1)):
    """Show the previous slice of an array."""


class LogHost(Protocol):
    """The state of a text that the commands for logs depend on."""

    @property
    def has_levels(self) -> bool:
        """Whether the text is a log with levels."""

    @property
    def has_times(self) -> bool:
        """Whether the lines have times."""


class NextLevel(Command[LogHost], keys="L", text="level", title="Level of a log"):
    """Show only entries of a log from the next level on, and after the highest one all entries."""

    @classmethod
    def why_not(cls, host: LogHost) -> str | None:
        return None if host.has_levels else "This is not a log with levels."


class GoToTime(Command[LogHost], keys="t", text="time", title="Go to a time in a log"):
    """Go to a time in a log: a date, a time of day, or a step from the cursor such as `+10m`."""

    @classmethod
    def why_not(cls, host: LogHost) -> str | None:
        return None if host.has_times else "This is not a log with times."


class ReloadFile(Command[Any], keys="r", text="reload", id="refresh", title="Read the file again", action="refresh"):
    """Read the file again."""


class FollowFile(
    Command[Any], keys="R", text="follow", id="toggle-live", title="Follow a growing file", action="toggle_live"
):
    """Follow a growing file, or stop."""
