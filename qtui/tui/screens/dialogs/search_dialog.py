"""The base of the dialogs with a list that is searched by typing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from qtui.tui.commands.dialogs import NextChoice, PreviousChoice
from qtui.tui.present.choices import Choice, ChoiceMatch, ChoiceModel
from qtui.tui.screens.dialogs.dialog import MAX_BOX_CELLS, MIN_TALL_LINES, PADDING_CELLS, Dialog
from qtui.tui.widgets.hint import wrap_keys
from qtui.tui.widgets.row_list import RowList
from qtui.tui.widgets.text_field import TextField

T = TypeVar("T")
Answer = TypeVar("Answer")

MAX_LIST_LINES = 18
"""The greatest height of the list."""

OTHER_LINES_TALL, OTHER_LINES_SHORT = 8, 3
"""The height of title, field and hint, with blank lines between them and without."""


class SearchDialog(Dialog[Answer], Generic[T, Answer]):
    """Shows the choices that match the text of a field; the cursor moves while the field keeps the focus."""

    DEFAULT_CSS = """
    SearchDialog > #box {
        & > TextField { margin-bottom: 1; }
    }
    SearchDialog.-short > #box > TextField { margin-bottom: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        PreviousChoice.binding(),
        NextChoice.binding(),
        Binding("pageup", "move(-10)", show=False),
        Binding("pagedown", "move(10)", show=False),
    ]

    EXTRA_LINES: ClassVar[int] = 0
    """The height of what a subclass adds to the body."""

    def __init__(self, title: str, choices: Sequence[Choice[T]], *, placeholder: str = "", hint: str = "") -> None:
        super().__init__(title, hint=hint)
        self.choices = ChoiceModel(choices)
        self.list = RowList[ChoiceMatch[T]](
            self.choices.render, lambda match: match.choice.value, self.choices.matches, is_menu=True
        )
        self._field = TextField(placeholder=placeholder or "search")

    def on_mount(self) -> None:
        """Show why the first choice does not work, if it does not."""
        self._explain()

    def on_resize(self) -> None:
        """Limit the height of the list to the room that title, field and hint leave."""
        cells = min(MAX_BOX_CELLS, self.size.width) - PADDING_CELLS
        wrapped_lines = len(wrap_keys(self.keys_text(), cells)) - 1
        is_tall = self.size.height >= MIN_TALL_LINES
        other_lines = OTHER_LINES_TALL + wrapped_lines if is_tall else OTHER_LINES_SHORT
        other_lines += self.EXTRA_LINES
        self.list.styles.max_height = max(1, min(MAX_LIST_LINES, self.size.height - other_lines))

    @property
    def query_text(self) -> str:
        """Return the text of the field."""
        return self._field.value.strip()

    def body(self) -> list[Widget]:
        return [self._field, self.list]

    @property
    def current(self) -> Choice[T] | None:
        """The choice under the cursor."""
        return self.list.current.choice if self.list.current else None

    def mark(self, values: Sequence[T]) -> None:
        """Mark these values, and no others."""
        self.choices.marked = tuple(values)
        self.list.refresh()

    def search(self, choices: Sequence[Choice[T]] | None = None) -> None:
        """Show the choices that match the text, with the cursor on the best one."""
        self.list.set_rows(self.choices.search(self.query_text, choices), reset_cursor=True)
        self._explain()

    @on(Input.Changed)
    def _search(self) -> None:
        self.search()

    @on(RowList.RowHighlighted)
    def _explain(self) -> None:
        nothing = "Nothing matches." if self.query_text else None
        self.explain(nothing if self.current is None else self.current.why_not)

    def action_move(self, by: int) -> None:
        """Move the cursor by lines."""
        self.list.cursor += by
