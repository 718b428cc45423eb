"""A choice of what to sort by: one column, or several in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widgets import Input

from qtui.query.ast import Field as Of
from qtui.query.ast import OrderBy
from qtui.runs.table_layout import TableLayout
from qtui.tui.present.choices import Choice
from qtui.tui.screens.search_dialog import SearchDialog
from qtui.tui.widgets.choice_list import ChoiceList

HINT = "enter sort by it   tab add, reverse, remove   esc cancel"
HINT_SEVERAL = "enter accept   tab add, reverse, remove   esc cancel"
SIGNS = {True: "▲", False: "▼"}


class OrderDialog(SearchDialog[Of, tuple[OrderBy, ...]]):
    """Asks for an order; it begins with the one of a layout."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "mark", show=False)]

    def __init__(self, choices: Sequence[Choice[Of]], layout: TableLayout, *, chosen: Of | None = None) -> None:
        self._choices = choices
        self._layout = layout
        self._here = chosen
        self._is_touched = False
        super().__init__("Sort by", self._told(), placeholder="a column", hint=HINT)

    def on_mount(self) -> None:
        """Begin at the column with the cursor."""
        self._mark()
        if self._here is not None:
            self.list.go_to(self._here)

    def _told(self) -> list[Choice[Of]]:
        """The choices, those that sort with their direction and their turn."""
        turns = {each.field: f"{SIGNS[each.ascending]} {turn}" for turn, each in enumerate(self._layout.order_by, 1)}
        return [replace(each, detail=turns.get(each.value, each.detail)) for each in self._choices]

    def _mark(self) -> None:
        self.list.marked = tuple(each.field for each in self._layout.order_by)

    def action_mark(self) -> None:
        """Sort by the column under the cursor after those that sort already; then turn it round, then leave it out."""
        choice = self.list.current
        if choice is not None:
            self._is_touched = True
            self._layout = self._layout.sort_by(choice.value, add=True)
            self._hint = HINT_SEVERAL
            self.list.show(self.wanted, self._told())
            self.list.go_to(choice.value)
            self._mark()

    @on(Input.Submitted)
    @on(ChoiceList.Clicked)
    def _accept(self) -> None:
        choice = self.list.current
        if self._is_touched:
            self.dismiss(self._layout.order_by)
        elif choice is not None:
            self.dismiss(self._layout.sort_by(choice.value).order_by)
