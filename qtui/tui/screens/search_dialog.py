"""A dialog with a list that is searched by typing: what choosing one and choosing several have in common."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from qtui.tui.present.choices import Choice
from qtui.tui.screens.dialog import BOX, PADDING, TALL, Dialog
from qtui.tui.widgets.choice_list import ChoiceList
from qtui.tui.widgets.field import Field

T = TypeVar("T")
Answer = TypeVar("Answer")

LONGEST = 18
"""Lines of the list that are shown at most at once."""

AROUND_TALL, AROUND_SHORT = 8, 3
"""Lines that title, field and hint need, with the room between them and without."""


class SearchDialog(Dialog[Answer], Generic[T, Answer]):
    """Shows what matches the field; the cursor moves while the field keeps the focus."""

    DEFAULT_CSS = """
    SearchDialog > #box {
        & > Field { margin-bottom: 1; }
    }
    SearchDialog.-short > #box > Field { margin-bottom: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,ctrl+p", "move(-1)", show=False),
        Binding("down,ctrl+n", "move(1)", show=False),
        Binding("pageup", "move(-10)", show=False),
        Binding("pagedown", "move(10)", show=False),
    ]

    def __init__(self, title: str, choices: Sequence[Choice[T]], *, placeholder: str = "", hint: str = "") -> None:
        super().__init__(title, hint=hint)
        self.list: ChoiceList[T] = ChoiceList(choices)
        self._field = Field(placeholder=placeholder or "search")

    def on_resize(self) -> None:
        """Leave room for what stands around the list."""
        cells = min(BOX, self.size.width) - PADDING
        more = max(0, len(wrap(self._hint, max(1, cells))) - 1)
        around = AROUND_TALL + more if self.size.height >= TALL else AROUND_SHORT
        self.list.styles.max_height = max(1, min(LONGEST, self.size.height - around))

    @property
    def wanted(self) -> str:
        """What is searched for."""
        return self._field.value.strip()

    def body(self) -> list[Widget]:
        """The field to search with, and the list."""
        return [self._field, self.list]

    @on(Input.Changed)
    def _search(self, event: Input.Changed) -> None:
        self.list.show(event.value)

    @on(ChoiceList.Highlighted)
    def _explain(self, event: ChoiceList.Highlighted) -> None:
        self.explain("Nothing matches." if event.choice is None else event.choice.why_not)

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.list.move(by)
