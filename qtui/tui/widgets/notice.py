"""The notice in a pane without content: the reason, and the remedy."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from qtui.text import display


class Notice(Static, can_focus=True):
    """A heading and a message in the middle of a pane. It can have the focus, so that the keys of the pane work."""

    DEFAULT_CSS = """
    Notice {
        height: 1fr;
        padding: 1 2;
        content-align: center middle;
        text-align: center;
        color: $text-muted;
    }
    """

    def show_text(self, heading: str, text: str = "") -> None:
        """Show this heading and message."""
        self.update(render_notice(heading, text))


def render_notice(heading: str, text: str = "") -> Content:
    """Return the heading in bold and the message in a muted colour."""
    return Content.assemble(
        (display(heading), "bold $foreground"), (f"\n\n{display(text, one_line=False)}" if text else "", "$text-muted")
    )
