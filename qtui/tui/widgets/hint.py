"""A line that tells keys, each of which the mouse can press too."""

from __future__ import annotations

import re

from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from qtui.text import display

GAP = "   "
"""What stands between two keys of a hint: `enter accept   esc cancel`."""

_KEY = re.compile(r"(?P<key>enter|esc|space|tab|ctrl\+[a-z]|[a-zA-Z?]) (?![↑↓])")


class Hint(Static):
    """Shows the keys of a dialog, or a sentence in their place."""

    DEFAULT_CSS = """
    Hint {
        height: auto;
        color: $text-muted;
        link-color: $text-muted;
        link-style: none;
        link-color-hover: $accent;
        link-background-hover: transparent;
        link-style-hover: none;
    }
    """
    ALLOW_SELECT = False

    def __init__(self, text: str) -> None:
        super().__init__(pressable(text), id="hint")

    def show_keys(self, text: str) -> None:
        """Show keys with what they do; a click presses one."""
        self.update(pressable(text))

    def show_sentence(self, text: str) -> None:
        """Show a sentence in place of the keys; nothing in it can be clicked."""
        self.update(Content(display(text, one_line=False)))


def pressable(text: str) -> Content:
    """The text; what in it is a key with what it does can be clicked."""
    return Content(GAP).join(_piece(each) for each in display(text, one_line=False).split(GAP))


def _piece(text: str) -> Content:
    found = _KEY.match(text)
    if found is None:
        return Content(text)
    key = {"esc": "escape", "?": "question_mark"}.get(found["key"], found["key"])
    return Content(text).stylize(Style.from_meta({"@click": f"app.simulate_key('{key}')"}))
