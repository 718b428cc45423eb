"""The commands of the runs table and its pane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from qtui.tui.commands.command import Command

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qtui.runs.table_layout import TableLayout
    from qtui.runs.table_view import TableView


COLUMN_STEP_CELLS = 2
"""How much a key changes the width of a column."""


class RunsCursor(Protocol):
    """The cursor in the table of runs."""

    view: TableView

    @property
    def at_run(self) -> bool:
        """Return whether the cursor is on a run, not on a group or on nothing."""

    @property
    def at_metric(self) -> bool:
        """Return whether the cursor is in the column of a metric."""


class RunsTableHost(Protocol):
    """The state that the commands of table and pane read of their host."""

    viewport: RunsCursor


class LoadedRuns(Protocol):
    """The loaded runs, and the layout that the user chose."""

    layout: TableLayout

    @property
    def has_metrics(self) -> bool:
        """Return whether any loaded run has a metric."""


class ViewStorage(Protocol):
    """The state of a store that is kept between sessions."""

    @property
    def views(self) -> Mapping[str, object]:
        """Return the saved views by name."""


class RunsPaneHost(RunsTableHost, Protocol):
    """The state that the commands of the pane read."""

    model: LoadedRuns
    store_state: ViewStorage | None

    @property
    def edit_count(self) -> int:
        """Return the number of marked runs, or else of those in the group under the cursor."""


class RunsCommand(Command[RunsTableHost]):
    """Base of commands that need a run."""

    @classmethod
    def why_not(cls, host: RunsTableHost) -> str | None:
        return None if len(host.viewport.view) else "There are no runs here."


class RunCommand(RunsCommand):
    """Base of commands that need a run under the cursor."""

    @classmethod
    def why_not(cls, host: RunsTableHost) -> str | None:
        return super().why_not(host) or (None if host.viewport.at_run else "The cursor is not on a run.")


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


class SortBy(RunsCommand, keys="s", text="sort", title="Sort runs", footer=True, call=("layouts.sort_by",)):
    """Sort by one column or several."""


class ReverseSort(Command[RunsPaneHost], keys="S", text="reverse", call=("layouts.reverse_sort",)):
    """Reverse the order."""

    @classmethod
    def why_not(cls, host: RunsPaneHost) -> str | None:
        return (
            None
            if host.model.layout.order_by
            else "The runs are in the order of the store: sort them by a column first."
        )


class ChooseColumns(Command[RunsPaneHost], keys="v", text="columns", footer=True, call=("layouts.choose_columns",)):
    """Choose the columns and their order."""


class OnlyDifferences(
    RunsCommand, keys="d", text="differences", title="Only differing params", call=("layouts.toggle_differences",)
):
    """Show only params that differ between the runs, or all."""


class GroupBy(RunsCommand, keys="b", text="group", title="Group runs", footer=True, call=("layouts.group_by",)):
    """Group the runs by params, tags, dataset or all params but some: mean ± deviation, and the best value."""


class MakeBaseline(
    RunCommand, keys="B", text="baseline", id="baseline", title="Set baseline", call=("layouts.toggle_baseline",)
):
    """Make the run the baseline: the table shows the differences of the others from it; again for no baseline."""


class MoveColumnLeft(RunsCommand, keys="H", text="move left", call=("layouts.move_column", -1)):
    """Move the column left."""


class MoveColumnRight(RunsCommand, keys="L", text="move right", call=("layouts.move_column", 1)):
    """Move the column right."""


class NarrowColumn(RunsCommand, keys="<", text="narrower", call=("layouts.resize_column", -COLUMN_STEP_CELLS)):
    """Make the column narrower."""


class WidenColumn(RunsCommand, keys=">", text="wider", call=("layouts.resize_column", COLUMN_STEP_CELLS)):
    """Make the column wider."""


class PreviousColumn(RunsCommand, keys="h,left", text="left", action="cursor_left", call=("step_column", -1)):
    """Go one column to the left."""


class NextColumn(RunsCommand, keys="l,right", text="right", action="cursor_right", call=("step_column", 1)):
    """Go one column to the right."""


class DrawMetrics(
    Command[RunsPaneHost], keys="m", text="chart", title="Chart", footer=True, call=("run_actions.draw_chart",)
):
    """Draw metrics of the marked runs, or of the run under the cursor; on a group, of all groups."""

    @classmethod
    def why_not(cls, host: RunsPaneHost) -> str | None:
        return RunsCommand.why_not(host) or (None if host.model.has_metrics else "These runs have no metrics yet.")


class DrawGrid(DrawMetrics, keys="C", text="all charts", title="All charts", call=("run_actions.draw_grid",)):
    """Draw a small chart of every metric, of the marked runs or the run under the cursor."""


class Compare(
    Command[RunsPaneHost], keys="c", text="compare", title="Compare runs", footer=True, call=("run_actions.compare",)
):
    """Compare the marked runs, or those of the group under the cursor, side by side."""

    @classmethod
    def why_not(cls, host: RunsPaneHost) -> str | None:
        return None if host.edit_count > 1 else "Mark at least two runs to compare them."


class Pin(RunCommand, keys="*", text="pin", title="Pin run", call=("layouts.toggle_pin",)):
    """Pin the run to the top, or unpin it."""


class SwitchDirection(
    Command[RunsPaneHost],
    keys="M",
    text="best is",
    title="Best is highest / lowest",
    call=("layouts.toggle_direction",),
):
    """Switch whether the highest or the lowest value of the metric is best."""

    @classmethod
    def why_not(cls, host: RunsPaneHost) -> str | None:
        return None if host.viewport.at_metric else "The cursor is not on a metric."


class SwitchView(Command[Any], keys="V", text="active/deleted", title="Active / deleted / all"):
    """Show active runs, deleted runs, or all."""


class SaveView(Command[RunsPaneHost], keys="ctrl+s", text="save view", call=("saved_views.ask_save",)):
    """Save filter, sort order and columns under a name."""


class OpenView(Command[RunsPaneHost], keys="ctrl+o", text="open view", call=("saved_views.ask_open",)):
    """Open a saved view, or delete one."""

    @classmethod
    def why_not(cls, host: RunsPaneHost) -> str | None:
        has_views = host.store_state is not None and host.store_state.views
        return None if has_views else "No view of this store is saved yet."


class Export(RunsCommand, keys="x", text="export"):
    """Export the shown runs as CSV, Markdown or JSON, to a file or the clipboard."""


class CopyId(RunCommand, keys="y", text="copy ID", title="Copy run ID", call=("run_actions.copy_id",)):
    """Copy the ID of the run."""


class CopyValue(RunCommand, keys="Y", text="copy value", call=("run_actions.copy_value",)):
    """Copy the full value under the cursor."""


class DownloadRuns(
    RunsCommand, keys="ctrl+g", text="download", title="Download artifacts of runs", call=("run_actions.download",)
):
    """Download all artifacts of the marked runs, or of the run under the cursor."""


class ResumeRun(RunCommand, keys="ctrl+r", text="resume", call=("run_actions.resume",)):
    """Run the command of the run again, inside it or in a new run, or copy the lines that resume it."""
