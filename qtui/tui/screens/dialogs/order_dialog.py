"""The dialog that asks for the columns to sort by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widgets import Input

from qtui.query.ast import Field, OrderBy
from qtui.runs.table_layout import TableLayout
from qtui.tui.commands.dialogs import MarkChoice
from qtui.tui.present.choices import Choice
from qtui.tui.screens.dialogs.search_dialog import SearchDialog
from qtui.tui.widgets.row_list import RowList

HINT = "enter sort by it   {mark-choice} add, reverse, remove   {back} cancel"
HINT_SEVERAL = "enter accept   {mark-choice} add, reverse, remove   {back} cancel"
ARROWS = {True: "▲", False: "▼"}
"""The signs of ascending and descending order."""


class OrderDialog(SearchDialog[Field, tuple[OrderBy, ...]]):
    """Asks for one or several columns to sort by; it starts with the order of a layout."""

    BINDINGS: ClassVar[list[BindingType]] = [MarkChoice.binding()]

    def __init__(self, choices: Sequence[Choice[Field]], layout: TableLayout, *, chosen: Field | None = None) -> None:
        self._choices = choices
        self._layout = layout
        self._chosen = chosen
        self._is_changed = False
        super().__init__("Sort by", self._choices_with_order(), placeholder="a column", hint=HINT)

    def on_mount(self) -> None:
        """Put the cursor on the chosen column."""
        self._mark()
        if self._chosen is not None:
            self.list.go_to(self._chosen)

    def _choices_with_order(self) -> list[Choice[Field]]:
        """Return the choices; those in the order have their direction and position as detail."""
        details = {
            order.field: f"{ARROWS[order.ascending]} {position}"
            for position, order in enumerate(self._layout.order_by, 1)
        }
        return [replace(choice, detail=details.get(choice.value, choice.detail)) for choice in self._choices]

    def _mark(self) -> None:
        self.mark([order.field for order in self._layout.order_by])

    def action_mark(self) -> None:
        """Append the column under the cursor to the order; reverse it at the second press, remove it at the third."""
        choice = self.current
        if choice is not None:
            self._is_changed = True
            self._layout = self._layout.sort_by(choice.value, add=True)
            self._hint = HINT_SEVERAL
            self.search(self._choices_with_order())
            self.list.go_to(choice.value)
            self._mark()

    @on(Input.Submitted)
    @on(RowList.RowSelected)
    def _accept(self) -> None:
        choice = self.current
        if self._is_changed:
            self.dismiss(self._layout.order_by)
        elif choice is not None:
            self.dismiss(self._layout.sort_by(choice.value).order_by)
