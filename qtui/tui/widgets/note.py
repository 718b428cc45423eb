"""The note of a run, as Markdown."""

from __future__ import annotations

from textual.containers import VerticalScroll
from textual.reactive import var

from qtui.text import display


class Note(VerticalScroll, can_focus=False):
    """Shows a note below the overview; without one it takes no room."""

    DEFAULT_CSS = """
    Note {
        height: auto;
        max-height: 50%;
        display: none;
        border-top: solid $line;
        border-title-color: $text-muted;
        padding: 0 1;
        scrollbar-size-vertical: 1;
        &.-shown { display: block; }
        & Markdown { padding: 0; margin: 0; background: transparent; }
        & MarkdownH1, & MarkdownH2, & MarkdownH3 { content-align: left middle; margin: 0; color: $foreground; }
        & MarkdownParagraph { margin: 0 0 1 0; }
    }
    """

    text: var[str] = var("", init=False)
    """The note."""

    def on_mount(self) -> None:
        """Say what it is."""
        self.border_title = "Note"

    async def watch_text(self) -> None:
        """Show another note. A link in it is shown but leads nowhere, for the browser is on another machine."""
        from textual.widgets import Markdown

        self.set_class(bool(self.text.strip()), "-shown")
        safe = display(self.text, one_line=False)
        if shown := self.query(Markdown):
            await shown.first().update(safe)
        elif safe:
            await self.mount(Markdown(safe, open_links=False))
