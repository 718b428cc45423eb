"""A labelled text about a run, which the screen and the commands draw."""

from __future__ import annotations

from qtui.value_classes import dataclass


@dataclass(frozen=True, slots=True)
class TextRow:
    """A label and a text beside it."""

    label: str
    text: str
    value: str = ""
    """The full value for copying and opening."""

    role: str = "text"
    run: str = ""
    """The ID of the run that the row opens."""
