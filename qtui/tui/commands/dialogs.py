"""Commands of dialogs, which the help lists although it cannot be opened there."""

from __future__ import annotations

from typing import Any

from qtui.tui.commands.command import Command


class PreviousChoice(Command[object]):
    """Go to the previous choice."""

    KEYS = "up,ctrl+p"
    TEXT = "previous"
    ACTION = "move(-1)"


class NextChoice(Command[object]):
    """Go to the next choice."""

    KEYS = "down,ctrl+n"
    TEXT = "next"
    ACTION = "move(1)"


class MarkChoice(Command[object]):
    """Mark or unmark a choice; add a column to the order, reverse or remove it."""

    KEYS = "tab"
    TEXT = "mark"
    ACTION = "mark"


class MarkAllChoices(Command[object]):
    """Mark or unmark all matching choices."""

    KEYS = "ctrl+a"
    TEXT = "all"
    ACTION = "mark_all"


class MoveChoiceUp(Command[object]):
    """Move the choice up."""

    KEYS = "shift+up"
    TEXT = "move up"
    ACTION = "shift(-1)"


class MoveChoiceDown(Command[object]):
    """Move the choice down."""

    KEYS = "shift+down"
    TEXT = "move down"
    ACTION = "shift(1)"


class DeleteView(Command[object]):
    """Delete the saved view; press twice."""

    KEYS = "ctrl+d"
    TEXT = "delete"


class CopyProblem(Command[object]):
    """Copy the problem."""

    KEYS = "ctrl+y"
    TEXT = "copy"
    ACTION = "copy"


class CopyAllProblems(Command[object]):
    """Copy all problems."""

    KEYS = "ctrl+a"
    TEXT = "copy all"
    ACTION = "copy_all"


class RemoveTag(Command[object]):
    """Remove the tag under the cursor, or take its pending change back."""

    KEYS = "ctrl+d"
    TEXT = "remove"


class ShowSystemTags(Command[object]):
    """Show or hide the tags that MLflow and qtui write themselves."""

    KEYS = "ctrl+t"
    TEXT = "system tags"


class EditText(Command[object]):
    """Edit the note in the dialog."""

    KEYS = "enter"
    TEXT = "edit"
    TITLE = "Edit note"


class OpenEditor(Command[object]):
    """Edit the note in $VISUAL or $EDITOR."""

    KEYS = "ctrl+e"
    TEXT = "editor"


class SaveText(Command[object]):
    """Save the note."""

    KEYS = "ctrl+s"
    TEXT = "save"
    TITLE = "Save note"


class AnswerYes(Command[object]):
    """Answer a question with yes; `enter` does too, unless several runs would be deleted."""

    KEYS = "y"
    TEXT = "yes"
    ACTION = "yes"


class AnswerNo(Command[object]):
    """Answer a question with no."""

    KEYS = "n"
    TEXT = "no"
    ACTION = "cancel"


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
