"""The list of problems in the store: paths with reasons, to search and to copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import getters, on
from textual.binding import BindingType
from textual.widgets import Input

from qtui.entities import Problem
from qtui.formatting import format_count
from qtui.tui.app import QtuiApp
from qtui.tui.commands.dialogs import CopyAllProblems, CopyProblem
from qtui.tui.present.choices import Choice
from qtui.tui.screens.dialogs.search_dialog import SearchDialog
from qtui.tui.screens.value import ValueScreen
from qtui.tui.widgets.row_list import RowList

KEYS_HINT = "enter in full   {copy-problem} copy   {copy-all-problems} copy all   {back} close"
HINT = f"{KEYS_HINT}   (`qtui doctor` examines what was not read here)"


class ProblemsScreen(SearchDialog[Problem, None]):
    """Lists problems; `enter` shows one in full."""

    DEFAULT_CSS = """
    ProblemsScreen > #box { width: 120; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        replace(CopyProblem.binding(), priority=True),
        replace(CopyAllProblems.binding(), priority=True),
    ]

    app = getters.app(QtuiApp)

    def __init__(self, problems: Sequence[Problem], title: str = "", hint: str = HINT) -> None:
        choices = [Choice(problem, problem.reason, note=problem.path) for problem in problems]
        super().__init__(
            title or format_count(len(problems), "problem"),
            choices,
            placeholder="a part of a reason or a path",
            hint=hint,
        )

    @on(Input.Submitted)
    @on(RowList.RowSelected)
    def _open(self) -> None:
        if self.current is not None:
            self.app.push_screen(ValueScreen("Problem", format_problem(self.current.value)))

    def action_copy(self) -> None:
        """Copy the problem under the cursor."""
        if self.current is not None:
            self._copy([self.current.value])

    def action_copy_all(self) -> None:
        self._copy([line.choice.value for line in self.choices.matches])

    def _copy(self, problems: Sequence[Problem]) -> None:
        self.app.copy("\n".join(map(format_problem, problems)), format_count(len(problems), "problem"))


def format_problem(problem: Problem) -> str:
    """Return a problem as one line."""
    return f"{problem.path} {problem.reason}"
