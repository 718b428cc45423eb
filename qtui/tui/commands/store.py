"""Commands for the store as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from qtui.tui.commands.command import Command


class StoreHost(Protocol):
    """The state of the screen that the commands depend on."""

    @property
    def problems(self) -> Sequence[object]:
        """The damage met so far."""


class ShowProblems(Command[StoreHost]):
    """List what cannot be read in the store, with the reasons."""

    KEYS = "!"
    TEXT = "problems"
    TITLE = "Problems"

    @classmethod
    def why_not(cls, host: StoreHost) -> str | None:
        return None if host.problems else "No problems so far; `qtui doctor` checks everything."
