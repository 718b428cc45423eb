"""The commands of the runs table and its pane."""

from __future__ import annotations

from typing import Any, Protocol

from qtui.tui.commands.command import Command

COLUMN_STEP_CELLS = 2
"""How much a key changes the width of a column."""


class RunsTableHost(Protocol):
    """The properties that the commands of table and pane read of their host."""

    @property
    def run_count(self) -> int:
        """Return the number of visible runs."""

    @property
    def at_run(self) -> bool:
        """Return whether the cursor is on a run, not on a group or on nothing."""


class RunsPaneHost(RunsTableHost, Protocol):
    """The properties that the commands of the pane read."""

    @property
    def at_metric(self) -> bool:
        """Return whether the cursor is in the column of a metric."""

    @property
    def sorted_by(self) -> str:
        """Return the column that the runs are sorted by; empty for the order of the store."""

    @property
    def has_views(self) -> bool:
        """Return whether views of this store are saved."""

    @property
    def has_metrics(self) -> bool:
        """Return whether any loaded run has a metric."""

    @property
    def comparable_count(self) -> int:
        """Return the number of marked runs, or else of those in the group under the cursor."""


class RunsCommand(Command[RunsTableHost]):
    """Base of commands that need a run."""

    @classmethod
    def why_not(cls, host: RunsTableHost) -> str | None:
        return None if host.run_count else "There are no runs here."


class RunCommand(RunsCommand):
    """Base of commands that need a run under the cursor."""

    @classmethod
    def why_not(cls, host: RunsTableHost) -> str | None:
        return super().why_not(host) or (None if host.at_run else "The cursor is not on a run.")


class Mark(RunsCommand, keys="space", text="mark", title="Mark run", footer=True):
    """Mark or unmark the run, or all runs of the group, and go to the next line."""


class MarkDown(RunsCommand, keys="shift+down", text="mark down", call=("mark_lines", 1)):
    """Mark the run and the next one."""


class MarkUp(RunsCommand, keys="shift+up", text="mark up", call=("mark_lines", -1)):
    """Mark the run and the previous one."""


class MarkAll(RunsCommand, keys="ctrl+a", text="mark all"):
    """Mark or unmark all shown runs."""


class Fold(RunsCommand, keys="minus", text="fold"):
    """Fold or unfold the group or parent run."""


class FoldAll(RunsCommand, keys="underscore", text="fold all"):
    """Fold or unfold all groups and parent runs."""


class SortBy(RunsCommand, keys="s", text="sort", title="Sort runs", footer=True):
    """Sort by one column or several."""


class ReverseSort(Command[RunsPaneHost], keys="S", text="reverse"):
    """Reverse the order."""

    @classmethod
    def why_not(cls, host: RunsPaneHost) -> str | None:
        return None if host.sorted_by else "The runs are in the order of the store: sort them by a column first."


class ChooseColumns(Command[RunsPaneHost], keys="v", text="columns", footer=True):
    """Choose the columns and their order."""


class OnlyDifferences(RunsCommand, keys="d", text="differences", title="Only differing params"):
    """Show only params that differ between the runs, or all."""


class GroupBy(RunsCommand, keys="b", text="group", title="Group runs", footer=True):
    """Group the runs by params, tags, dataset or all params but some: mean ± deviation, and the best value."""


class MakeBaseline(RunCommand, keys="B", text="baseline", id="baseline", title="Set baseline"):
    """Make the run the baseline: the table shows the differences of the others from it; again for no baseline."""


class MoveColumnLeft(RunsCommand, keys="H", text="move left", call=("move_column", -1)):
    """Move the column left."""


class MoveColumnRight(RunsCommand, keys="L", text="move right", call=("move_column", 1)):
    """Move the column right."""


class NarrowColumn(RunsCommand, keys="<", text="narrower", call=("resize_column", -COLUMN_STEP_CELLS)):
    """Make the column narrower."""


class WidenColumn(RunsCommand, keys=">", text="wider", call=("resize_column", COLUMN_STEP_CELLS)):
    """Make the column wider."""


class PreviousColumn(RunsCommand, keys="h,left", text="left", action="cursor_left", call=("step_column", -1)):
    """Go one column to the left."""


class NextColumn(RunsCommand, keys="l,right", text="right", action="cursor_right", call=("step_column", 1)):
    """Go one column to the right."""


class DrawMetrics(Command[RunsPaneHost], keys="m", text="chart", title="Chart", footer=True):
    """Draw metrics of the marked runs, or of the run under the cursor; on a group, of all groups."""

    @classmethod
    def why_not(cls, host: RunsPaneHost) -> str | None:
        return RunsCommand.why_not(host) or (None if host.has_metrics else "These runs have no metrics yet.")


class DrawGrid(DrawMetrics, keys="C", text="all charts", title="All charts"):
    """Draw a small chart of every metric, of the marked runs or the run under the cursor."""


class Compare(Command[RunsPaneHost], keys="c", text="compare", title="Compare runs", footer=True):
    """Compare the marked runs, or those of the group under the cursor, side by side."""

    @classmethod
    def why_not(cls, host: RunsPaneHost) -> str | None:
        return None if host.comparable_count > 1 else "Mark at least two runs to compare them."


class Pin(RunCommand, keys="*", text="pin", title="Pin run"):
    """Pin the run to the top, or unpin it."""


class SwitchDirection(Command[RunsPaneHost], keys="M", text="best is", title="Best is highest / lowest"):
    """Switch whether the highest or the lowest value of the metric is best."""

    @classmethod
    def why_not(cls, host: RunsPaneHost) -> str | None:
        return None if host.at_metric else "The cursor is not on a metric."


class SwitchView(Command[Any], keys="V", text="active/deleted", title="Active / deleted / all"):
    """Show active runs, deleted runs, or all."""


class SaveView(Command[RunsPaneHost], keys="ctrl+s", text="save view"):
    """Save filter, sort order and columns under a name."""


class OpenView(Command[RunsPaneHost], keys="ctrl+o", text="open view"):
    """Open a saved view, or delete one."""

    @classmethod
    def why_not(cls, host: RunsPaneHost) -> str | None:
        return None if host.has_views else "No view of this store is saved yet."


class Export(RunsCommand, keys="x", text="export"):
    """Export the shown runs as CSV, Markdown or JSON, to a file or the clipboard."""


class CopyId(RunCommand, keys="y", text="copy ID", title="Copy run ID"):
    """Copy the ID of the run."""


class CopyValue(RunCommand, keys="Y", text="copy value"):
    """Copy the full value under the cursor."""


class DownloadRuns(RunsCommand, keys="ctrl+g", text="download", title="Download artifacts of runs"):
    """Download all artifacts of the marked runs, or of the run under the cursor."""


class ResumeRun(RunCommand, keys="ctrl+r", text="resume"):
    """Run the command of the run again, inside it or in a new run, or copy the lines that resume it."""
