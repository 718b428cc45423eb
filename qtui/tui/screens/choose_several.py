"""A choice of several from many, in an order of one's own: the columns of a table, what to group by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widgets import Input

from qtui.tui.screens.search import SearchDialog
from qtui.tui.widgets.choice_list import Choice, ChoiceList
from qtui.tui.widgets.field import Field

T = TypeVar("T")

HINT = "space mark   shift+↑ ↓ move   ctrl+a all   enter accept   esc cancel"


class MarkingField(Field):
    """A field in which a blank is no letter: it marks."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "screen.mark", priority=True, show=False)]


class ChooseSeveral(SearchDialog[T, tuple[T, ...]]):
    """Asks for any number of several; the answer has the marked values in the order of the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+a", "mark_all", priority=True, show=False),
        Binding("shift+up", "shift(-1)", show=False),
        Binding("shift+down", "shift(1)", show=False),
    ]

    FIELD = MarkingField

    def __init__(
        self, title: str, choices: Sequence[Choice[T]], *, chosen: Sequence[T] = (), placeholder: str = ""
    ) -> None:
        rank = {value: index for index, value in enumerate(chosen)}
        ordered = sorted(choices, key=lambda each: rank.get(each.value, len(rank)))
        super().__init__(title, ordered, placeholder=placeholder, hint=HINT)
        self._chosen = tuple(chosen)

    def on_mount(self) -> None:
        """Mark what is chosen now."""
        self.list.marked = self._chosen

    @on(Input.Submitted)
    def _accept(self) -> None:
        marked = set(self.list.marked)
        self.dismiss(tuple(each.value for each in self.list.choices if each.value in marked))

    @on(ChoiceList.Clicked)
    def _mark_clicked(self) -> None:
        self.action_mark()

    def action_mark(self) -> None:
        """Mark the choice under the cursor, or take its mark off, and go on to the next."""
        choice = self.list.current
        if choice is None or choice.why_not is not None:
            return
        marked = self.list.marked
        if choice.value in marked:
            self.list.marked = tuple(each for each in marked if each != choice.value)
        else:
            self.list.marked = (*marked, choice.value)
        self.list.move(1)

    def action_mark_all(self) -> None:
        """Mark all that is shown; if all of it is marked, take its marks off."""
        shown = {line.choice.value for line in self.list.lines if line.choice.why_not is None}
        others = tuple(each for each in self.list.marked if each not in shown)
        self.list.marked = others if shown <= set(self.list.marked) else (*others, *shown)

    def action_shift(self, by: int) -> None:
        """Move the choice under the cursor up or down, while the whole list is shown."""
        here, there = self.list.cursor, self.list.cursor + by
        if self.wanted or not 0 <= there < len(self.list.lines):
            return
        choices = list(self.list.choices)
        choices[here], choices[there] = choices[there], choices[here]
        self.list.show("", choices)
        self.list.move(there)
