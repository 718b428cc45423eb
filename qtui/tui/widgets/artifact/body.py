"""The content of an artifact, or a message where it cannot be shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content as StyledText
from textual.widgets import Static

from qtui.artifacts.content import Content, TextContent
from qtui.text import display
from qtui.tui.widgets.artifact.content_widget import ContentWidget
from qtui.tui.widgets.artifact.text_widget import TextWidget


class ArtifactBody(Vertical):
    """Shows one content at a time."""

    DEFAULT_CSS = """
    ArtifactBody {
        height: 1fr;
        & > Static { height: 1fr; padding: 1 2; color: $text-muted; display: none; }
        &.-message > Static { display: block; }
        &.-message > ContentWidget { display: none; }
    }
    """

    def __init__(self, *, can_focus_content: bool = True) -> None:
        """Without `can_focus_content` the content is a preview, which has no cursor."""
        super().__init__()
        self.widget: ContentWidget | None = None
        self._can_focus_content = can_focus_content
        self._message = Static()

    def compose(self) -> ComposeResult:
        """Compose the message."""
        yield self._message

    def show_message(self, text: str) -> None:
        """Show a message instead of a content."""
        self._message.update(StyledText(display(text, one_line=False)))
        self.add_class("-message")

    def show_content(self, content: Content) -> None:
        """Show a content in place of the one before."""
        had_focus = self.widget is not None and self.widget.has_focus
        self.clear()
        widget = widget_for(content)
        if widget is None:
            self.show_message("Press h for the other views of this file.")
            return
        self.widget = widget
        self.widget.can_focus = self._can_focus_content
        self.remove_class("-message")
        self.mount(self.widget)
        if had_focus or (self._can_focus_content and self.screen.focused is None):
            self.screen.set_focus(self.widget)

    def clear(self) -> None:
        """Remove the content."""
        if self.widget is not None:
            self.widget.remove()
            self.widget = None


def widget_for(content: Content) -> ContentWidget | None:
    """Return the widget for a type of content, None if there is none."""
    return next((widget(content) for kind, widget in WIDGETS if isinstance(content, kind)), None)


WIDGETS: tuple[tuple[type[Any], Callable[[Any], ContentWidget]], ...] = ((TextContent, TextWidget),)
"""The widget of each type of content."""
