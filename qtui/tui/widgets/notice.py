"""What is said where there is nothing to show: why, and what to do."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from qtui.text import display


class Notice(Static, can_focus=True):
    """A heading and a sentence or two in the middle of a pane. It takes the focus, so that the pane's keys work."""

    DEFAULT_CSS = """
    Notice {
        height: 1fr;
        padding: 1 2;
        content-align: center middle;
        text-align: center;
        color: $text-muted;
    }
    """

    def say(self, heading: str, text: str = "") -> None:
        """Say something else."""
        self.update(notice(heading, text))


def notice(heading: str, text: str = "") -> Content:
    """The heading in the colour of text, what follows muted."""
    return Content.assemble(
        (display(heading), "bold $foreground"), (f"\n\n{display(text, one_line=False)}" if text else "", "$text-muted")
    )
