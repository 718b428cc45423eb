"""The text and style of a run's status."""

from __future__ import annotations

from qtui import formatting
from qtui.cli.terminal import Terminal
from qtui.text import display


def status_text(status: str, terminal: Terminal) -> str:
    """Return the status, with its sign if stdout is Unicode."""
    return display(formatting.format_status(status) if terminal.unicode else formatting.status_word(status))
