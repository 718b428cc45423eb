"""Commands of the artifact viewer."""

from __future__ import annotations

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


class NextView(Command[ViewerHost]):
    """Show the next view of the file, such as its text, a table or its bytes."""

    ID = "other-view"
    KEYS = "h"
    TEXT = "other view"
    FOOTER = True

    @classmethod
    def why_not(cls, host: ViewerHost) -> str | None:
        return None if host.view_count > 1 else "There is no other view of this file."


class NextFile(Command[ViewerHost]):
    """Open the next file of the run."""

    KEYS = "right_square_bracket"
    TEXT = "next file"
    FOOTER = True

    @classmethod
    def why_not(cls, host: ViewerHost) -> str | None:
        return None if host.has_next_file else "This is the last file."


class PreviousFile(Command[ViewerHost]):
    """Open the previous file of the run."""

    KEYS = "left_square_bracket"
    TEXT = "previous file"

    @classmethod
    def why_not(cls, host: ViewerHost) -> str | None:
        return None if host.has_previous_file else "This is the first file."


class OpenInPager(Command[Any]):
    """Open a read-only copy of the file in $PAGER or $EDITOR, decompressed."""

    KEYS = "o"
    TEXT = "pager"


class SearchContent(Command[ContentHost]):
    """Search while you type; enter keeps the search, esc ends it."""

    KEYS = "/"
    TEXT = "search"
    FOOTER = True

    @classmethod
    def why_not(cls, host: ContentHost) -> str | None:
        return host.why_no_search


class NextMatch(SearchContent):
    """Go to the next match."""

    KEYS = "n"
    TEXT = "next match"

    @classmethod
    def why_not(cls, host: ContentHost) -> str | None:
        return super().why_not(host) or (None if host.search_text else "Search for a text first.")


class PreviousMatch(NextMatch):
    """Go to the previous match."""

    KEYS = "N"
    TEXT = "previous match"


class CopyPath(Command[Any]):
    """Copy the path of the artifact."""

    KEYS = "y"
    TEXT = "copy path"


class CopyContent(Command[ContentHost]):
    """Copy the line or the value under the cursor."""

    ID = "copy-value"
    KEYS = "Y"
    TEXT = "copy value"
    TITLE = "Copy value"

    @classmethod
    def why_not(cls, host: ContentHost) -> str | None:
        return None if host.has_value else "There is nothing under the cursor."


class WrapLines(Command[Any]):
    """Wrap long lines, or cut them at the edge."""

    KEYS = "w"
    TEXT = "wrap"
    FOOTER = True


class ScrollTextLeft(Command[Any]):
    """Scroll to the left."""

    KEYS = "left"
    TEXT = "left"
    TITLE = "Scroll left"


class ScrollTextRight(Command[Any]):
    """Scroll to the right."""

    KEYS = "right"
    TEXT = "right"
    TITLE = "Scroll right"


class ScreenDown(Command[Any]):
    """Go a page down."""

    KEYS = "space"
    TEXT = "page down"
    ACTION = "page_down"


class GoToRow(Command[Any]):
    """Go to a line or row by its number."""

    KEYS = "ctrl+g"
    TEXT = "go to"
    TITLE = "Go to line or row"


class ShowNode(Command[Any]):
    """Open or close the node; show a value without children in full."""

    KEYS = "enter"
    TEXT = "open"
    FOOTER = True


class ToggleNode(Command[Any]):
    """Open the node, or close it."""

    KEYS = "space"
    TEXT = "open/close"


class OpenNode(Command[Any]):
    """Open the node, or go to its first child."""

    KEYS = "l"
    TEXT = "open"
    TITLE = "Open node"


class CloseNode(Command[Any]):
    """Close the node, or go to the node that contains it."""

    KEYS = "backspace,minus"
    TEXT = "close"
    TITLE = "Close node"


class OpenAllNodes(Command[Any]):
    """Open the node with all nodes below it, or close them."""

    KEYS = "E"
    TEXT = "open all"
    FOOTER = True


class TableLeft(Command[Any]):
    """Go to the previous column."""

    KEYS = "left"
    TEXT = "left"
    TITLE = "Previous column of the table"


class TableRight(Command[Any]):
    """Go to the next column."""

    KEYS = "right"
    TEXT = "right"
    TITLE = "Next column of the table"


class FirstColumn(Command[Any]):
    """Go to the first column."""

    KEYS = "0"
    TEXT = "first column"


class LastColumn(Command[Any]):
    """Go to the last column."""

    KEYS = "$"
    TEXT = "last column"


class SortColumn(Command[Any]):
    """Sort by the column; again for the order of the file."""

    KEYS = "s"
    TEXT = "sort"
    FOOTER = True


class SortColumnDescending(Command[Any]):
    """Sort by the column, the largest first; again for the order of the file."""

    KEYS = "S"
    TEXT = "sort down"
    TITLE = "Sort column, largest first"


class ColumnDetails(Command[Any]):
    """Show the statistics of the column at the side, or hide them."""

    KEYS = "i"
    TEXT = "statistics"
    TITLE = "Column statistics"
    FOOTER = True


class ShowCell(Command[Any]):
    """Show the whole value under the cursor."""

    KEYS = "enter"
    TEXT = "value"
    TITLE = "Show value"


class FitColumn(Command[Any]):
    """Give the column the width of its longest value, or the usual width."""

    KEYS = "f"
    TEXT = "fit"
    TITLE = "Fit column"


class FreezeColumns(Command[Any]):
    """Keep the columns up to the cursor visible while others scroll, or let them scroll again."""

    KEYS = "*"
    TEXT = "freeze"
    TITLE = "Freeze columns"


class MarkColumn(Command[Any]):
    """Mark the column, to draw it with others: two of numbers as a scatter plot, or one by the classes of another."""

    KEYS = "x"
    TEXT = "mark"


class DrawColumns(Command[Any]):
    """Draw the marked columns, or the one under the cursor: as a line, histogram, counts, scatter plot or boxes."""

    KEYS = "m"
    TEXT = "draw"
    FOOTER = True


class DrawTable(Command[Any]):
    """Draw the whole table: as a confusion matrix, a heat map, or the correlation of its columns."""

    KEYS = "M"
    TEXT = "draw table"


class PlotHost(Protocol):
    """The state of a screen of plots that its commands depend on."""

    @property
    def plot_count(self) -> int:
        """The number of plots."""


class NextPlot(Command[PlotHost]):
    """Show the next plot of the same columns, such as the histogram after the line."""

    ID = "other-view"
    KEYS = "h"
    TEXT = "other plot"
    FOOTER = True

    @classmethod
    def why_not(cls, host: PlotHost) -> str | None:
        return None if host.plot_count > 1 else "There is no other plot of these columns."


class CopyPlot(Command[Any]):
    """Copy the plot as text."""

    ID = "copy-plot"
    KEYS = "y,Y"
    TEXT = "copy"
    FOOTER = True


class SliceHost(Protocol):
    """The state of a table that the commands for slices depend on."""

    @property
    def has_slices(self) -> bool:
        """Whether the table is a slice of an array."""


class NextSlice(Command[SliceHost]):
    """Show the next slice of an array."""

    KEYS = "greater_than_sign"
    TEXT = "next slice"

    @classmethod
    def why_not(cls, host: SliceHost) -> str | None:
        return None if host.has_slices else "This is not a slice of an array."


class PreviousSlice(NextSlice):
    """Show the previous slice of an array."""

    KEYS = "less_than_sign"
    TEXT = "previous slice"


class LogHost(Protocol):
    """The state of a text that the commands for logs depend on."""

    @property
    def has_levels(self) -> bool:
        """Whether the text is a log with levels."""

    @property
    def has_times(self) -> bool:
        """Whether the lines have times."""


class NextLevel(Command[LogHost]):
    """Show only entries of a log from the next level on, and after the highest one all entries."""

    KEYS = "L"
    TEXT = "level"
    TITLE = "Level of a log"

    @classmethod
    def why_not(cls, host: LogHost) -> str | None:
        return None if host.has_levels else "This is not a log with levels."


class GoToTime(Command[LogHost]):
    """Go to a time in a log: a date, a time of day, or a step from the cursor such as `+10m`."""

    KEYS = "t"
    TEXT = "time"
    TITLE = "Go to a time in a log"

    @classmethod
    def why_not(cls, host: LogHost) -> str | None:
        return None if host.has_times else "This is not a log with times."


class ReloadFile(Command[Any]):
    """Read the file again."""

    ID = "refresh"
    KEYS = "r"
    TEXT = "reload"
    TITLE = "Read the file again"
    ACTION = "refresh"


class FollowFile(Command[Any]):
    """Follow a growing file, or stop."""

    ID = "toggle-live"
    KEYS = "R"
    TEXT = "follow"
    TITLE = "Follow a growing file"
    ACTION = "toggle_live"
