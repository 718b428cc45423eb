"""A choice of several from many, in an order of one's own: the columns of a table, what to group by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widgets import Input

from qtui.tui.present.choices import Choice
from qtui.tui.screens.search_dialog import SearchDialog
from qtui.tui.widgets.choice_list import ChoiceList

T = TypeVar("T")

HINT = "enter accept   tab mark   shift+↑ ↓ move   ctrl+a all   esc cancel"


class MultiChoiceDialog(SearchDialog[T, tuple[T, ...]]):
    """Asks for any number of several; the answer has the marked values in the order of the list.

    Without a change to the marks, the highlighted value belongs to the answer too.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "mark", show=False),
        Binding("ctrl+a", "mark_all", priority=True, show=False),
        Binding("shift+up", "shift(-1)", show=False),
        Binding("shift+down", "shift(1)", show=False),
    ]

    def __init__(
        self, title: str, choices: Sequence[Choice[T]], *, chosen: Sequence[T] = (), placeholder: str = ""
    ) -> None:
        rank = {value: index for index, value in enumerate(chosen)}
        ordered = sorted(choices, key=lambda each: rank.get(each.value, len(rank)))
        super().__init__(title, ordered, placeholder=placeholder, hint=HINT)
        self._chosen = tuple(chosen)
        self._is_touched = False

    def on_mount(self) -> None:
        """Mark what is chosen now."""
        self.list.marked = self._chosen

    @on(Input.Submitted)
    def _accept(self) -> None:
        marked, highlighted = set(self.list.marked), self.list.current
        if not self._is_touched and highlighted is not None and highlighted.why_not is None:
            marked.add(highlighted.value)
        elif not self._is_touched and self.wanted:
            return  # the hint says why there is nothing to take
        self.dismiss(tuple(choice.value for choice in self.list.choices if choice.value in marked))

    @on(ChoiceList.Clicked)
    def _mark_clicked(self) -> None:
        self.action_mark()

    def action_mark(self) -> None:
        """Mark the choice under the cursor, or take its mark off, and go on to the next."""
        choice = self.list.current
        if choice is None or choice.why_not is not None:
            return
        self._is_touched = True
        marked = self.list.marked
        if choice.value in marked:
            self.list.marked = tuple(each for each in marked if each != choice.value)
        else:
            self.list.marked = (*marked, choice.value)
        self.list.move(1)

    def action_mark_all(self) -> None:
        """Mark all that is shown; if all of it is marked, take its marks off."""
        self._is_touched = True
        shown = {line.choice.value for line in self.list.lines if line.choice.why_not is None}
        others = tuple(each for each in self.list.marked if each not in shown)
        self.list.marked = others if shown <= set(self.list.marked) else (*others, *shown)

    def action_shift(self, by: int) -> None:
        """Move the choice under the cursor up or down, while the whole list is shown."""
        here, there = self.list.cursor, self.list.cursor + by
        if self.wanted or not 0 <= there < len(self.list.lines):
            return
        self._is_touched = True
        choices = list(self.list.choices)
        choices[here], choices[there] = choices[there], choices[here]
        self.list.show("", choices)
        self.list.move(there)
