"""Commands of dialogs, which the help lists although it cannot be opened there."""

from __future__ import annotations

from typing import Any

from qtui.tui.commands.command import Command


class PreviousChoice(Command[object], keys="up,ctrl+p", text="previous", action="move(-1)"):
    """Go to the previous choice."""


class NextChoice(Command[object], keys="down,ctrl+n", text="next", action="move(1)"):
    """Go to the next choice."""


class MarkChoice(Command[object], keys="tab", text="mark", action="mark"):
    """Mark or unmark a choice; add a column to the order, reverse or remove it."""


class MarkAllChoices(Command[object], keys="ctrl+a", text="all", action="mark_all"):
    """Mark or unmark all matching choices."""


class MoveChoiceUp(Command[object], keys="shift+up", text="move up", action="shift(-1)"):
    """Move the choice up."""


class MoveChoiceDown(Command[object], keys="shift+down", text="move down", action="shift(1)"):
    """Move the choice down."""


class DeleteView(Command[object], keys="ctrl+d", text="delete"):
    """Delete the saved view; press twice."""


class CopyProblem(Command[object], keys="ctrl+y", text="copy", action="copy"):
    """Copy the problem."""


class CopyAllProblems(Command[object], keys="ctrl+a", text="copy all", action="copy_all"):
    """Copy all problems."""


class RemoveTag(Command[object], keys="ctrl+d", text="remove"):
    """Remove the tag under the cursor, or take its pending change back."""


class ShowSystemTags(Command[object], keys="ctrl+t", text="system tags"):
    """Show or hide the tags that MLflow and qtui write themselves."""


class EditText(Command[object], keys="enter", text="edit", title="Edit note"):
    """Edit the note in the dialog."""


class OpenEditor(Command[object], keys="ctrl+e", text="editor"):
    """Edit the note in $VISUAL or $EDITOR."""


class SaveText(Command[object], keys="ctrl+s", text="save", title="Save note"):
    """Save the note."""


class AnswerYes(Command[object], keys="y", text="yes", action="yes"):
    """Answer a question with yes; `enter` does too, unless several runs would be deleted."""


class AnswerNo(Command[object], keys="n", text="no", action="cancel"):
    """Answer a question with no."""


DIALOG_COMMANDS: tuple[type[Command[Any]], ...] = (
    PreviousChoice,
    NextChoice,
    MarkChoice,
    MarkAllChoices,
    MoveChoiceUp,
    MoveChoiceDown,
    DeleteView,
    CopyProblem,
    CopyAllProblems,
    RemoveTag,
    ShowSystemTags,
    EditText,
    OpenEditor,
    SaveText,
    AnswerYes,
    AnswerNo,
)
"""The commands of dialogs, in the order of the help."""
