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


class RunEditHost(EditHost, Protocol):
    """The properties that the commands of edits of runs read."""

    @property
    def finish_refusal(self) -> str:
        """Return why none of the runs can be ended; empty if one can."""


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


class FinishRuns(Command[RunEditHost]):
    """End stale runs: set the status of running runs that write nothing any more."""

    ID = "finish"
    KEYS = "E"
    TEXT = "end"
    TITLE = "End stale runs"

    @classmethod
    def why_not(cls, host: RunEditHost) -> str | None:
        return ActiveCommand.why_not(host) or host.finish_refusal or None


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


class EditExperimentTags(ActiveCommand):
    """Edit the tags of the experiment, or of the experiments of the folder."""

    ID = "edit-tags"
    KEYS = "t"
    TEXT = "tags"
    TITLE = "Edit tags of experiment"


class EditExperimentNote(ActiveCommand):
    """Show and edit the note of the experiment."""

    ID = "edit-note"
    KEYS = "n"
    TEXT = "note"
    TITLE = "Note of experiment"


class EditExperimentName(ActiveCommand):
    """Rename the experiment."""

    ID = "rename"
    KEYS = "N,f2"
    TEXT = "rename"
    TITLE = "Rename experiment"


class NewExperiment(JournalCommand):
    """Create an experiment."""

    KEYS = "a"
    TEXT = "new experiment"


class PurgeRuns(AnyStageCommand):
    """Remove deleted runs and their artifacts for good, after a list of what is removed; in the deleted view."""

    ID = "purge"
    KEYS = "P"
    TEXT = "purge"
    TITLE = "Purge runs"

    @classmethod
    def why_not(cls, host: EditHost) -> str | None:
        needed = "Only what is deleted can be purged."
        return super().why_not(host) or (None if host.edits_deleted else needed)


class PurgeExperiments(PurgeRuns):
    """Remove the deleted experiment with its runs for good."""

    ID = "purge"
    KEYS = "P"
    TEXT = "purge"
    TITLE = "Purge experiment"


class ShowJournal(Command[JournalHost]):
    """List the edits of this store: when, what, by which command; undo or redo one of them."""

    ID = "journal"
    KEYS = "J"
    TEXT = "journal"
    TITLE = "Journal of edits"


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
