"""The dialog that asks for several choices in an order: the columns of a table, the fields to group by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, TypeVar

from textual import on
from textual.binding import BindingType
from textual.widgets import Input

from qtui.tui.commands.dialogs import MarkAllChoices, MarkChoice, MoveChoiceDown, MoveChoiceUp
from qtui.tui.present.choices import Choice
from qtui.tui.screens.dialogs.search_dialog import SearchDialog
from qtui.tui.widgets.row_list import RowList

T = TypeVar("T")

HINT = "enter accept   {mark-choice} mark   shift+↑ ↓ move   {mark-all-choices} all   {back} cancel"


class MultiChoiceDialog(SearchDialog[T, tuple[T, ...]]):
    """Asks for any number of choices; the answer has the marked values in the order of the list.

    If no mark was changed, the answer includes the highlighted value.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        MarkChoice.binding(),
        replace(MarkAllChoices.binding(), priority=True),
        MoveChoiceUp.binding(),
        MoveChoiceDown.binding(),
    ]

    def __init__(
        self, title: str, choices: Sequence[Choice[T]], *, chosen: Sequence[T] = (), placeholder: str = ""
    ) -> None:
        rank = {value: index for index, value in enumerate(chosen)}
        ordered = sorted(choices, key=lambda choice: rank.get(choice.value, len(rank)))
        super().__init__(title, ordered, placeholder=placeholder, hint=HINT)
        self._chosen = tuple(chosen)
        self._is_changed = False

    def on_mount(self) -> None:
        """Mark the chosen values."""
        self.mark(self._chosen)

    @on(Input.Submitted)
    def _accept(self) -> None:
        marked, highlighted = set(self.choices.marked), self.current
        if not self._is_changed and highlighted is not None and highlighted.why_not is None:
            marked.add(highlighted.value)
        elif not self._is_changed and self.query_text:
            return  # The hint shows why there is nothing to accept.
        self.dismiss(tuple(choice.value for choice in self.choices.choices if choice.value in marked))

    @on(RowList.RowSelected)
    def _mark_clicked(self) -> None:
        self.action_mark()

    def action_mark(self) -> None:
        """Mark or unmark the choice under the cursor, and go to the next."""
        choice = self.current
        if choice is None or choice.why_not is not None:
            return
        self._is_changed = True
        marked = self.choices.marked
        others = tuple(value for value in marked if value != choice.value)
        self.mark(others if choice.value in marked else (*marked, choice.value))
        self.list.cursor += 1

    def action_mark_all(self) -> None:
        """Mark all matching choices; if all of them are marked, unmark them."""
        self._is_changed = True
        matching = {line.choice.value for line in self.choices.matches if line.choice.why_not is None}
        others = tuple(value for value in self.choices.marked if value not in matching)
        self.mark(others if matching <= set(self.choices.marked) else (*others, *matching))

    def action_shift(self, by: int) -> None:
        """Move the choice under the cursor by lines, if the list is not narrowed by a search."""
        index, new_index = self.list.cursor, self.list.cursor + by
        if self.query_text or not 0 <= new_index < len(self.list.rows):
            return
        self._is_changed = True
        choices = list(self.choices.choices)
        choices[index], choices[new_index] = choices[new_index], choices[index]
        self.list.set_rows(self.choices.search("", choices))
