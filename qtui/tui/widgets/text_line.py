"""A line of text that is written to the terminal only when it changes, and never moves what is around it."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget


class TextLine(Widget, can_focus=False):
    """Shows one line."""

    DEFAULT_CSS = """
    TextLine { height: 1; color: $text-muted; }
    """

    line: reactive[Content] = reactive(Content(""))
    """What stands there."""

    def render(self) -> Content:
        """The line."""
        return self.line
