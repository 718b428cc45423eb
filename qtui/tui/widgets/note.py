"""The note of a run, as Markdown."""

from __future__ import annotations

from textual.containers import VerticalScroll
from textual.reactive import var

from qtui.text import display


class Note(VerticalScroll, can_focus=False):
    """Shows the note of a run below its overview; hidden without a note."""

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
        """Set the title of the border."""
        self.border_title = "Note"

    async def watch_text(self) -> None:
        """Render the note. Links do not open: the user's browser may be on another machine."""
        from textual.widgets import Markdown

        self.set_class(bool(self.text.strip()), "-shown")
        safe = display(self.text, one_line=False)
        if widgets := self.query(Markdown):
            await widgets.first().update(safe)
        elif safe:
            await self.mount(Markdown(safe, open_links=False))
