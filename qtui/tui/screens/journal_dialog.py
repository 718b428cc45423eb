"""The dialog with the journal of edits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qtui.tui.present.journal_rows import journal_choices
from qtui.tui.screens.choice_dialog import ChoiceDialog

if TYPE_CHECKING:
    from qtui.recorder.editing.journal import JournalEntry

HINT = "type to search   enter undo or redo   {back} close"


class JournalDialog(ChoiceDialog["JournalEntry"]):
    """Lists the edits of a store, the newest first; the answer is the one to undo or redo."""

    DEFAULT_CSS = """
    JournalDialog > #box { width: 110; }
    """

    def __init__(self, entries: Sequence[JournalEntry], now: int) -> None:
        title = "Journal of edits" if entries else "No edits of this store yet"
        super().__init__(title, journal_choices(entries, now), placeholder="a part of an edit", hint=HINT)
