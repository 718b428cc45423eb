"""The commands that move the cursor in a list, a tree or a table; their actions have Textual's names."""

from __future__ import annotations

from typing import Any, Protocol

from qtui.tui.commands.command import Command


class OpenHost(Protocol):
    """The properties of its host that Open reads."""

    @property
    def at_line(self) -> bool:
        """Return whether a line has the cursor."""


class CursorDown(Command[Any], keys="j,down", text="down", call=("move_cursor", 1)):
    """Go one line down."""


class CursorUp(Command[Any], keys="k,up", text="up", call=("move_cursor", -1)):
    """Go one line up."""


class ScrollHome(Command[Any], keys="g,home", text="top", title="First line"):
    """Go to the first line."""


class ScrollEnd(Command[Any], keys="G,end", text="bottom", title="Last line"):
    """Go to the last line."""


class HalfPageDown(Command[Any], keys="ctrl+d", text="half a page down", call=("turn_half_page", 1)):
    """Go half a page down."""


class HalfPageUp(Command[Any], keys="ctrl+u", text="half a page up", call=("turn_half_page", -1)):
    """Go half a page up."""


class PageDown(Command[Any], keys="pagedown", text="page down", call=("turn_page", 1)):
    """Go a page down."""


class PageUp(Command[Any], keys="pageup", text="page up", call=("turn_page", -1)):
    """Go a page up."""


class Open(Command[OpenHost], keys="enter", text="open", footer=True):
    """Open what is under the cursor."""

    @classmethod
    def why_not(cls, host: OpenHost) -> str | None:
        return None if host.at_line else "There is nothing under the cursor."


CURSOR_COMMANDS = (CursorDown, CursorUp, HalfPageDown, HalfPageUp, PageDown, PageUp, ScrollHome, ScrollEnd)
"""The commands that move by lines."""
