"""The dialog that shows a whole value."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from qtui.compare.text_differences import differing_parts
from qtui.text import display
from qtui.tui.messages import CopyText
from qtui.tui.screens.dialogs.dialog import Dialog

DIFFERENT_STYLE = "$accent reverse"
"""The style of the parts that differ from another value."""


class ValueScreen(Dialog[None]):
    """Shows a value with visible control characters; `y` copies it without them."""

    DEFAULT_CSS = """
    ValueScreen > #box { width: 90%; height: auto; & > VerticalScroll { height: auto; max-height: 24; } }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,Y", "copy", "copy", show=False),
        Binding("enter,q", "cancel", show=False),
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
    ]

    def __init__(self, key: str, value: str, other: str | None = None) -> None:
        super().__init__(key, hint="y copy   esc close")
        self._key = key
        self._value = value
        self._other = other

    def body(self) -> list[Widget]:
        return [VerticalScroll(Static(self._content()))]

    def _content(self) -> Content:
        """Return the value, with the parts that differ from the other one highlighted."""
        if self._other is None:
            return Content(display(self._value, one_line=False))
        parts = differing_parts(self._value, self._other)
        return Content.assemble(
            *((display(part, one_line=False), DIFFERENT_STYLE if is_different else "") for part, is_different in parts)
        )

    def action_scroll(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)

    def action_copy(self) -> None:
        """Copy the value and close."""
        self.post_message(CopyText(self._value, display(self._key)))
        self.dismiss(None)
