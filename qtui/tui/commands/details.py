"""What can be done in the details of a run."""

from __future__ import annotations

from typing import Protocol

from qtui.tui.commands.command import Command


class DetailsPlace(Protocol):
    """What the commands of the details must know of the pane that shows them."""

    @property
    def has_run(self) -> bool:
        """Whether a run is shown."""

    @property
    def at_row(self) -> bool:
        """Whether the cursor is on a row: a param, a metric, a tag, an artifact."""


class OnRun(Command[DetailsPlace]):
    """Works when the details of a run are shown."""

    @classmethod
    def why_not(cls, here: DetailsPlace) -> str | None:
        return None if here.has_run else "No run is selected."


class OnRow(OnRun):
    """Works when the cursor is on a row."""

    @classmethod
    def why_not(cls, here: DetailsPlace) -> str | None:
        return super().why_not(here) or (None if here.at_row else "There is nothing under the cursor.")


class NextTab(Command[DetailsPlace]):
    """Go to the next tab."""

    KEYS = "]"
    TEXT = "next tab"
    FOOTER = True


class PreviousTab(Command[DetailsPlace]):
    """Go to the previous tab."""

    KEYS = "["
    TEXT = "previous tab"


class SortDetails(OnRun):
    """Sort the rows by the next column."""

    KEYS = "s"
    TEXT = "sort"


class OpenValue(OnRow):
    """Open the full value; a metric as a chart."""

    KEYS = "enter"
    TEXT = "open"
    FOOTER = True


class CopyRunId(OnRun):
    """Copy the ID of the run."""

    ID = "copy-id"
    KEYS = "y"
    TEXT = "copy ID"
    TITLE = "Copy run ID"


class CopyDetail(OnRow):
    """Copy the full value under the cursor."""

    ID = "copy-value"
    KEYS = "Y"
    TEXT = "copy value"
    TITLE = "Copy value"
    FOOTER = True
