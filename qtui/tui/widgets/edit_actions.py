"""The edits that a pane offers for its runs or experiments."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message import Message

from qtui.entities import STAR_TAG
from qtui.tui.messages import Confirm, EditRequested
from qtui.tui.present.edit_selection import EditSelection
from qtui.tui.present.edit_texts import delete_question

if TYPE_CHECKING:
    from qtui.store.edits import Edit


class EditActions:
    """Asks for what an edit needs to know, and requests the edit."""

    def __init__(self, post: Callable[[Message], object], selection: Callable[[], EditSelection]) -> None:
        """`selection` returns what is edited: the marked items, or those under the cursor."""
        self._post = post
        self._selection = selection

    def _request(self, *edits: Edit) -> None:
        self._post(EditRequested(edits))

    def toggle_star(self) -> None:
        """Star the items, or remove the star if all of them have one."""
        from qtui.recorder import DropTags, SetTags

        selection = self._selection()
        if selection.all_starred:
            self._request(DropTags(selection.active, [STAR_TAG]))
        else:
            self._request(SetTags(selection.active, {STAR_TAG: "1"}))

    def delete_or_restore(self) -> None:
        """Ask whether to delete the active items; restore the items if all of them are deleted."""
        from qtui.recorder import Delete, Restore

        selection = self._selection()
        items = selection.active
        if not items:
            self._request(Restore(selection.items))
            return
        title, text = delete_question(items, selection.run_count, selection.hidden_count)
        needs_yes = len(items) + selection.run_count > 1
        self._post(Confirm(title, text, needs_yes, on_answer=lambda _: self._request(Delete(items))))
