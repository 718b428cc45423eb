"""How a run's status is printed."""

from __future__ import annotations

from collections.abc import Mapping

from qtui import formatting
from qtui.cli.terminal import Terminal
from qtui.entities import Status
from qtui.text import display

STYLE: Mapping[str, str] = {
    Status.RUNNING.value: "busy",
    Status.SCHEDULED.value: "faint",
    Status.FINISHED.value: "good",
    Status.FAILED.value: "bad",
    Status.KILLED.value: "bad",
}


def worded(status: str, terminal: Terminal) -> str:
    """The status with its sign where the terminal knows it."""
    return display(formatting.format_status(status) if terminal.unicode else formatting.status_word(status))
