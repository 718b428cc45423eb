"""The frame of every dialog: a box in the middle, the whole width where the terminal is narrow."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from qtui.text import display

Answer = TypeVar("Answer")

BREAKPOINTS = [(0, "-short"), (15, "-tall")]


class Dialog(ModalScreen[Answer | None]):
    """A question over the screen; `escape` answers None. Ask it with `await self.app.push_screen_wait(...)`."""

    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: $background 60%;
        & > #box {
            width: 72;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 1 2;
            background: $surface;
            & > #title { text-style: bold; color: $accent; margin-bottom: 1; height: auto; }
            & > #hint { color: $text-muted; margin-top: 1; height: auto; }
        }
        &.-wide > #box { width: 100; }
        &.-short > #box { padding: 0 2; }
        &.-short > #box > #title { margin-bottom: 0; }
        &.-short > #box > #hint { margin-top: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "cancel", show=False)]
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
            yield Static(Content(self._hint), id="hint")

    def hint(self, text: str) -> None:
        """Say something else below the body."""
        self.query_one("#hint", Static).update(Content(display(text)))

    def action_cancel(self) -> None:
        """Answer nothing."""
        self.dismiss(None)
