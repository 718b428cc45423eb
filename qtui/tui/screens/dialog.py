"""The frame of every dialog: a box in the middle, the whole width where the terminal is narrow."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from qtui.text import display
from qtui.tui.widgets.hint import Hint

Answer = TypeVar("Answer")

BOX, PADDING = 72, 4
"""Columns that a dialog takes at most, and those of them that stay blank."""

TALL = 15
"""Lines from which a dialog has room between its parts."""

EVERYWHERE = (
    Binding("ctrl+q", "app.quit", show=False, id="quit"),
    Binding("ctrl+z", "app.suspend_process", show=False, id="suspend"),
    Binding("ctrl+l", "app.redraw", show=False, id="redraw"),
)
"""What works everywhere; Textual gives no key to the app while a dialog is in front of it."""

BREAKPOINTS = [(0, "-short"), (TALL, "-tall")]


class Dialog(ModalScreen[Answer | None]):
    """A question over the screen; `escape` answers None. Ask it with `await self.app.push_screen_wait(...)`."""

    DEFAULT_CSS = f"""
    Dialog {{
        align: center middle;
        background: $background 60%;
        & > #box {{
            width: {BOX};
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 1 {PADDING // 2};
            background: $surface;
            & > #title {{ text-style: bold; color: $accent; margin-bottom: 1; height: auto; }}
            & > Hint {{ margin-top: 1; }}
        }}
        &.-short > #box {{ padding: 0 {PADDING // 2}; }}
        &.-short > #box > #title {{ margin-bottom: 0; }}
        &.-short > #box > Hint {{ margin-top: 0; height: 1; }}
    }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "cancel", "cancel", show=False, id="back"),
        Binding("q", "cancel", show=False, id="close-screen"),
        *EVERYWHERE,
    ]
    VERTICAL_BREAKPOINTS = BREAKPOINTS

    def __init__(self, title: str, *, hint: str = "") -> None:
        super().__init__()
        self._title = title
        self._hint = hint

    def body(self) -> list[Widget]:
        """What is asked, between the title and the hint."""
        return []

    def compose(self) -> ComposeResult:
        """Title, body, hint."""
        with Vertical(id="box"):
            yield Static(Content(display(self._title)), id="title")
            yield from self.body()
            yield Hint(self._hint)

    def explain(self, reason: str | None) -> None:
        """Show a reason below the body; without one, the keys."""
        if reason:
            self.query_one(Hint).show_sentence(reason)
        else:
            self.query_one(Hint).show_keys(self._hint)

    def on_click(self, event: events.Click) -> None:
        """A click beside the box is a way out."""
        if event.widget is self:
            self.action_cancel()

    def action_cancel(self) -> None:
        """Answer nothing."""
        self.dismiss(None)
