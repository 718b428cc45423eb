"""A small program with the real launcher around a screen that fails on request."""

from __future__ import annotations

import sys
import threading
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Static

from qtui import crash
from qtui.tui.commands import CommandHost
from qtui.tui.launch import run
from qtui.tui.options import Options
from qtui.tui.widgets.footer import Footer


class FragileScreen(CommandHost, Screen[None]):
    """Says that it is ready, and fails in several ways, one for each key."""

    HEADING = "Everywhere"
    BINDINGS: ClassVar[list[BindingType]] = [("b", "break"), ("w", "break_worker"), ("s", "stick"), ("h", "hang")]

    def compose(self) -> ComposeResult:
        theme = self.app.current_theme
        yield Static(f"ready on {'dark' if theme.dark else 'light'} ▁▅█ 因子", markup=False)
        yield Footer()

    def action_break(self) -> None:
        password = "hunter2"
        raise ValueError(f"no such thing {len(password)}")

    @work(thread=True)
    def action_break_worker(self) -> None:
        raise ValueError("broken in a thread")

    @work(thread=True)
    def action_stick(self) -> None:
        self.app.call_from_thread(self.query_one(Static).update, "stuck")
        threading.Event().wait()

    def action_hang(self) -> None:
        self.query_one(Static).update("hanging")
        self.call_after_refresh(threading.Event().wait)


if __name__ == "__main__":
    try:
        sys.exit(run(FragileScreen, Options(ascii_only="--ascii" in sys.argv)))
    except crash.QtuiError as error:
        sys.exit(crash.report(error))
