"""The dialog that asks for one of several choices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from textual import on
from textual.widgets import Input

from qtui.tui.present.choices import Choice
from qtui.tui.screens.search_dialog import SearchDialog
from qtui.tui.widgets.choice_list import ChoiceList

T = TypeVar("T")

HINT = "type to search   enter choose   {back} cancel"


class ChoiceDialog(SearchDialog[T, T]):
    """Asks for one of several choices; the answer is its value."""

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice[T]],
        *,
        chosen: T | None = None,
        placeholder: str = "",
        hint: str = HINT,
    ) -> None:
        super().__init__(title, choices, placeholder=placeholder, hint=hint)
        self._chosen = chosen

    def on_mount(self) -> None:
        """Put the cursor on the chosen value and mark it."""
        if self._chosen is not None:
            self.list.marked = (self._chosen,)
            self.list.go_to(self._chosen)

    @on(Input.Submitted)
    def _accept(self) -> None:
        self._answer(self.list.current)

    @on(ChoiceList.Clicked)
    def _accept_clicked(self, event: ChoiceList.Clicked) -> None:
        self._answer(event.choice)

    def _answer(self, choice: Choice[T] | None) -> None:
        """Answer with a choice, unless it is off."""
        if choice is not None and choice.why_not is None:
            self.dismiss(choice.value)
