"""What can be done wherever the focus is."""

from __future__ import annotations

from typing import Any

from qtui.tui.commands.command import Command


class Quit(Command[Any]):
    """Leave qtui."""

    KEYS = "q,ctrl+q,ctrl+c"
    TEXT = "quit"


class Help(Command[Any]):
    """Show the keys that work here, and all others."""

    KEYS = "?,f1"
    TEXT = "keys"


class Palette(Command[Any]):
    """Find a command by its name."""

    KEYS = ":,ctrl+p"
    TEXT = "commands"


class Back(Command[Any]):
    """Go back: close what was opened last, clear the filter, leave the field."""

    KEYS = "escape"
    TEXT = "back"


class CloseScreen(Command[Any]):
    """Close the screen and return to the previous one."""

    KEYS = "q"
    TEXT = "back"
    ACTION = "dismiss"


class NextPane(Command[Any]):
    """Go to the next pane."""

    KEYS = "tab"
    TEXT = "next pane"


class PreviousPane(Command[Any]):
    """Go to the pane before."""

    KEYS = "shift+tab"
    TEXT = "previous pane"


class FirstPane(Command[Any]):
    """Go to the experiments."""

    KEYS = "1"
    TEXT = "experiments"


class SecondPane(Command[Any]):
    """Go to the runs."""

    KEYS = "2"
    TEXT = "runs"


class ThirdPane(Command[Any]):
    """Go to the details of the run."""

    KEYS = "3"
    TEXT = "details"


class Zoom(Command[Any]):
    """Give the whole screen to the pane, or give it back."""

    KEYS = "z"
    TEXT = "zoom"


class HideExperiments(Command[Any]):
    """Hide the experiments, or show them again."""

    KEYS = "backslash"
    TEXT = "hide experiments"


class Filter(Command[Any]):
    """Show only what matches, while you type."""

    KEYS = "/"
    TEXT = "filter"
    FOOTER = True


class Refresh(Command[Any]):
    """Look for what has changed in the store."""

    KEYS = "r"
    TEXT = "refresh"


class ToggleLive(Command[Any]):
    """Switch on or off that changes are shown as they come."""

    KEYS = "R"
    TEXT = "live"


class SwitchTheme(Command[Any]):
    """Choose other colours; they are remembered."""

    KEYS = "ctrl+t"
    TEXT = "theme"


class Redraw(Command[Any]):
    """Draw the screen anew, for something else has written to the terminal."""

    KEYS = "ctrl+l"
    TEXT = "redraw"


class Suspend(Command[Any]):
    """Go back to the shell for a while; `fg` returns."""

    KEYS = "ctrl+z"
    TEXT = "suspend"
    ACTION = "suspend_process"
