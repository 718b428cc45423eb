"""A question that is answered with a line of text."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from qtui.tui.screens.dialog import Dialog
from qtui.tui.widgets.field import Field

Complaint = Callable[[str], str | None]
"""Says what is wrong with a text, or None."""


class Ask(Dialog[str]):
    """Asks for a line of text, and does not take one that there is a complaint about."""

    def __init__(
        self, title: str, *, value: str = "", placeholder: str = "", complaint: Complaint | None = None
    ) -> None:
        super().__init__(title, hint=HINT)
        self._value = value
        self._placeholder = placeholder
        self._complaint = complaint or (lambda _: None)

    def body(self) -> list[Widget]:
        """The field."""
        return [Field(self._value, placeholder=self._placeholder)]

    @on(Input.Changed)
    def _complain(self, event: Input.Changed) -> None:
        self.explain(self._complaint(event.value))

    @on(Input.Submitted)
    def _answer(self, event: Input.Submitted) -> None:
        if not self._complaint(event.value):
            self.dismiss(event.value)


HINT = "enter accept   esc cancel"
