"""A part of the screen with a line above that names it."""

from __future__ import annotations

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from qtui.text import display
from qtui.tui.commands import Place


class Pane(Place, Vertical):
    """Holds the widgets of one pane. Its `PLACE` is its title; it is bright while the focus is inside."""

    DEFAULT_CSS = """
    Pane {
        height: 1fr;
        border-top: solid $border-blurred;
        border-title-color: $text-muted;
        border-subtitle-color: $text-muted;
        border-title-background: $background;
        &:focus-within {
            border-top: solid $border;
            border-title-color: $accent;
            border-title-style: bold;
        }
    }
    """

    def on_mount(self) -> None:
        """Show the title."""
        self.entitle()

    def entitle(self, more: str = "") -> None:
        """Show the title, with more after it: a name, a number."""
        self.border_title = Content.assemble(
            f" {self.PLACE} ", (f"{display(more)} " if more else "", "not bold $text-muted")
        )

    def focus_inside(self) -> None:
        """Give the focus to the first widget inside that takes it."""
        for widget in self.walk_children(Widget):
            if widget.focusable and widget.display:
                self.screen.set_focus(widget)
                return
