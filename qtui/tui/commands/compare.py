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


class NextCompareView(
    Command[ComparisonHost],
    keys="w",
    text="view",
    title="Next view of the comparison",
    footer=True,
    call=("next_view",),
):
    """Show the next view of the comparison."""

    @classmethod
    def why_not(cls, host: ComparisonHost) -> str | None:
        return None if host.view_count > 1 else "No other view can show these runs."


class ChooseCompareView(NextCompareView, keys="W,v", text="choose view", title="Choose a view of the comparison"):
    """Choose a view of the comparison by name; in curves `v` zooms the values as in every chart."""


class FilterRows(Command[ComparisonHost], keys="/", text="filter", id="filter", action="filter", footer=True):
    """Show only keys with this text; applies while you type."""

    @classmethod
    def why_not(cls, host: ComparisonHost) -> str | None:
        return host.why_no_search


class SetBaseline(ComparedRunCommand, keys="B", text="baseline", id="baseline", footer=True):
    """Make the run the baseline: the others show their difference from it; again for no baseline."""


class SortComparedRuns(ComparedRowCommand, keys="s", text="sort runs", title="Sort runs by a row", footer=True):
    """Sort the runs by their values in the row: the best or the lowest first, then reversed, then as before."""


class ChooseStatistic(
    Command[ComparisonHost], keys="a", text="last/best", id="compared-statistic", title="Compared value of metrics"
):
    """Choose the value of metrics that is compared: last, best, lowest, highest, smoothed, or at a step."""


class ShowComparedValue(ComparedRowCommand, keys="enter", text="value", id="compared-value", title="Show value"):
    """Show the whole value under the cursor, and for a text how it differs."""


class DrawRow(Command[ComparisonHost], keys="m", text="chart", id="draw-metrics", title="Chart", footer=True):
    """Draw the metric of the row for all compared runs."""

    @classmethod
    def why_not(cls, host: ComparisonHost) -> str | None:
        return None if host.at_metric else "The cursor is not on a metric."


class DrawComparedGrid(
    Command[ComparisonHost], keys="C", text="all charts", id="draw-grid", title="Charts of all metrics"
):
    """Draw a small chart of every metric for all compared runs."""


class CopyComparedRun(ComparedRunCommand, keys="y", text="copy ID", id="copy-id", title="Copy run ID"):
    """Copy the ID of the run."""


class CopyComparedValue(ComparedRowCommand, keys="Y", text="copy value", id="copy-value", title="Copy value"):
    """Copy the full value under the cursor."""


class ExportComparison(Command[ComparisonHost], keys="x", text="export", id="export", footer=True):
    """Export the comparison as CSV, Markdown, JSON or LaTeX, to a file or the clipboard."""


class ReloadComparison(Command[Any], keys="r", text="refresh", id="refresh", action="refresh"):
    """Read the values of the compared runs again."""


class FilesHost(Protocol):
    """The state of the files that their commands depend on."""

    @property
    def at_file(self) -> bool:
        """Whether the cursor is on a line that opens something."""


class OpenCompared(Command[FilesHost], keys="enter", text="difference", title="Show how the file differs", footer=True):
    """Show how the file differs, or hide that."""

    @classmethod
    def why_not(cls, host: FilesHost) -> str | None:
        return None if host.at_file else "The cursor is not on a file that differs."


class TablesHost(Protocol):
    """The state of the tables of two runs that their commands depend on."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The tables to choose from."""


class ChooseTable(
    Command[TablesHost], keys="F", text="table", id="compared-table", title="Choose a table of both runs", footer=True
):
    """Choose a table that both runs have among their artifacts."""

    @classmethod
    def why_not(cls, host: TablesHost) -> str | None:
        return None if len(host.paths) > 1 else "These runs have no other table in common."


class DifferencesOnly(
    Command[Any], keys="d", text="differences", id="only-differences", title="Only rows that differ", footer=True
):
    """Show only rows that differ, or all rows."""


class MeasuresHost(Protocol):
    """The state of the table that its command for measures depends on."""

    @property
    def has_measures(self) -> bool:
        """Whether the runs have measures of Qlib."""


class MeasuresOnly(
    Command[MeasuresHost],
    keys="p",
    text="Qlib's measures",
    id="only-measures",
    title="Only Qlib's measures",
    call=("toggle_option", "only_measures"),
):
    """Show only Qlib's measures: IC, Rank IC, return, information ratio and drawdown with and without cost; or all."""

    @classmethod
    def why_not(cls, host: MeasuresHost) -> str | None:
        return None if host.has_measures else "These runs have no measures of Qlib."


class NextDifference(Command[Any], keys="n", text="next difference", call=("go_to_difference", 1)):
    """Go to the next row that differs."""


class PreviousDifference(Command[Any], keys="N", text="previous difference", call=("go_to_difference", -1)):
    """Go to the previous row that differs."""


class OrderRows(
    Command[Any], keys="o", text="order", title="Sort rows by difference", call=("toggle_option", "by_variation")
):
    """Sort the rows by how much they differ, or by name."""


class Transpose(Command[Any], keys="t", text="transpose", call=("toggle_option", "is_transposed")):
    """Show the runs as lines and the keys as columns, or the other way round."""
