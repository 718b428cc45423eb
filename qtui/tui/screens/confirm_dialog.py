"""The dialog that asks for a confirmation."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from qtui.text import display
from qtui.tui.commands.dialogs import AnswerNo, AnswerYes
from qtui.tui.screens.dialog import Dialog


class ConfirmDialog(Dialog[bool]):
    """Asks a question; `y` and `enter` answer True, anything else None."""

    BINDINGS: ClassVar[list[BindingType]] = [AnswerYes.binding(), AnswerNo.binding()]

    def __init__(self, title: str, text: str) -> None:
        super().__init__(title, hint="{answer-yes} yes   {answer-no} no")
        self._text = text

    def body(self) -> list[Widget]:
        """Return the text below the question."""
        return [Static(Content(display(self._text, one_line=False)), id="text")]

    def action_yes(self) -> None:
        """Answer True."""
        self.dismiss(True)
