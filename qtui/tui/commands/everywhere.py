"""The commands that work wherever the focus is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from qtui.tui.commands.command import Command


class Quit(Command[Any]):
    """Quit qtui."""

    KEYS = "q,ctrl+q,ctrl+c"
    TEXT = "quit"


class Help(Command[Any]):
    """Show the keys that work here, and all others."""

    KEYS = "?,f1"
    TEXT = "keys"
    TITLE = "Keys"


class Palette(Command[Any]):
    """Find a command by name."""

    KEYS = ":,ctrl+p"
    TEXT = "commands"
    TITLE = "Command palette"


class Back(Command[Any]):
    """Go back: leave the field, clear the filter, close the screen."""

    KEYS = "escape"
    TEXT = "back"


class CloseScreen(Command[Any]):
    """Close the screen and return to the previous one."""

    KEYS = "q"
    TEXT = "back"
    TITLE = "Close"
    ACTION = "dismiss"


class NextPane(Command[Any]):
    """Go to the next pane."""

    KEYS = "tab"
    TEXT = "next pane"


class PreviousPane(Command[Any]):
    """Go to the previous pane."""

    KEYS = "shift+tab"
    TEXT = "previous pane"


class FirstPane(Command[Any]):
    """Go to the experiments."""

    KEYS = "1"
    TEXT = "experiments"
    TITLE = "Go to experiments"


class SecondPane(Command[Any]):
    """Go to the runs."""

    KEYS = "2"
    TEXT = "runs"
    TITLE = "Go to runs"


class ThirdPane(Command[Any]):
    """Go to the details of the run."""

    KEYS = "3"
    TEXT = "details"
    TITLE = "Go to details"


class Zoom(Command[Any]):
    """Show only this pane, or all panes again."""

    KEYS = "z"
    TEXT = "zoom"
    TITLE = "Zoom pane"


class HideExperiments(Command[Any]):
    """Hide the experiments, or show them again."""

    KEYS = "backslash"
    TEXT = "hide experiments"


class Filter(Command[Any]):
    """Show only what matches; applies while you type."""

    KEYS = "/"
    TEXT = "filter"
    FOOTER = True


class Refresh(Command[Any]):
    """Read the changes in the store now."""

    KEYS = "r"
    TEXT = "refresh"


class ToggleLive(Command[Any]):
    """Turn live updates on or off."""

    KEYS = "R"
    TEXT = "live"
    TITLE = "Live updates"


class SwitchTheme(Command[Any]):
    """Choose a theme; it is remembered."""

    KEYS = "ctrl+t"
    TEXT = "theme"
    TITLE = "Theme"


class Redraw(Command[Any]):
    """Redraw the whole screen, after another program wrote to the terminal."""

    KEYS = "ctrl+l"
    TEXT = "redraw"


class Suspend(Command[Any]):
    """Suspend qtui and return to the shell; `fg` resumes it."""

    KEYS = "ctrl+z"
    TEXT = "suspend"
    ACTION = "suspend_process"


class ProblemsHost(Protocol):
    """The state of the screen that lists problems."""

    @property
    def problems(self) -> Sequence[object]:
        """The damage met so far."""


class ShowProblems(Command[ProblemsHost]):
    """List what cannot be read in the store, with the reasons."""

    KEYS = "!"
    TEXT = "problems"
    TITLE = "Problems"

    @classmethod
    def why_not(cls, host: ProblemsHost) -> str | None:
        return None if host.problems else "No problems so far; `qtui doctor` checks everything."
