"""The dialog that asks for a confirmation."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from qtui.text import display
from qtui.tui.commands.dialogs import AnswerNo, AnswerYes
from qtui.tui.screens.dialogs.dialog import Dialog


class ConfirmDialog(Dialog[bool]):
    """Asks a question; `y` and `enter` answer True, anything else None. With `needs_yes`, `enter` is no answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        AnswerYes.binding(),
        AnswerNo.binding(),
        Binding("enter", "enter", show=False),
    ]

    def __init__(self, title: str, text: str, *, needs_yes: bool = False) -> None:
        super().__init__(title, hint="{answer-yes} yes   {answer-no} no" if needs_yes else "enter yes   {back} no")
        self._text = text
        self._needs_yes = needs_yes

    def body(self) -> list[Widget]:
        return [Static(Content(display(self._text, one_line=False)), id="text")]

    def action_yes(self) -> None:
        """Answer True."""
        self.dismiss(True)

    def action_enter(self) -> None:
        """Answer True, unless the question needs another key."""
        if self._needs_yes:
            self.explain(f"Press {self.key_of('answer-yes')} to confirm, {self.key_of('answer-no')} to cancel.")
        else:
            self.dismiss(True)
