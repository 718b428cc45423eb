"""The dialog that asks for a line of text."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from qtui.tui.screens.dialogs.dialog import Answer, Dialog
from qtui.tui.widgets.text_field import TextField

HINT = "enter accept   {back} cancel"


class TextInputDialog(Dialog[Answer]):
    """Base of the dialogs with a text field: shows what is wrong with the text, and accepts only a correct one."""

    def __init__(
        self,
        title: str,
        *,
        value: str = "",
        placeholder: str = "",
        problem: Callable[[str], str | None] | None = None,
    ) -> None:
        """Ask for a text; `problem` returns why a text is not accepted, or None."""
        super().__init__(title, hint=HINT)
        self._value = value
        self._placeholder = placeholder
        self._problem = problem or (lambda _: None)

    def accept(self, text: str) -> None:
        """Answer with a correct text."""
        raise NotImplementedError

    def body(self) -> list[Widget]:
        """Return the field."""
        return [TextField(self._value, placeholder=self._placeholder)]

    @on(Input.Changed)
    def _show_problem(self, event: Input.Changed) -> None:
        self.explain(self._problem(event.value))

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        if problem := self._problem(event.value):
            self.explain(problem)
        else:
            self.accept(event.value)


class TextDialog(TextInputDialog[str]):
    """Asks for a line of text."""

    def accept(self, text: str) -> None:
        """Answer with the text."""
        self.dismiss(text)
