"""A choice of one from many, found by typing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from qtui.tui.screens.dialog import Dialog
from qtui.tui.widgets.choice_list import Choice, ChoiceList

T = TypeVar("T")

HINT = "type to search   enter choose   esc cancel"


class Choose(Dialog[T]):
    """Asks for one of several; the answer is the value of the choice."""

    DEFAULT_CSS = """
    Choose {
        & Input { border: none; height: 1; padding: 0 1; margin-bottom: 1; background: $panel; }
        & ChoiceList { max-height: 16; }
        &.-short Input { margin-bottom: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,ctrl+p", "move(-1)", show=False),
        Binding("down,ctrl+n", "move(1)", show=False),
        Binding("pageup", "move(-10)", show=False),
        Binding("pagedown", "move(10)", show=False),
    ]

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice[T]],
        *,
        chosen: T | None = None,
        placeholder: str = "",
        hint: str = HINT,
    ) -> None:
        super().__init__(title, hint=hint)
        self.choices = tuple(choices)
        self._chosen = chosen
        self._placeholder = placeholder

    def body(self) -> list[Widget]:
        """The field to search with, and the list."""
        self.list: ChoiceList[T] = ChoiceList(self.choices)
        return [Input(placeholder=self._placeholder or "search", compact=True), self.list]

    def on_mount(self) -> None:
        """Begin at what is chosen now."""
        if self._chosen is not None:
            self.list.marked = (self._chosen,)
            self.list.go_to(self._chosen)

    @on(Input.Changed)
    def _search(self, event: Input.Changed) -> None:
        self.list.show(event.value)

    @on(Input.Submitted)
    def _accept(self) -> None:
        self.accept(self.list.current)

    @on(ChoiceList.Clicked)
    def _accept_click(self, event: ChoiceList.Clicked) -> None:
        self.accept(event.choice)

    @on(ChoiceList.Highlighted)
    def _explain(self, event: ChoiceList.Highlighted) -> None:
        self.hint((event.choice and event.choice.why_not) or ("Nothing matches." if not event.choice else self._hint))

    def accept(self, choice: Choice[T] | None) -> None:
        """Answer with a choice, unless there is a reason against it."""
        if choice is not None and choice.why_not is None:
            self.dismiss(choice.value)

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.list.move(by)
