"""The commands that move the cursor in a list, a tree or a table; their actions have Textual's names."""

from __future__ import annotations

from typing import Any, Protocol

from qtui.tui.commands.command import Command


class OpenHost(Protocol):
    """The properties of its host that Open reads."""

    @property
    def at_line(self) -> bool:
        """Return whether a line has the cursor."""


class CursorDown(Command[Any]):
    """Go one line down."""

    KEYS = "j,down"
    TEXT = "down"


class CursorUp(Command[Any]):
    """Go one line up."""

    KEYS = "k,up"
    TEXT = "up"


class ScrollHome(Command[Any]):
    """Go to the first line."""

    KEYS = "g,home"
    TEXT = "top"
    TITLE = "First line"
    ACTION = "scroll_home"


class ScrollEnd(Command[Any]):
    """Go to the last line."""

    KEYS = "G,end"
    TEXT = "bottom"
    TITLE = "Last line"
    ACTION = "scroll_end"


class HalfPageDown(Command[Any]):
    """Go half a page down."""

    KEYS = "ctrl+d"
    TEXT = "half a page down"


class HalfPageUp(Command[Any]):
    """Go half a page up."""

    KEYS = "ctrl+u"
    TEXT = "half a page up"


class PageDown(Command[Any]):
    """Go a page down."""

    KEYS = "pagedown"
    TEXT = "page down"


class PageUp(Command[Any]):
    """Go a page up."""

    KEYS = "pageup"
    TEXT = "page up"


class Open(Command[OpenHost]):
    """Open what is under the cursor."""

    KEYS = "enter"
    TEXT = "open"
    FOOTER = True

    @classmethod
    def why_not(cls, host: OpenHost) -> str | None:
        return None if host.at_line else "There is nothing under the cursor."


CURSOR_COMMANDS = (CursorDown, CursorUp, HalfPageDown, HalfPageUp, PageDown, PageUp, ScrollHome, ScrollEnd)
"""The commands that move by lines."""
