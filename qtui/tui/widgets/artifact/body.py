"""The content of an artifact, or a message where it cannot be shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from qtui.artifacts.content import Content as ArtifactContent
from qtui.artifacts.content import DrawingContent, ImageContent, TableContent, TextContent, TreeContent
from qtui.text import display
from qtui.tui.terminal.terminal_images import TerminalImages
from qtui.tui.widgets.artifact.content_widget import ContentWidget
from qtui.tui.widgets.artifact.drawing_widget import DrawingWidget
from qtui.tui.widgets.artifact.image_widget import ImageWidget
from qtui.tui.widgets.artifact.table_widget import TableWidget
from qtui.tui.widgets.artifact.text_widget import TextWidget
from qtui.tui.widgets.artifact.tree_widget import TreeWidget

SIDE_STYLES = {
    **dict.fromkeys(("muted", "tick"), "$text-muted"),
    **dict.fromkeys(("axis", "grid"), "$line"),
    "strong": "bold $foreground",
    "run-0": "$run-0",
}
"""The styles of the roles in the rows at the side."""


class ArtifactBody(Vertical):
    """Shows one content at a time."""

    DEFAULT_CSS = """
    ArtifactBody {
        height: 1fr;
        & > Static { height: 1fr; padding: 1 2; color: $text-muted; display: none; }
        &.-message > Static { display: block; }
        &.-message > ContentWidget, &.-message > #side { display: none; }
        & > #side { dock: right; width: 36; max-width: 50%; padding: 0 1; border-left: solid $line; }
        &.-side > #side { display: block; }
    }
    """

    def __init__(self, *, can_focus_content: bool = True) -> None:
        """Without `can_focus_content` the content is a preview, which has no cursor."""
        super().__init__()
        self.widget: ContentWidget | None = None
        self.ascii_only = False
        self.images = TerminalImages()
        self._can_focus_content = can_focus_content
        self._message = Static()
        self._side = Static(id="side")

    def compose(self) -> ComposeResult:
        """Compose the message and the rows at the side."""
        yield self._message
        yield self._side

    def show_side(self) -> None:
        """Show the rows beside the content, if it has any."""
        rows = self.widget.side_rows if self.widget is not None else ()
        lines = [Content.assemble(*((text, SIDE_STYLES.get(role, "")) for text, role in row)) for row in rows]
        self._side.update(Content("\n").join(lines))
        self.set_class(bool(rows), "-side")

    def show_message(self, text: str) -> None:
        """Show a message instead of a content."""
        self._message.update(Content(display(text, one_line=False)))
        self.add_class("-message")

    def show_fetch_progress(self, text: str) -> None:
        """Show the progress of fetching a remote artifact; a content stays visible."""
        if self.widget is not None and not self.has_class("-message"):
            self.widget.show_fetch_progress(text)
        else:
            self.show_message(f"{text} …")

    def show_content(self, content: ArtifactContent) -> None:
        """Show a content in place of the one before."""
        had_focus = self.widget is not None and self.widget.has_focus
        self.clear()
        self.widget = widget_for(content)
        self.widget.ascii_only, self.widget.images = self.ascii_only, self.images
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


def widget_for(content: ArtifactContent) -> ContentWidget:
    """Return the widget for a type of content."""
    return next(widget(content) for kind, widget in WIDGETS if isinstance(content, kind))


WIDGETS: tuple[tuple[type[Any], Callable[[Any], ContentWidget]], ...] = (
    (TextContent, TextWidget),
    (TreeContent, TreeWidget),
    (TableContent, TableWidget),
    (DrawingContent, DrawingWidget),
    (ImageContent, ImageWidget),
)
"""The widget of each type of content."""
