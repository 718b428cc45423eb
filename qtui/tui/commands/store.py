"""What can be done with the store as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from qtui.tui.commands.command import Command


class StorePlace(Protocol):
    """What the commands must know of the screen."""

    @property
    def problems(self) -> Sequence[object]:
        """What could not be read as it should."""


class ShowProblems(Command[StorePlace]):
    """List what cannot be read in the store, with the reasons."""

    KEYS = "!"
    TEXT = "problems"
    TITLE = "Problems"

    @classmethod
    def why_not(cls, here: StorePlace) -> str | None:
        return None if here.problems else "No problems so far; `qtui doctor` checks everything."
