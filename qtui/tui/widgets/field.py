"""A field of one line to type in."""

from __future__ import annotations

from textual.widgets import Input

from qtui.tui.clipboard import pasteable


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

    def validate_value(self, value: str) -> str:
        """The text on one line, without what could act."""
        return pasteable(value).replace("\n", " ").replace("\t", " ")
