"""The dialog before a purge: what would be removed, and a word to type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from qtui.tui.present.edit_texts import PURGE_WORD, purge_lines
from qtui.tui.screens.dialogs.text_dialog import TextInputDialog

if TYPE_CHECKING:
    from qtui.recorder.editing.purge import PurgePlan


class PurgeDialog(TextInputDialog[bool]):
    """Lists what a purge removes; answers True when the word is typed."""

    DEFAULT_CSS = """
    PurgeDialog > #box { width: 90; & > #plan { height: auto; margin-bottom: 1; } }
    """

    def __init__(self, plan: PurgePlan) -> None:
        super().__init__("Purge for good?", placeholder=f"type {PURGE_WORD} to go on", problem=_problem)
        self._plan = plan

    def body(self) -> list[Widget]:
        return [Static(Content("\n".join(purge_lines(self._plan))), id="plan"), *super().body()]

    def accept(self, text: str) -> None:
        self.dismiss(True)


def _problem(text: str) -> str | None:
    return None if text.strip() == PURGE_WORD else f"Type {PURGE_WORD}: a purge cannot be undone."
