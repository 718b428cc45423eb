"""Text fields that draw no characters that could act, such as control characters."""

from __future__ import annotations

from rich.text import Text
from textual.actions import SkipAction
from textual.widgets import Input, TextArea

from qtui.text import REPLACEMENT, display
from qtui.tui.terminal.clipboard import strip_controls

CHARACTERS_OF_KEYS = {"plus": "+", "minus": "-", "slash": "/", "at": "@", "backslash": "\\", "underscore": "_"}
"""The characters of keys that Textual passes by name only when it asks which keys a field consumes."""


class SafeInput(Input):
    """Textual's input field without control characters in its value, from paste, key or code."""

    def action_copy(self) -> None:
        """Copy the selection; without one, leave the key to a parent."""
        if not self.selected_text:
            raise SkipAction
        super().action_copy()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Return whether the field consumes a key: every key with a character, even if Textual knows only its name."""
        return super().check_consume_key(key, character or CHARACTERS_OF_KEYS.get(key))

    @property
    def _value(self) -> Text:
        """The text to draw, with a sign for each character that could reorder or hide others."""
        return _visible(super()._value)

    def validate_value(self, value: str) -> str:
        """Return the text on one line without control characters."""
        return strip_controls(value).replace("\n", " ").replace("\t", " ")


class SafeTextArea(TextArea):
    """Textual's text editor; control characters of a pasted text are drawn as signs."""

    def get_line(self, line_index: int) -> Text:
        """Return a line to draw, with a sign for each character that could reorder or hide others."""
        return _visible(super().get_line(line_index))


def _visible(text: Text) -> Text:
    if display(text.plain) != text.plain:
        text.plain = "".join(char if display(char) == char else REPLACEMENT for char in text.plain)
    return text
