"""Commands of the details pane."""

from __future__ import annotations

from typing import Protocol

from qtui.tui.commands.command import Command


class DetailsHost(Protocol):
    """The state of the details pane that its commands depend on."""

    @property
    def has_run(self) -> bool:
        """Whether a run is shown."""

    @property
    def at_row(self) -> bool:
        """Whether the cursor is on a row, such as a param or an artifact."""


class RunDetailsCommand(Command[DetailsHost]):
    """Base of commands that need a run."""

    @classmethod
    def why_not(cls, host: DetailsHost) -> str | None:
        return None if host.has_run else "No run is selected."


class DetailRowCommand(RunDetailsCommand):
    """Base of commands that need a row under the cursor."""

    @classmethod
    def why_not(cls, host: DetailsHost) -> str | None:
        return super().why_not(host) or (None if host.at_row else "There is no value under the cursor.")


class NextTab(Command[DetailsHost]):
    """Go to the next tab."""

    KEYS = "]"
    TEXT = "next tab"
    FOOTER = True


class PreviousTab(Command[DetailsHost]):
    """Go to the previous tab."""

    KEYS = "["
    TEXT = "previous tab"


class SortDetails(RunDetailsCommand):
    """Sort the rows by the next column."""

    KEYS = "s"
    TEXT = "sort"


class OpenValue(DetailRowCommand):
    """Open the full value; a metric as a chart."""

    KEYS = "enter"
    TEXT = "open"
    FOOTER = True


class CopyRunId(RunDetailsCommand):
    """Copy the ID of the run."""

    ID = "copy-id"
    KEYS = "y"
    TEXT = "copy ID"
    TITLE = "Copy run ID"


class ResumeShownRun(RunDetailsCommand):
    """Run the command of the run again, inside it or in a new run, or copy the lines that resume it."""

    ID = "resume-run"
    KEYS = "ctrl+r"
    TEXT = "resume"
    TITLE = "Resume run"
    ACTION = "resume_run"


class CopyDetail(DetailRowCommand):
    """Copy the full value under the cursor."""

    ID = "copy-value"
    KEYS = "Y"
    TEXT = "copy value"
    TITLE = "Copy value"
    FOOTER = True
