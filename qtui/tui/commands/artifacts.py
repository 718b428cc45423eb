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


class OtherView(Command[ViewerHost]):
    """Show the next view of the file, such as its text, a table or its bytes."""

    KEYS = "h"
    TEXT = "other view"
    FOOTER = True

    @classmethod
    def why_not(cls, here: ViewerHost) -> str | None:
        return None if here.view_count > 1 else "There is no other view of this file."


class NextFile(Command[ViewerHost]):
    """Open the next file of the run."""

    KEYS = "right_square_bracket"
    TEXT = "next file"
    FOOTER = True

    @classmethod
    def why_not(cls, here: ViewerHost) -> str | None:
        return None if here.has_next_file else "This is the last file."


class PreviousFile(Command[ViewerHost]):
    """Open the previous file of the run."""

    KEYS = "left_square_bracket"
    TEXT = "previous file"

    @classmethod
    def why_not(cls, here: ViewerHost) -> str | None:
        return None if here.has_previous_file else "This is the first file."


class OpenInPager(Command[Any]):
    """Open the file in $PAGER or $EDITOR."""

    KEYS = "o"
    TEXT = "pager"


class SearchContent(Command[ContentHost]):
    """Search while you type; enter keeps the search, esc ends it."""

    KEYS = "/"
    TEXT = "search"
    FOOTER = True

    @classmethod
    def why_not(cls, here: ContentHost) -> str | None:
        return here.why_no_search


class NextMatch(SearchContent):
    """Go to the next match."""

    KEYS = "n"
    TEXT = "next match"

    @classmethod
    def why_not(cls, here: ContentHost) -> str | None:
        return super().why_not(here) or (None if here.search_text else "Type / to search first.")


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
    def why_not(cls, here: ContentHost) -> str | None:
        return None if here.has_value else "There is nothing under the cursor."


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
