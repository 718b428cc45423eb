"""The dialog that asks for one of several choices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from textual import on
from textual.widgets import Input

from qtui.tui.present.choices import Choice
from qtui.tui.screens.dialogs.search_dialog import SearchDialog
from qtui.tui.widgets.row_list import RowList

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
            self.mark((self._chosen,))
            self.list.go_to(self._chosen)

    @on(Input.Submitted)
    @on(RowList.RowSelected)
    def _accept(self) -> None:
        """Answer with the choice under the cursor, unless it is off."""
        if self.current is not None and self.current.why_not is None:
            self.dismiss(self.current.value)
