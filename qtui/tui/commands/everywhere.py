"""The commands that work wherever the focus is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from qtui.tui.commands.command import Command


class Quit(Command[Any], keys="q,ctrl+q,ctrl+c", text="quit"):
    """Quit qtui."""


class Help(Command[Any], keys="?,f1", text="keys", title="Keys"):
    """Show the keys that work here, and all others."""


class Palette(Command[Any], keys=":,ctrl+p", text="commands", title="Command palette"):
    """Find a command by name."""


class Back(Command[Any], keys="escape", text="back"):
    """Go back: leave the field, then clear its filter, then unmark the runs; close the screen."""


class CloseScreen(Command[Any], keys="q", text="back", title="Close", action="dismiss"):
    """Close the screen and return to the previous one."""


class NextPane(Command[Any], keys="tab", text="next pane", call=("go_to_neighbour", 1)):
    """Go to the next pane."""


class PreviousPane(Command[Any], keys="shift+tab", text="previous pane", call=("go_to_neighbour", -1)):
    """Go to the previous pane."""


class FirstPane(Command[Any], keys="1", text="experiments", title="Go to experiments", call=("go_to", 0)):
    """Go to the experiments."""


class SecondPane(Command[Any], keys="2", text="runs", title="Go to runs", call=("go_to", 1)):
    """Go to the runs."""


class ThirdPane(Command[Any], keys="3", text="details", title="Go to details", call=("go_to", 2)):
    """Go to the details of the run."""


class Zoom(Command[Any], keys="z", text="zoom", title="Zoom pane"):
    """Show only this pane, or all panes again."""


class HideExperiments(Command[Any], keys="backslash", text="hide experiments"):
    """Hide the experiments, or show them again."""


class FilterPane(Command[Any], keys="/", text="filter", id="filter", title="Filter", action="filter", footer=True):
    """Show only what matches; applies while you type."""


class Refresh(Command[Any], keys="r", text="refresh"):
    """Read the changes in the store now."""


class ToggleLive(Command[Any], keys="R", text="live", title="Live updates"):
    """Turn live updates on or off."""


class SwitchTheme(Command[Any], keys="ctrl+t", text="theme", title="Theme"):
    """Choose a theme; it is remembered."""


class Redraw(Command[Any], keys="ctrl+l", text="redraw"):
    """Redraw the whole screen, after another program wrote to the terminal."""


class Suspend(Command[Any], keys="ctrl+z", text="suspend", action="suspend_process"):
    """Suspend qtui and return to the shell; `fg` resumes it."""


class ProblemsHost(Protocol):
    """The state of the screen that lists problems."""

    @property
    def problems(self) -> Sequence[object]:
        """The damage met so far."""


class ShowProblems(Command[ProblemsHost], keys="!", text="problems", title="Problems"):
    """List what cannot be read in the store, with the reasons."""

    @classmethod
    def why_not(cls, host: ProblemsHost) -> str | None:
        return None if host.problems else "No problems so far; `qtui doctor` checks everything."
