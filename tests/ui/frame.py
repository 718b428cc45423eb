"""A screen for the tests of the frame: two panes with a few commands, one of which can be disabled."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Static

from qtui.tui.app import QtuiApp
from qtui.tui.commands import Command, CommandHost
from qtui.tui.commands.everywhere import FilterPane, Refresh
from qtui.tui.options import Options
from qtui.tui.state import State
from qtui.tui.terminal.terminal_info import TerminalInfo
from qtui.tui.widgets.footer import Footer


class Submit(Command["FormPane"], keys="s", text="submit", footer=True):
    """Submit the form."""

    @classmethod
    def why_not(cls, host: FormPane) -> str | None:
        """Return why the form cannot be submitted."""
        return None if host.is_valid else "The form is not valid."


class Hide(Command["FormPane"], keys="h", text="hide", footer=True):
    """Hide the form."""


class FormPane(CommandHost, Static, can_focus=True):
    """A pane with two commands that records which ones ran."""

    HEADING = "Form"
    OWN_COMMANDS = (Submit, Hide)

    def __init__(self) -> None:
        super().__init__("form")
        self.is_valid = True
        self.calls: list[str] = []

    def action_submit(self) -> None:
        self.calls.append("submit")

    def action_hide(self) -> None:
        self.calls.append("hide")


class EmptyPane(CommandHost, Static, can_focus=True):
    """A pane without commands of its own."""

    HEADING = "Empty"
    OWN_COMMANDS = (FilterPane,)


class FrameScreen(CommandHost, Screen[None]):
    """Both panes and the footer."""

    HEADING = "Everywhere"
    OWN_COMMANDS = (Refresh,)

    def __init__(self) -> None:
        super().__init__()
        self.refreshed = 0

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield FormPane()
            yield EmptyPane("empty")
        yield Footer()

    def action_refresh(self) -> None:
        self.refreshed += 1


def frame_app(
    options: Options | None = None, terminal: TerminalInfo | None = None, state: State | None = None
) -> QtuiApp:
    """Return an app with that screen."""
    return QtuiApp(FrameScreen, options, terminal, state)
