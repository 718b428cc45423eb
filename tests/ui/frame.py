"""A screen for the tests of the frame: two panes with a few commands, one of which is off."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Static

from qtui.tui.app import QtuiApp
from qtui.tui.commands import Command, CommandHost
from qtui.tui.commands.everywhere import Filter, Refresh
from qtui.tui.options import Options
from qtui.tui.state import State
from qtui.tui.terminal.terminal_info import TerminalInfo
from qtui.tui.widgets.footer import Footer


class Sing(Command["Choir"]):
    """Sing a song."""

    KEYS = "s"
    TEXT = "sing"
    FOOTER = True

    @classmethod
    def why_not(cls, here: Choir) -> str | None:
        """It takes a voice."""
        return None if here.has_voice else "There is no voice."


class Hum(Command["Choir"]):
    """Hum the tune."""

    KEYS = "h"
    TEXT = "hum"
    FOOTER = True


class Choir(CommandHost, Static, can_focus=True):
    """A pane that keeps what it did."""

    HEADING = "Choir"
    OWN_COMMANDS = (Sing, Hum)

    def __init__(self) -> None:
        super().__init__("choir")
        self.has_voice = True
        self.done: list[str] = []

    def action_sing(self) -> None:
        self.done.append("sing")

    def action_hum(self) -> None:
        self.done.append("hum")


class Wall(CommandHost, Static, can_focus=True):
    """A pane with nothing of its own to do."""

    HEADING = "Wall"
    OWN_COMMANDS = (Filter,)


class FrameScreen(CommandHost, Screen[None]):
    """Both panes and the footer."""

    HEADING = "Everywhere"
    OWN_COMMANDS = (Refresh,)

    def __init__(self) -> None:
        super().__init__()
        self.refreshed = 0

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Choir()
            yield Wall("wall")
        yield Footer()

    def action_refresh(self) -> None:
        self.refreshed += 1


def frame_app(
    options: Options | None = None, terminal: TerminalInfo | None = None, state: State | None = None
) -> QtuiApp:
    """The app around that screen."""
    return QtuiApp(FrameScreen, options, terminal, state)
