"""The pane of the artifact viewer: path, search field, content, and a line with view and position."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from qtui.text import display, truncate_start, width
from qtui.tui.commands.artifacts import CopyContent, CopyPath, NextMatch, PreviousMatch, SearchContent
from qtui.tui.commands.everywhere import Back
from qtui.tui.messages import CopyText
from qtui.tui.widgets.artifact.body import ArtifactBody
from qtui.tui.widgets.artifact.content_widget import ContentWidget
from qtui.tui.widgets.searchable_pane import SearchablePane

SEPARATOR = " · "


class ArtifactPane(SearchablePane):
    """Shows a view of an artifact."""

    HEADING = "Artifact"
    SEARCH_PLACEHOLDER = "a part of the text"
    SEARCH_BEFORE = "ArtifactBody"
    OWN_COMMANDS = (SearchContent, NextMatch, PreviousMatch, CopyPath, CopyContent, Back)
    DEFAULT_CSS = """
    ArtifactPane {
        & > #state { height: 1; padding: 0 1; color: $text-muted; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.body = ArtifactBody()
        self.path = ""
        self.view_name = ""
        """The kind of the file and the name of the view."""
        self.size_text = ""
        self._state = Static(id="state")

    def compose(self) -> ComposeResult:
        """Compose the content and the line below it."""
        yield self.body
        yield self._state

    @property
    def front(self) -> Widget:
        """The content, or the pane itself where a message is shown."""
        return self.body.widget or self

    @property
    def why_no_search(self) -> str | None:
        """Why the content cannot be searched; None if it can."""
        return "There is nothing to search." if self.body.widget is None else self.body.widget.why_no_search

    @property
    def has_value(self) -> bool:
        """Whether the cursor is on something that can be copied."""
        return self.body.widget is not None and self.body.widget.copy_text is not None

    def on_resize(self) -> None:
        """Fit the path into the new width."""
        self.show_title()

    def show_title(self, detail: str = "") -> None:
        """Show the path, of which the end is the most important part, and the size."""
        room = self.size.width - len(self.HEADING) - width(self.size_text) - 9
        super().show_title(f"{truncate_start(display(self.path), max(8, room))}  {self.size_text}".strip())

    def show_state(self) -> None:
        """Show the view, the position and the state of a search."""
        widget = self.body.widget
        parts = [self.view_name]
        if widget is not None:
            task = widget.long_task
            parts += [widget.position, widget.notice]
            if task is not None:
                share = "" if task.progress is None else f" {task.progress:.0%}"
                parts.append(f"{widget.fetch_progress or f'{task.label}{share}'}, esc cancels")
        self._state.update(Content(SEPARATOR.join(display(part) for part in parts if part)), layout=False)

    @on(ContentWidget.StateChanged)
    def _follow_content(self, event: ContentWidget.StateChanged) -> None:
        event.stop()
        if event.widget is self.body.widget:
            self.body.show_side()
            self.show_state()
            self.refresh_bindings()

    # Search

    def apply_search(self) -> None:
        if self.body.widget is not None:
            self.body.widget.search(self.search_text)

    def focus_content(self) -> None:
        self.focus_inside() if self.body.widget is None else super().focus_content()

    def find_next(self, step: int) -> None:
        """Go to the next match, or with a negative step to the previous one."""
        if self.body.widget is not None:
            self.body.widget.find_next(step)

    def action_back(self) -> None:
        """Cancel the task that the user waits for, or else end the search."""
        if self.body.widget is None or not self.body.widget.cancel_long_task():
            super().action_back()

    # Copying

    def action_copy_path(self) -> None:
        self.post_message(CopyText(self.path, "the path"))

    def action_copy_content(self) -> None:
        copy_text = self.body.widget.copy_text if self.body.widget else None
        if copy_text is not None:
            self.post_message(CopyText(*copy_text))
