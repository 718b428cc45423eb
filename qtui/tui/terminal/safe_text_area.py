"""A text editor that draws no characters that could act."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import TextArea

from qtui.text import REPLACEMENT, display


class SafeTextArea(TextArea):
    """Textual's text editor; control characters of a pasted text are drawn as signs."""

    def get_line(self, line_index: int) -> Text:
        """Return a line to draw, with a sign for each character that could reorder or hide others."""
        text = super().get_line(line_index)
        if display(text.plain) != text.plain:
            text.plain = "".join(char if display(char) == char else REPLACEMENT for char in text.plain)
        return text
