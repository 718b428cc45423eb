"""What is damaged: counted in the first line, and listed when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from textual import on

from qtui.entities import Problem
from qtui.figures import count, now_ms
from qtui.recorder import Library
from qtui.tui.options import Options
from qtui.tui.screens.browser.layout import Frame
from qtui.tui.widgets.status_line import StatusLine


class Damage(Frame):
    """Remembers every problem that was met in what is shown."""

    def __init__(self, library: Library, options: Options, clock: Callable[[], int] = now_ms) -> None:
        super().__init__(library, options, clock)
        self._met: dict[str, dict[Problem, None]] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem once."""
        return tuple({problem: None for met in self._met.values() for problem in met})

    def _forget(self, what: str) -> None:
        """Forget the problems of what is read anew."""
        self._met[what] = {}

    def _meet(self, what: str, problems: Iterable[Problem]) -> None:
        """Remember some more."""
        self._met.setdefault(what, {}).update(dict.fromkeys(problems))

    def _tell_damage(self) -> None:
        """Say in the first line how many there are."""
        amount = len(self.problems)
        said = f"{count(amount, 'problem')}: ! lists them, qtui doctor examines everything" if amount else ""
        self.status = replace(self.status, failure=said)
        self.refresh_bindings()

    @on(StatusLine.Clicked)
    def _follow_click(self) -> None:
        if self.problems:
            self.action_show_problems()

    def action_show_problems(self) -> None:
        """List what cannot be read as it should."""
        from qtui.tui.screens.problems import ProblemsScreen

        self.app.push_screen(ProblemsScreen(self.problems))
