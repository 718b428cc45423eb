"""A text editor that neither accepts nor draws characters that could act."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import TextArea
from textual.widgets.text_area import EditResult as AreaEdit
from textual.widgets.text_area import Location

from qtui.text import REPLACEMENT, display
from qtui.tui.terminal.clipboard import strip_controls


class SafeTextArea(TextArea):
    """Textual's text editor without control characters in its text, from paste, key or code."""

    def get_line(self, line_index: int) -> Text:
        """Return a line to draw, with a sign for each character that could reorder or hide others."""
        text = super().get_line(line_index)
        if display(text.plain) != text.plain:
            text.plain = "".join(char if display(char) == char else REPLACEMENT for char in text.plain)
        return text

    def replace(
        self, insert: str, start: Location, end: Location, *, maintain_selection_offset: bool = True
    ) -> AreaEdit:
        """Replace a range of the text, without control characters."""
        text = strip_controls(insert)
        return super().replace(text, start, end, maintain_selection_offset=maintain_selection_offset)
