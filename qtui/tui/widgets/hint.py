"""The hint at the bottom of a dialog: its keys, which can be clicked, or a message."""

from __future__ import annotations

import re

from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from qtui.text import display

SEPARATOR = "   "
"""Separates the keys of a hint: `enter accept   esc cancel`."""

_KEY = re.compile(r"(?P<key>enter|esc|space|tab|ctrl\+[a-z]|f\d+|[a-zA-Z?]) (?![↑↓])")


class Hint(Static):
    """Shows the keys of a dialog, or a message instead."""

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
        super().__init__(clickable_keys(text), id="hint")

    def show_keys(self, text: str) -> None:
        """Show keys with their actions; a click presses one."""
        self.update(clickable_keys(text))

    def show_message(self, text: str) -> None:
        """Show a message instead of the keys; nothing in it can be clicked."""
        self.update(Content(display(text, one_line=False)))


def clickable_keys(text: str) -> Content:
    """Return a hint whose keys can be clicked."""
    return Content(SEPARATOR).join(_clickable_key(part) for part in display(text, one_line=False).split(SEPARATOR))


def _clickable_key(text: str) -> Content:
    match = _KEY.match(text)
    if match is None:
        return Content(text)
    key = {"esc": "escape", "?": "question_mark"}.get(match["key"], match["key"])
    return Content(text).stylize(Style.from_meta({"@click": f"app.simulate_key('{key}')"}))
