"""A question that is answered with yes or no."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from qtui.text import display
from qtui.tui.screens.dialog import Dialog


class ConfirmDialog(Dialog[bool]):
    """Asks before something is done; anything but yes is no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "yes", "yes", show=False),
        Binding("n", "cancel", "no", show=False),
    ]

    def __init__(self, title: str, text: str) -> None:
        super().__init__(title, hint="y yes   n no")
        self._text = text

    def body(self) -> list[Widget]:
        """The consequences."""
        return [Static(Content(display(self._text, one_line=False)), id="text")]

    def action_yes(self) -> None:
        """Answer yes."""
        self.dismiss(True)
