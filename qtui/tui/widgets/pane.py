"""A part of the screen with a line above that names it."""

from __future__ import annotations

from textual.containers import Vertical
from textual.content import Content

from qtui.text import display
from qtui.tui.commands import CommandHost


class Pane(CommandHost, Vertical):
    """Holds the widgets of one pane. Its `HEADING` is its title; it is bright while the focus is inside."""

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
            f" {self.HEADING} ", (f"{display(more)} " if more else "", "not bold $text-muted")
        )

    def focus_inside(self) -> None:
        """Give the focus to the first widget inside that takes it, or take it where none does: keys must go on."""
        inside = next((widget for widget in self.screen.focus_chain if self in widget.ancestors), None)
        self.can_focus = inside is None
        self.screen.set_focus(inside or self)

    def on_click(self) -> None:
        """A click on whatever is inside brings the focus here."""
        if not self.has_focus_within:
            self.focus_inside()

    def on_blur(self) -> None:
        """Leave the focus to the widgets inside again."""
        self.can_focus = False

    def on_descendant_blur(self) -> None:
        """Take the focus when the widget that had it went away and left it nowhere."""
        self.call_after_refresh(self._catch_focus)

    def _catch_focus(self) -> None:
        if self.is_attached and self.display and self.screen.is_current and self.screen.focused is None:
            self.focus_inside()
