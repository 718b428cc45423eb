"""The choice of a row of a comparison."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qtui.compare.run_comparison import ComparedRow, RunComparison
from qtui.text import display
from qtui.tui.messages import ChooseOne
from qtui.tui.present.choices import Choice
from qtui.tui.present.compare.comparison_plots import RowId, chosen_row, find_row, row_id
from qtui.tui.widgets.compare.view import CompareWidget


class RowChoice:
    """The row that the user chose for a part of a view, such as its metric."""

    def __init__(
        self,
        view: CompareWidget,
        title: str,
        rows: Callable[[RunComparison], Sequence[ComparedRow]],
        on_change: Callable[[], None],
        none_text: str = "",
    ) -> None:
        """`rows` returns the rows to choose from; `none_text` is the choice of none of them, if that is possible."""
        self._view = view
        self._title = title
        self._rows = rows
        self._on_change = on_change
        self._none_text = none_text
        self._identity: RowId | None = None
        self._is_none = False

    @property
    def row(self) -> ComparedRow | None:
        """The row that the user chose."""
        return find_row(self._view.comparison, self._identity)

    @property
    def row_or_first(self) -> ComparedRow | None:
        """The row that the user chose, or else the first one, unless the user chose none."""
        comparison = self._view.comparison
        return None if self._is_none else chosen_row(comparison, self._identity, self._rows(comparison))

    def ask(self, current: ComparedRow | None) -> None:
        """Ask for a row."""
        comparison = self._view.comparison
        choices: list[Choice[RowId | None]] = [Choice(None, self._none_text)] if self._none_text else []
        choices += [
            Choice(row_id(row), display(comparison.titles[row]), row.kind.value) for row in self._rows(comparison)
        ]
        chosen = None if current is None else row_id(current)
        self._view.post_message(ChooseOne(self._title, choices, chosen, on_answer=self._use).set_sender(self._view))

    def _use(self, identity: RowId | None) -> None:
        self._identity, self._is_none = identity, identity is None
        self._on_change()
