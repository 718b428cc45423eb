"""The text and style of a run's status."""

from __future__ import annotations

from collections.abc import Mapping

from qtui import formatting
from qtui.cli.terminal import Terminal
from qtui.entities import Status
from qtui.text import display

STATUS_STYLES: Mapping[str, str] = {
    Status.RUNNING.value: "busy",
    Status.SCHEDULED.value: "faint",
    Status.FINISHED.value: "good",
    Status.FAILED.value: "bad",
    Status.KILLED.value: "bad",
}


def status_text(status: str, terminal: Terminal) -> str:
    """Return the status, with its sign if stdout is Unicode."""
    return display(formatting.format_status(status) if terminal.unicode else formatting.status_word(status))
