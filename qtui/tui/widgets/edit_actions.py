"""The edits that a pane offers for its runs or experiments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from qtui.entities import NOTE_TAG, STAR_TAG, RunInfo, Status
from qtui.formatting import format_count
from qtui.tui.messages import (
    AskNote,
    AskTags,
    AskText,
    ChooseOne,
    Confirm,
    EditRequested,
    FinishRequested,
    PurgeRequested,
    TagsRequested,
)
from qtui.tui.present.choices import Choice
from qtui.tui.present.edit_texts import (
    delete_question,
    hidden_text,
    item_id,
    name_problem,
    noun_of,
    subject,
)
from qtui.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from qtui.store.edits import Edit
    from qtui.tui.present.edit_selection import EditSelection


END_STATUSES = (Status.FAILED, Status.KILLED, Status.FINISHED)
DELETE_ADVICE = "{undo} undoes it; {switch-view} shows what is deleted, {delete} restores it there."


class EditActions:
    """Asks for what an edit needs to know, and requests the edit."""

    def __init__(
        self,
        pane: Pane,
        selection: Callable[[], EditSelection],
        on_create: Callable[[str], object] = lambda name: None,
    ) -> None:
        """`selection` returns what is edited: the marked items, or those under the cursor.

        `on_create` is called with the name of an experiment before it is created.
        """
        self._pane = pane
        self._post = pane.post_message
        self._selection = selection
        self._on_create = on_create

    def _request(self, *edits: Edit) -> None:
        self._post(EditRequested(edits))

    def _with_tags(self, then: Callable[[EditSelection, list[Mapping[str, str]]], object]) -> None:
        """Call a function with the active items and their tags, which are read where they are not loaded."""
        selection = self._selection()
        items = selection.active
        tags = [selection.tags_of(item) for item in items]
        missing = tuple(
            item for item, loaded in zip(items, tags, strict=True) if loaded is None and isinstance(item, RunInfo)
        )

        def use(read: Mapping[str, Mapping[str, str]]) -> None:
            then(selection, [read.get(item_id(item), loaded or {}) for item, loaded in zip(items, tags, strict=True)])

        if missing:
            self._post(TagsRequested(missing, use))
        else:
            use({})

    def edit_tags(self) -> None:
        """Ask for changes of the tags."""
        self._with_tags(self._ask_tags)

    def _ask_tags(self, selection: EditSelection, tags: list[Mapping[str, str]]) -> None:
        from qtui.recorder import DropTags, SetTags
        from qtui.tui.present.tag_editor import TagEditor

        items = selection.active

        def write(changes: Mapping[str, str | None]) -> None:
            values = {key: value for key, value in changes.items() if value is not None}
            dropped = [key for key, value in changes.items() if value is None]
            set_tags, drop_tags = SetTags(items, values), DropTags(items, dropped)
            self._request(*([set_tags] if values else []), *([drop_tags] if dropped else []))

        editor = TagEditor(tags, selection.vocabulary(), noun_of(items))
        self._post(AskTags(f"Tags of {subject(items)}{hidden_text(selection.hidden_count)}", editor, on_answer=write))

    def edit_note(self) -> None:
        """Show the note, and ask for another text."""
        self._with_tags(self._ask_note)

    def _ask_note(self, selection: EditSelection, tags: list[Mapping[str, str]]) -> None:
        from qtui.recorder import SetNote

        items = selection.active
        notes = list(dict.fromkeys(item.get(NOTE_TAG, "") for item in tags))
        warning = f"{len(notes):,} different notes: the text that you save replaces all of them."
        self._post(
            AskNote(
                f"Note of {subject(items)}{hidden_text(selection.hidden_count)}",
                notes[0] if len(notes) == 1 else "",
                warning if len(notes) > 1 else "",
                on_answer=lambda text: self._request(SetNote(items, text)),
            )
        )

    def rename(self) -> None:
        """Ask for a name; several items get a name with a number."""
        from qtui.recorder import Rename
        from qtui.store.edits import NUMBER_SIGN, numbered_names

        selection = self._selection()
        items = selection.active

        def write(name: str) -> None:
            names = numbered_names(name, len(items))
            self._request(*(Rename([item], text.strip()) for item, text in zip(items, names, strict=True)))

        several = len(items) > 1
        self._post(
            AskText(
                f"Rename {subject(items)}{hidden_text(selection.hidden_count)}",
                "" if several else items[0].name,
                f"such as lgb-{NUMBER_SIGN}: the number in the order of the table" if several else "a name",
                lambda text: name_problem(text, len(items)),
                on_answer=write,
            )
        )

    def finish(self) -> None:
        """Ask for the status of the stale runs, and end them."""
        selection = self._selection()
        running = [item for item in selection.active if isinstance(item, RunInfo) and item.status == Status.RUNNING]
        stale = [run for run in running if run.run_id in selection.stale]
        if not stale:
            return
        writing = len(running) - len(stale)
        left_out = f"{format_count(writing, 'run')} still writing: left out" if writing else ""
        self._post(
            ChooseOne(
                f"End {subject(stale)} as",
                [Choice(status.value, status.value, note=left_out) for status in END_STATUSES],
                on_answer=lambda status: self._post(FinishRequested(tuple(stale), status)),
            )
        )

    def purge(self) -> None:
        """Request a list of what would be removed, and ask whether to remove it for good."""
        self._post(PurgeRequested(self._selection().items))

    def create_experiment(self) -> None:
        """Ask for a name, and create an experiment."""
        from qtui.recorder import CreateExperiment

        def create(name: str) -> None:
            self._on_create(name.strip())
            self._request(CreateExperiment(name.strip()))

        self._post(
            AskText(
                "New experiment",
                placeholder="a name; a slash makes a folder",
                problem=lambda text: name_problem(text, 1),
                on_answer=create,
            )
        )

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
        advice = self._pane.fill_keys(DELETE_ADVICE)
        title, text = delete_question(items, advice, selection.run_count, selection.hidden_count)
        needs_yes = len(items) + selection.run_count > 1
        self._post(Confirm(title, text, needs_yes, on_answer=lambda _: self._request(Delete(items))))
