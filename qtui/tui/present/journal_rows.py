"""The journal of edits as the choices of a dialog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from qtui.formatting import format_age
from qtui.tui.present.choices import Choice

if TYPE_CHECKING:
    from qtui.recorder.editing.journal import JournalEntry

STATE_TEXTS: Mapping[str, str] = {"done": "", "undone": "undone · ", "dropped": "undone · ", "permanent": ""}
WHY_NOT: Mapping[str, str] = {
    "dropped": "Undone, and not redone before later edits: it cannot be redone.",
    "permanent": "A purge cannot be undone.",
}


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
