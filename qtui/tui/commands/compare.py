"""The commands of the comparison."""

from __future__ import annotations

from typing import Any, Protocol

from qtui.tui.commands.command import Command


class ComparisonHost(Protocol):
    """The state of the pane that its commands depend on."""

    @property
    def at_row(self) -> bool:
        """Whether the cursor is on a row."""

    @property
    def at_metric(self) -> bool:
        """Whether the cursor is on a metric."""

    @property
    def at_compared_run(self) -> bool:
        """Whether the cursor is on a run."""

    @property
    def view_count(self) -> int:
        """The number of views that can show the comparison."""

    @property
    def why_no_search(self) -> str | None:
        """Why the view cannot be filtered; None if it can."""


class ComparedRowCommand(Command[ComparisonHost]):
    """Base of commands that need a row under the cursor."""

    @classmethod
    def why_not(cls, host: ComparisonHost) -> str | None:
        return None if host.at_row else "The cursor is not on a row."


class ComparedRunCommand(Command[ComparisonHost]):
    """Base of commands that need a run under the cursor."""

    @classmethod
    def why_not(cls, host: ComparisonHost) -> str | None:
        return None if host.at_compared_run else "The cursor is not on a run."


class NextCompareView(Command[ComparisonHost]):
    """Show the next view of the comparison."""

    ID = "next-compare-view"
    KEYS = "w"
    TEXT = "view"
    TITLE = "Next view of the comparison"
    FOOTER = True

    @classmethod
    def why_not(cls, host: ComparisonHost) -> str | None:
        return None if host.view_count > 1 else "No other view can show these runs."


class PreviousCompareView(NextCompareView):
    """Show the previous view of the comparison."""

    ID = "previous-compare-view"
    KEYS = "W"
    TEXT = "previous view"
    TITLE = "Previous view of the comparison"
    FOOTER = False


class ChooseCompareView(NextCompareView):
    """Choose a view of the comparison by name."""

    ID = "choose-compare-view"
    KEYS = "v"
    TEXT = "choose view"
    TITLE = "Choose a view of the comparison"
    FOOTER = False


class FilterRows(Command[ComparisonHost]):
    """Show only keys with this text; applies while you type."""

    ID = "filter"
    KEYS = "/"
    TEXT = "filter"
    ACTION = "filter"
    FOOTER = True

    @classmethod
    def why_not(cls, host: ComparisonHost) -> str | None:
        return host.why_no_search


class SetBaseline(ComparedRunCommand):
    """Make the run the baseline: the others show their difference from it; again for no baseline."""

    ID = "baseline"
    KEYS = "B"
    TEXT = "baseline"
    TITLE = "Set baseline"
    FOOTER = True


class SortComparedRuns(ComparedRowCommand):
    """Sort the runs by their values in the row: the best or the lowest first, then reversed, then as before."""

    ID = "sort-compared-runs"
    KEYS = "s"
    TEXT = "sort runs"
    TITLE = "Sort runs by a row"
    FOOTER = True


class ChooseStatistic(Command[ComparisonHost]):
    """Choose the value of metrics that is compared: last, best, lowest, highest, smoothed, or at a step."""

    ID = "compared-statistic"
    KEYS = "a"
    TEXT = "last/best"
    TITLE = "Compared value of metrics"


class ShowComparedValue(ComparedRowCommand):
    """Show the whole value under the cursor, and for a text how it differs."""

    ID = "compared-value"
    KEYS = "enter"
    TEXT = "value"
    TITLE = "Show value"


class DrawRow(Command[ComparisonHost]):
    """Draw the metric of the row for all compared runs."""

    ID = "draw-metrics"
    KEYS = "m"
    TEXT = "chart"
    TITLE = "Chart"
    ACTION = "draw_row"
    FOOTER = True

    @classmethod
    def why_not(cls, host: ComparisonHost) -> str | None:
        return None if host.at_metric else "The cursor is not on a metric."


class DrawComparedGrid(Command[ComparisonHost]):
    """Draw a small chart of every metric for all compared runs."""

    ID = "draw-grid"
    KEYS = "C"
    TEXT = "all charts"
    TITLE = "Charts of all metrics"


class CopyComparedRun(ComparedRunCommand):
    """Copy the ID of the run."""

    ID = "copy-id"
    KEYS = "y"
    TEXT = "copy ID"
    TITLE = "Copy run ID"


class CopyComparedValue(ComparedRowCommand):
    """Copy the full value under the cursor."""

    ID = "copy-value"
    KEYS = "Y"
    TEXT = "copy value"
    TITLE = "Copy value"


class ExportComparison(Command[ComparisonHost]):
    """Export the comparison as CSV, Markdown, JSON or LaTeX, to a file or the clipboard."""

    ID = "export"
    KEYS = "x"
    TEXT = "export"
    FOOTER = True


class ReloadComparison(Command[Any]):
    """Read the values of the compared runs again."""

    ID = "refresh"
    KEYS = "r"
    TEXT = "refresh"
    ACTION = "refresh"


class FilesHost(Protocol):
    """The state of the files that their commands depend on."""

    @property
    def at_file(self) -> bool:
        """Whether the cursor is on a line that opens something."""


class OpenCompared(Command[FilesHost]):
    """Show how the file differs, or hide that."""

    KEYS = "enter"
    TEXT = "difference"
    TITLE = "Show how the file differs"
    FOOTER = True

    @classmethod
    def why_not(cls, host: FilesHost) -> str | None:
        return None if host.at_file else "The cursor is not on a file that differs."


class TablesHost(Protocol):
    """The state of the tables of two runs that their commands depend on."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The tables to choose from."""


class ChooseTable(Command[TablesHost]):
    """Choose a table that both runs have among their artifacts."""

    ID = "compared-table"
    KEYS = "F"
    TEXT = "table"
    TITLE = "Choose a table of both runs"
    FOOTER = True

    @classmethod
    def why_not(cls, host: TablesHost) -> str | None:
        return None if len(host.paths) > 1 else "These runs have no other table in common."


class DifferencesOnly(Command[Any]):
    """Show only rows that differ, or all rows."""

    ID = "only-differences"
    KEYS = "d"
    TEXT = "differences"
    TITLE = "Only rows that differ"
    FOOTER = True


class MeasuresHost(Protocol):
    """The state of the table that its command for measures depends on."""

    @property
    def has_measures(self) -> bool:
        """Whether the runs have measures of Qlib."""


class MeasuresOnly(Command[MeasuresHost]):
    """Show only Qlib's measures: IC, Rank IC, return, information ratio and drawdown with and without cost; or all."""

    ID = "only-measures"
    KEYS = "p"
    TEXT = "Qlib's measures"
    TITLE = "Only Qlib's measures"

    @classmethod
    def why_not(cls, host: MeasuresHost) -> str | None:
        return None if host.has_measures else "These runs have no measures of Qlib."


class NextDifference(Command[Any]):
    """Go to the next row that differs."""

    KEYS = "n"
    TEXT = "next difference"


class PreviousDifference(Command[Any]):
    """Go to the previous row that differs."""

    KEYS = "N"
    TEXT = "previous difference"


class OrderRows(Command[Any]):
    """Sort the rows by how much they differ, or by name."""

    KEYS = "o"
    TEXT = "order"
    TITLE = "Sort rows by difference"


class Transpose(Command[Any]):
    """Show the runs as lines and the keys as columns, or the other way round."""

    KEYS = "t"
    TEXT = "transpose"
