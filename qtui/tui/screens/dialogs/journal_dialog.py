"""The dialog with the journal of edits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from qtui.formatting import format_age
from qtui.tui.present.choices import Choice
from qtui.tui.screens.dialogs.choice_dialog import ChoiceDialog

if TYPE_CHECKING:
    from qtui.recorder.editing.journal import JournalEntry

STATE_TEXTS: Mapping[str, str] = {"done": "", "undone": "undone · ", "dropped": "undone · ", "permanent": ""}
WHY_NOT: Mapping[str, str] = {
    "dropped": "Undone, and not redone before later edits: it cannot be redone.",
    "permanent": "A purge cannot be undone.",
}

HINT = "type to search   enter undo or redo   {back} close"


class JournalDialog(ChoiceDialog["JournalEntry"]):
    """Lists the edits of a store, the newest first; the answer is the one to undo or redo."""

    DEFAULT_CSS = """
    JournalDialog > #box { width: 110; }
    """

    def __init__(self, entries: Sequence[JournalEntry], now: int) -> None:
        title = "Journal of edits" if entries else "No edits of this store yet"
        super().__init__(title, journal_choices(entries, now), placeholder="a part of an edit", hint=HINT)


def journal_choices(entries: Sequence[JournalEntry], now: int) -> list[Choice[JournalEntry]]:
    """Return a line for each edit: what it did, whether it is undone, by which command, and how long ago."""
    return [
        Choice(
            entry,
            entry.summary,
            detail=f"{STATE_TEXTS.get(entry.state, '')}{entry.command} · {format_age(entry.time, now)}",
            why_not=WHY_NOT.get(entry.state),
        )
        for entry in entries
    ]
