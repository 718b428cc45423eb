"""A titled part of the screen."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from textual.containers import Vertical
from textual.content import Content

from qtui.text import display
from qtui.tui import keymap
from qtui.tui.commands import CommandHost


class Pane(CommandHost, Vertical):
    """A container with `HEADING` as its title, which is bright while the focus is inside."""

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

    keys: Mapping[str, str] = MappingProxyType({})
    """The user's keymap, for texts that name keys."""

    def fill_keys(self, text: str) -> str:
        """Return the text with the present keys of the command IDs in braces."""
        return keymap.fill_keys(text, self.keys)

    def on_mount(self) -> None:
        """Show the title."""
        self.show_title()

    def show_title(self, detail: str = "") -> None:
        """Show the title, followed by a detail such as a name or a number."""
        title = Content.assemble(f" {self.HEADING} ", (f"{display(detail)} " if detail else "", "not bold $text-muted"))
        if title.markup != self.border_title:  # A new title redraws the whole pane.
            self.border_title = title

    def refresh_bindings(self) -> None:
        """Update the keys that the footer shows, which are those of this pane only while the focus is in it."""
        if self.has_focus_within:
            super().refresh_bindings()

    def focus_inside(self) -> None:
        """Focus the first focusable widget inside, or the pane itself where there is none, so that its keys work."""
        widget = next((widget for widget in self.screen.focus_chain if self in widget.ancestors), None)
        self.can_focus = widget is None
        self.screen.set_focus(widget or self)

    def on_click(self) -> None:
        """Move the focus into the pane that was clicked."""
        if not self.has_focus_within:
            self.focus_inside()

    def on_blur(self) -> None:
        """Let only the widgets inside take the focus again."""
        self.can_focus = False

    def on_descendant_blur(self) -> None:
        """Take the focus if its widget was removed and no other widget has it."""
        self.call_after_refresh(self._take_lost_focus)

    def _take_lost_focus(self) -> None:
        if self.is_attached and self.display and self.screen.is_current and self.screen.focused is None:
            self.focus_inside()
