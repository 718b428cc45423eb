"""The commands of the runs table and its pane."""

from __future__ import annotations

from typing import Any, Protocol

from qtui.tui.commands.command import Command


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


class Mark(RunsCommand):
    """Mark or unmark the run, or all runs of the group, and go to the next line."""

    KEYS = "space"
    TEXT = "mark"
    TITLE = "Mark run"
    FOOTER = True


class MarkDown(RunsCommand):
    """Mark the run and the next one."""

    KEYS = "shift+down"
    TEXT = "mark down"


class MarkUp(RunsCommand):
    """Mark the run and the previous one."""

    KEYS = "shift+up"
    TEXT = "mark up"


class MarkAll(RunsCommand):
    """Mark or unmark all shown runs."""

    KEYS = "ctrl+a"
    TEXT = "mark all"


class Fold(RunsCommand):
    """Fold or unfold the group or parent run."""

    KEYS = "minus"
    TEXT = "fold"


class FoldAll(RunsCommand):
    """Fold or unfold all groups and parent runs."""

    KEYS = "underscore"
    TEXT = "fold all"


class SortBy(RunsCommand):
    """Sort by one column or several."""

    KEYS = "s"
    TEXT = "sort"
    TITLE = "Sort runs"
    FOOTER = True


class ReverseSort(Command[RunsPaneHost]):
    """Reverse the order."""

    KEYS = "S"
    TEXT = "reverse"

    @classmethod
    def why_not(cls, host: RunsPaneHost) -> str | None:
        return None if host.sorted_by else "The runs are in the order of the store: sort them by a column first."


class ChooseColumns(Command[RunsPaneHost]):
    """Choose the columns and their order."""

    KEYS = "v"
    TEXT = "columns"
    FOOTER = True


class OnlyDifferences(RunsCommand):
    """Show only params that differ between the runs, or all."""

    KEYS = "d"
    TEXT = "differences"
    TITLE = "Only differing params"


class GroupBy(RunsCommand):
    """Group the runs by params, tags, dataset or all params but some: mean ± deviation, and the best value."""

    KEYS = "b"
    TEXT = "group"
    TITLE = "Group runs"
    FOOTER = True


class MakeBaseline(RunCommand):
    """Make the run the baseline: the table shows the differences of the others from it; again for no baseline."""

    ID = "baseline"
    KEYS = "B"
    TEXT = "baseline"
    TITLE = "Set baseline"


class MoveColumnLeft(RunsCommand):
    """Move the column left."""

    KEYS = "H"
    TEXT = "move left"


class MoveColumnRight(RunsCommand):
    """Move the column right."""

    KEYS = "L"
    TEXT = "move right"


class NarrowColumn(RunsCommand):
    """Make the column narrower."""

    KEYS = "<"
    TEXT = "narrower"


class WidenColumn(RunsCommand):
    """Make the column wider."""

    KEYS = ">"
    TEXT = "wider"


class PreviousColumn(RunsCommand):
    """Go one column to the left."""

    KEYS = "h,left"
    TEXT = "left"
    ACTION = "cursor_left"


class NextColumn(RunsCommand):
    """Go one column to the right."""

    KEYS = "l,right"
    TEXT = "right"
    ACTION = "cursor_right"


class DrawMetrics(Command[RunsPaneHost]):
    """Draw metrics of the marked runs, or of the run under the cursor; on a group, of all groups."""

    KEYS = "m"
    TEXT = "chart"
    TITLE = "Chart"
    FOOTER = True

    @classmethod
    def why_not(cls, host: RunsPaneHost) -> str | None:
        return RunsCommand.why_not(host) or (None if host.has_metrics else "These runs have no metrics yet.")


class DrawGrid(DrawMetrics):
    """Draw a small chart of every metric, of the marked runs or the run under the cursor."""

    KEYS = "C"
    TEXT = "all charts"
    TITLE = "All charts"
    FOOTER = False


class Compare(Command[RunsPaneHost]):
    """Compare the marked runs, or those of the group under the cursor, side by side."""

    KEYS = "c"
    TEXT = "compare"
    TITLE = "Compare runs"
    FOOTER = True

    @classmethod
    def why_not(cls, host: RunsPaneHost) -> str | None:
        return None if host.comparable_count > 1 else "Mark at least two runs to compare them."


class Pin(RunCommand):
    """Pin the run to the top, or unpin it."""

    KEYS = "*"
    TEXT = "pin"
    TITLE = "Pin run"


class SwitchDirection(Command[RunsPaneHost]):
    """Switch whether the highest or the lowest value of the metric is best."""

    KEYS = "M"
    TEXT = "best is"
    TITLE = "Best is highest / lowest"

    @classmethod
    def why_not(cls, host: RunsPaneHost) -> str | None:
        return None if host.at_metric else "The cursor is not on a metric."


class SwitchView(Command[Any]):
    """Show active runs, deleted runs, or all."""

    KEYS = "V"
    TEXT = "active/deleted"
    TITLE = "Active / deleted / all"


class SaveView(Command[RunsPaneHost]):
    """Save filter, sort order and columns under a name."""

    KEYS = "ctrl+s"
    TEXT = "save view"


class OpenView(Command[RunsPaneHost]):
    """Open a saved view, or delete one."""

    KEYS = "ctrl+o"
    TEXT = "open view"

    @classmethod
    def why_not(cls, host: RunsPaneHost) -> str | None:
        return None if host.has_views else "No view of this store is saved yet."


class Export(RunsCommand):
    """Export the shown runs as CSV, Markdown or JSON, to a file or the clipboard."""

    KEYS = "x"
    TEXT = "export"


class CopyId(RunCommand):
    """Copy the ID of the run."""

    KEYS = "y"
    TEXT = "copy ID"
    TITLE = "Copy run ID"


class CopyValue(RunCommand):
    """Copy the full value under the cursor."""

    KEYS = "Y"
    TEXT = "copy value"


class DownloadRuns(RunsCommand):
    """Download all artifacts of the marked runs, or of the run under the cursor."""

    KEYS = "ctrl+g"
    TEXT = "download"
    TITLE = "Download artifacts of runs"


class ResumeRun(RunCommand):
    """Run the command of the run again, inside it or in a new run, or copy the lines that resume it."""

    KEYS = "ctrl+r"
    TEXT = "resume"
    TITLE = "Resume run"
