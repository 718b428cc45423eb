"""The hint at the bottom of a dialog: its keys, which can be clicked, or a message."""

from __future__ import annotations

import re

from textual.content import Content
from textual.geometry import Size
from textual.style import Style
from textual.widgets import Static

from qtui.text import display, width

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
        super().__init__(id="hint")
        self.show_keys(text)

    def show_keys(self, text: str) -> None:
        """Show keys with their actions; a click presses one."""
        self._keys = display(text, one_line=False)
        self.update(clickable_keys(self._keys))

    def show_message(self, text: str) -> None:
        """Show a message instead of the keys; nothing in it can be clicked."""
        self._keys = ""
        self.update(Content(display(text, one_line=False)))

    def render(self) -> Content:
        """Return the message, or the keys in as many lines as they need."""
        return self._lines(self.content_size.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the number of lines at this width."""
        return self._lines(width).get_height({}, width)

    def _lines(self, cells: int) -> Content:
        if not self._keys:
            return Content(str(self.content))
        return Content("\n").join(map(clickable_keys, wrap_keys(self._keys, cells)))


def wrap_keys(text: str, cells: int) -> list[str]:
    """Return the lines of a hint, which is broken only between its keys."""
    lines: list[str] = []
    for part in text.split(SEPARATOR):
        joined = f"{lines[-1]}{SEPARATOR}{part}" if lines else part
        if lines and width(joined) > cells:
            lines.append(part)
        else:
            lines[-1:] = [joined]
    return lines


def clickable_keys(text: str) -> Content:
    """Return a line of a hint whose keys can be clicked."""
    return Content(SEPARATOR).join(map(_clickable_key, text.split(SEPARATOR)))


def _clickable_key(text: str) -> Content:
    match = _KEY.match(text)
    if match is None:
        return Content(text)
    key = {"esc": "escape", "?": "question_mark"}.get(match["key"], match["key"])
    return Content(text).stylize(Style.from_meta({"@click": f"app.simulate_key('{key}')"}))
