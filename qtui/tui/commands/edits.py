"""Commands that change runs and experiments, and those of the journal of edits."""

from __future__ import annotations

from typing import Protocol

from qtui.tui.commands.command import Command


class JournalHost(Protocol):
    """The property that the commands of the journal read."""

    @property
    def read_only_reason(self) -> str:
        """Return why the store cannot be edited; empty if it can."""


class EditHost(JournalHost, Protocol):
    """The properties that the commands of edits read."""

    @property
    def edit_count(self) -> int:
        """Return the number of runs or experiments that an edit changes."""

    @property
    def edits_deleted(self) -> bool:
        """Return whether all of these are deleted."""


class JournalCommand(Command[JournalHost]):
    """Base of commands that need a store that can be edited."""

    @classmethod
    def why_not(cls, host: JournalHost) -> str | None:
        return host.read_only_reason or None


class AnyStageCommand(Command[EditHost]):
    """Base of edits of active and of deleted items."""

    @classmethod
    def why_not(cls, host: EditHost) -> str | None:
        return host.read_only_reason or (None if host.edit_count else "The cursor is on nothing that can be edited.")


class ActiveCommand(AnyStageCommand):
    """Base of edits of active items."""

    @classmethod
    def why_not(cls, host: EditHost) -> str | None:
        deleted = "What is deleted cannot be changed: restore it first."
        return super().why_not(host) or (deleted if host.edits_deleted else None)


class EditTags(ActiveCommand):
    """Edit the tags of the marked runs, or of the run under the cursor."""

    KEYS = "t"
    TEXT = "tags"
    FOOTER = True


class EditNote(ActiveCommand):
    """Show and edit the note of the marked runs, or of the run under the cursor."""

    KEYS = "n"
    TEXT = "note"
    TITLE = "Note"


class EditName(ActiveCommand):
    """Rename the run under the cursor, or number the marked runs."""

    ID = "rename"
    KEYS = "N,f2"
    TEXT = "rename"
    TITLE = "Rename"


class FinishRuns(ActiveCommand):
    """End stale runs: set the status of running runs that write nothing any more."""

    ID = "finish"
    KEYS = "E"
    TEXT = "end"
    TITLE = "End stale runs"


class ToggleStar(ActiveCommand):
    """Star the marked runs, or the run under the cursor, or remove the star; it is the tag qtui.star."""

    ID = "star"
    KEYS = "f"
    TEXT = "star"
    TITLE = "Star"


class DeleteOrRestore(AnyStageCommand):
    """Delete the marked runs, or the run under the cursor; restore those that are deleted."""

    ID = "delete"
    KEYS = "D"
    TEXT = "delete"
    TITLE = "Delete / restore runs"


class DeleteOrRestoreExperiment(AnyStageCommand):
    """Delete the experiment with its runs, or the experiments of the folder; restore those that are deleted."""

    ID = "delete"
    KEYS = "D"
    TEXT = "delete"
    TITLE = "Delete / restore experiment"


class UndoEdit(JournalCommand):
    """Undo the last edit, also one of an earlier session or of a command."""

    ID = "undo"
    KEYS = "u"
    TEXT = "undo"
    TITLE = "Undo"


class RedoEdit(JournalCommand):
    """Do again what was undone last."""

    ID = "redo"
    KEYS = "U"
    TEXT = "redo"
    TITLE = "Redo"
