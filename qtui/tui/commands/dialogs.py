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
    AnswerYes,
    AnswerNo,
)
"""The commands of dialogs, in the order of the help."""
