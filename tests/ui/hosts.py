"""A screen that holds one pane, for the tests of panes."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen

from qtui.tui.app import QtuiApp
from qtui.tui.commands import CommandHost
from qtui.tui.widgets.pane import Pane

NOW = 1_700_000_000_000


class HostScreen(CommandHost, Screen[None]):
    """A screen with a single pane."""

    def __init__(self, pane: Pane) -> None:
        super().__init__()
        self.pane = pane

    def compose(self) -> ComposeResult:
        yield self.pane


def host(pane: Pane) -> QtuiApp:
    """Return an app with a single pane."""
    return QtuiApp(lambda: HostScreen(pane))


def text_of(app: QtuiApp) -> str:
    """Return the text of the screen."""
    return "\n".join(
        "".join(segment.text for segment in strip).rstrip() for strip in app.screen._compositor.render_strips()
    )


def collect_into(messages: list[Message] | None) -> Callable[[Message], None] | None:
    """Return a hook for `run_test` that collects every message once, however far it bubbles."""
    if messages is None:
        return None
    return lambda message: None if any(known is message for known in messages) else messages.append(message)
