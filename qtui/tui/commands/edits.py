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
        return host.read_only_reason or (
            None if host.edit_count else "There is nothing to edit here: go to a run or an experiment."
        )


class ActiveCommand(AnyStageCommand):
    """Base of edits of active items."""

    @classmethod
    def why_not(cls, host: EditHost) -> str | None:
        deleted = "What is deleted cannot be changed: restore it first."
        return super().why_not(host) or (deleted if host.edits_deleted else None)


class EditTags(ActiveCommand, keys="t", text="tags", footer=True, call=("edits.edit_tags",)):
    """Edit the tags of the marked runs, or of the run under the cursor."""


class EditNote(ActiveCommand, keys="n", text="note", title="Note", call=("edits.edit_note",)):
    """Show and edit the note of the marked runs, or of the run under the cursor."""


class EditName(ActiveCommand, keys="N,f2", text="rename", id="rename", title="Rename", call=("edits.rename",)):
    """Rename the run under the cursor, or number the marked runs."""


class FinishRuns(
    Command[RunEditHost], keys="E", text="end", id="finish", title="End stale runs", call=("edits.finish",)
):
    """End stale runs: set the status of running runs that write nothing any more."""

    @classmethod
    def why_not(cls, host: RunEditHost) -> str | None:
        return ActiveCommand.why_not(host) or host.finish_refusal or None


class ToggleStar(ActiveCommand, keys="f", text="star", id="star", title="Star", call=("edits.toggle_star",)):
    """Star the marked runs, or the run under the cursor, or remove the star; it is the tag qtui.star."""


class DeleteOrRestore(
    AnyStageCommand,
    keys="D",
    text="delete",
    id="delete",
    title="Delete / restore runs",
    call=("edits.delete_or_restore",),
):
    """Delete the marked runs, or the run under the cursor; restore those that are deleted."""


class DeleteOrRestoreExperiment(
    AnyStageCommand,
    keys="D",
    text="delete",
    id="delete",
    title="Delete / restore experiment",
    call=("edits.delete_or_restore",),
):
    """Delete the experiment with its runs, or the experiments of the folder; restore those that are deleted."""


class EditExperimentTags(
    ActiveCommand, keys="t", text="tags", id="edit-tags", title="Edit tags of experiment", call=("edits.edit_tags",)
):
    """Edit the tags of the experiment, or of the experiments of the folder."""


class EditExperimentNote(
    ActiveCommand, keys="n", text="note", id="edit-note", title="Note of experiment", call=("edits.edit_note",)
):
    """Show and edit the note of the experiment."""


class EditExperimentName(
    ActiveCommand, keys="N,f2", text="rename", id="rename", title="Rename experiment", call=("edits.rename",)
):
    """Rename the experiment."""


class NewExperiment(JournalCommand, keys="a", text="new experiment", call=("edits.create_experiment",)):
    """Create an experiment."""


class PurgeRuns(AnyStageCommand, keys="P", text="purge", id="purge", call=("edits.purge",)):
    """Remove deleted runs and their artifacts for good, after a list of what is removed; in the deleted view."""

    @classmethod
    def why_not(cls, host: EditHost) -> str | None:
        needed = "Only what is deleted can be purged."
        return super().why_not(host) or (None if host.edits_deleted else needed)


class PurgeExperiments(PurgeRuns, keys="P", text="purge", id="purge", title="Purge experiment", call=("edits.purge",)):
    """Remove the deleted experiment with its runs for good."""


class ShowJournal(
    Command[JournalHost],
    keys="J",
    text="journal",
    id="journal",
    title="Journal of edits",
    call=("edit_runner.show_journal",),
):
    """List the edits of this store: when, what, by which command; undo or redo one of them."""


class UndoEdit(JournalCommand, keys="u", text="undo", id="undo", title="Undo", call=("edit_runner.undo",)):
    """Undo the last edit, also one of an earlier session or of a command."""


class RedoEdit(JournalCommand, keys="U", text="redo", id="redo", title="Redo", call=("edit_runner.redo",)):
    """Do again what was undone last."""
