"""A line of text that can change without a new layout of the screen."""

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
    """The text of the line."""

    def render(self) -> Content:
        """Render the line."""
        return self.line
