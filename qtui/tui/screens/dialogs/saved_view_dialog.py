"""The dialog that opens a saved view, or deletes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from textual import on
from textual.binding import BindingType
from textual.widgets import Input

from qtui.tui.commands.dialogs import DeleteView
from qtui.tui.present.choices import Choice
from qtui.tui.screens.dialogs.choice_dialog import ChoiceDialog
from qtui.tui.state import StoreState
from qtui.tui.widgets.row_list import RowList


class SavedViewDialog(ChoiceDialog[str]):
    """Asks for a saved view by name; `ctrl+d` pressed twice deletes the highlighted one."""

    BINDINGS: ClassVar[list[BindingType]] = [replace(DeleteView.binding(), priority=True)]

    def __init__(self, state: StoreState) -> None:
        super().__init__(
            "Open a view",
            choices_of(state.views),
            placeholder="a name",
            hint="type to search   enter open   {delete-view} delete   {back} cancel",
        )
        self._state = state
        self._to_delete: str | None = None

    @on(RowList.RowHighlighted)
    @on(Input.Changed)
    def _cancel_deletion(self) -> None:
        self._to_delete = None

    def action_delete_view(self) -> None:
        """Delete the highlighted view at the second key press; ask at the first one."""
        choice = self.current
        if choice is None:
            return
        if choice.value != self._to_delete:
            self._to_delete = choice.value
            self.explain(f"Press {self.key_of(DeleteView.ID)} again to delete the view {choice.value}.")
            return
        self._state.save_view(choice.value, None)
        if self._state.views:
            self.search(choices_of(self._state.views))
        else:
            self.dismiss(None)


def choices_of(views: Mapping[str, Mapping[str, Any]]) -> list[Choice[str]]:
    """Return the saved views as choices, their filters beside their names."""
    return [Choice(name, name, note=str(view.get("filter", ""))) for name, view in views.items()]
