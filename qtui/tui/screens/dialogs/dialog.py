"""The base of all dialogs: a box in the middle of the screen, with a title and a hint."""

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
from qtui.tui import keymap
from qtui.tui.terminal.terminal_app import TerminalApp
from qtui.tui.widgets.hint import Hint

Answer = TypeVar("Answer")

MAX_BOX_CELLS, PADDING_CELLS = 72, 4
"""The greatest width of a dialog, and the part of it that is padding."""

MIN_TALL_LINES = 15
"""The height of the terminal from which a dialog has blank lines between its parts."""

APP_BINDINGS = (
    Binding("ctrl+q", "app.quit", show=False, id="quit"),
    Binding("ctrl+z", "app.suspend_process", show=False, id="suspend"),
    Binding("ctrl+l", "app.redraw", show=False, id="redraw"),
)
"""Bindings of the app; Textual does not pass keys to the app while a modal screen is active."""


BREAKPOINTS = [(0, "-short"), (MIN_TALL_LINES, "-tall")]


class Dialog(ModalScreen[Answer | None]):
    """A modal dialog; `escape` answers None. Widgets open one with a `DialogRequest` message."""

    DEFAULT_CSS = f"""
    Dialog {{
        align: center middle;
        background: $background 60%;
        & > #box {{
            width: {MAX_BOX_CELLS};
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 1 {PADDING_CELLS // 2};
            background: $surface;
            & > #title {{ text-style: bold; color: $accent; margin-bottom: 1; height: auto; }}
            & > Hint {{ margin-top: 1; }}
        }}
        &.-short > #box {{ padding: 0 {PADDING_CELLS // 2}; }}
        &.-short > #box > #title {{ margin-bottom: 0; }}
        &.-short > #box > Hint {{ margin-top: 0; height: 1; }}
    }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "cancel", "cancel", show=False, id="back"),
        Binding("q", "cancel", show=False, id="close-screen"),
        *APP_BINDINGS,
    ]
    VERTICAL_BREAKPOINTS = BREAKPOINTS

    def __init__(self, title: str, *, hint: str = "") -> None:
        super().__init__()
        self._title = title
        self._hint = hint

    def body(self) -> list[Widget]:
        """Return the widgets between the title and the hint."""
        return []

    def compose(self) -> ComposeResult:
        """Compose title, body and hint."""
        with Vertical(id="box"):
            yield Static(Content(display(self._title)), id="title")
            yield from self.body()
            yield Hint(self.keys_text())

    def key_of(self, command_id: str) -> str:
        """Return the main key of a command as a hint shows it."""
        return self._fill_keys(f"{{{command_id}}}")

    def keys_text(self) -> str:
        """Return the hint with the present keys of the command IDs in braces."""
        return self._fill_keys(self._hint)

    def _fill_keys(self, text: str) -> str:
        return keymap.fill_keys(text, self.app.keys if isinstance(self.app, TerminalApp) else {})

    def explain(self, reason: str | None) -> None:
        """Show a reason in the hint; without one, the keys."""
        if reason:
            self.query_one(Hint).show_message(reason)
        else:
            self.query_one(Hint).show_keys(self.keys_text())

    def on_click(self, event: events.Click) -> None:
        """Cancel on a click outside the box."""
        if event.widget is self:
            self.action_cancel()

    def action_cancel(self) -> None:
        """Answer None."""
        self.dismiss(None)
