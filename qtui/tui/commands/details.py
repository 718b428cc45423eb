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


class NextTab(Command[DetailsHost], keys="]", text="next tab", footer=True, call=("step_tab", 1)):
    """Go to the next tab."""


class PreviousTab(Command[DetailsHost], keys="[", text="previous tab", call=("step_tab", -1)):
    """Go to the previous tab."""


class SortDetails(RunDetailsCommand, keys="s", text="sort"):
    """Sort the rows by the next column."""


class OpenValue(DetailRowCommand, keys="enter", text="open", footer=True, call=("lines.select",)):
    """Open the full value; a metric as a chart."""


class CopyRunId(RunDetailsCommand, keys="y", text="copy ID", id="copy-id", title="Copy run ID"):
    """Copy the ID of the run."""


class ResumeShownRun(
    RunDetailsCommand, keys="ctrl+r", text="resume", id="resume-run", title="Resume run", action="resume_run"
):
    """Run the command of the run again, inside it or in a new run, or copy the lines that resume it."""


class CopyDetail(DetailRowCommand, keys="Y", text="copy value", id="copy-value", title="Copy value", footer=True):
    """Copy the full value under the cursor."""
