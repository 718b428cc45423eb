"""A field of one line to type in."""

from __future__ import annotations

from rich.text import Text
from textual.actions import SkipAction
from textual.widgets import Input

from qtui.text import REPLACEMENT, display
from qtui.tui.terminal.clipboard import pasteable

UNKNOWN = {"plus": "+", "minus": "-", "slash": "/", "at": "@", "backslash": "\\", "underscore": "_"}
"""Keys of whose letters Textual does not know when it asks which keys a field takes."""


class Field(Input):
    """Textual's field without its frame. Control characters do not get in, whoever pastes or remembers them."""

    DEFAULT_CSS = """
    Field, Field:focus {
        border: none;
        height: 1;
        padding: 0 1;
        background: $panel;
    }
    """

    def __init__(self, value: str = "", *, placeholder: str = "") -> None:
        super().__init__(value, placeholder=placeholder, compact=True, select_on_focus=False)
        self.cursor_blink = False

    def action_copy(self) -> None:
        """Copy what is selected; where nothing is, the key is for whoever holds the field."""
        if not self.selected_text:
            raise SkipAction
        super().action_copy()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Every key that writes a letter belongs to the field; also those that Textual takes for named ones."""
        return super().check_consume_key(key, character or UNKNOWN.get(key))

    @property
    def _value(self) -> Text:
        """The text as it is drawn, a sign in the place of each character that could reorder or hide others."""
        drawn = super()._value
        if display(drawn.plain) != drawn.plain:
            drawn.plain = "".join(char if display(char) == char else REPLACEMENT for char in drawn.plain)
        return drawn

    def validate_value(self, value: str) -> str:
        """The text on one line, without what could act."""
        return pasteable(value).replace("\n", " ").replace("\t", " ")
