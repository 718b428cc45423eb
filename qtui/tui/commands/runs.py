"""What can be done in the table of runs."""

from __future__ import annotations

from typing import Protocol

from qtui.tui.commands.command import Command


class RunsPlace(Protocol):
    """What the commands of the runs must know of the pane that shows them."""

    @property
    def shown(self) -> int:
        """How many runs are shown."""

    @property
    def at_run(self) -> bool:
        """Whether the cursor is on a run, and not on a group or on nothing."""

    @property
    def at_metric(self) -> bool:
        """Whether the cursor is in the column of a metric."""

    @property
    def sorted_by(self) -> str:
        """The column that the runs are sorted by; empty for the order of the store."""

    @property
    def has_views(self) -> bool:
        """Whether views of this store are saved."""

    @property
    def has_metrics(self) -> bool:
        """Whether any run that is known has a metric."""


class OnRuns(Command[RunsPlace]):
    """Works when runs are shown."""

    @classmethod
    def why_not(cls, here: RunsPlace) -> str | None:
        return None if here.shown else "There are no runs here."


class OnRun(OnRuns):
    """Works when the cursor is on a run."""

    @classmethod
    def why_not(cls, here: RunsPlace) -> str | None:
        return super().why_not(here) or (None if here.at_run else "The cursor is not on a run.")


class Mark(OnRuns):
    """Mark the run, or every run of the group, or take the marks off."""

    KEYS = "space"
    TEXT = "mark"
    FOOTER = True


class MarkDown(OnRuns):
    """Mark the run and the next one."""

    KEYS = "shift+down"
    TEXT = "mark down"


class MarkUp(OnRuns):
    """Mark the run and the one before."""

    KEYS = "shift+up"
    TEXT = "mark up"


class MarkAll(OnRuns):
    """Mark every run that is shown, or take all marks off."""

    KEYS = "ctrl+a"
    TEXT = "mark all"


class Fold(OnRuns):
    """Hide what is below a parent run or a group, or show it again."""

    KEYS = "minus"
    TEXT = "fold"


class FoldAll(OnRuns):
    """Hide what is below every parent run and group, or show all again."""

    KEYS = "underscore"
    TEXT = "fold all"


class SortBy(OnRuns):
    """Sort by a column, or by several in turn."""

    KEYS = "s"
    TEXT = "sort"
    FOOTER = True


class ReverseSort(Command[RunsPlace]):
    """Reverse the order."""

    KEYS = "S"
    TEXT = "reverse"

    @classmethod
    def why_not(cls, here: RunsPlace) -> str | None:
        return None if here.sorted_by else "The runs are in the order of the store: sort them by a column first."


class ChooseColumns(Command[RunsPlace]):
    """Choose the columns and their order."""

    KEYS = "v"
    TEXT = "columns"
    FOOTER = True


class OnlyDifferences(OnRuns):
    """Show only the params that differ between the runs, or all again."""

    KEYS = "d"
    TEXT = "differences"


class GroupBy(OnRuns):
    """Group the runs by params, tags or dataset: mean ± deviation, and the best value of the metric that sorts."""

    KEYS = "b"
    TEXT = "group"
    FOOTER = True


class MoveColumnLeft(OnRuns):
    """Move the column under the cursor to the left."""

    KEYS = "H"
    TEXT = "move left"


class MoveColumnRight(OnRuns):
    """Move the column under the cursor to the right."""

    KEYS = "L"
    TEXT = "move right"


class NarrowColumn(OnRuns):
    """Make the column under the cursor narrower."""

    KEYS = "<"
    TEXT = "narrower"


class WidenColumn(OnRuns):
    """Make the column under the cursor wider."""

    KEYS = ">"
    TEXT = "wider"


class ScrollLeft(OnRuns):
    """Go one column to the left."""

    KEYS = "h,left"
    TEXT = "left"


class ScrollRight(OnRuns):
    """Go one column to the right."""

    KEYS = "l,right"
    TEXT = "right"


class DrawMetrics(OnRuns):
    """Draw metrics of the marked runs large, or of the one under the cursor; on a group, those of all groups."""

    KEYS = "m"
    TEXT = "chart"
    FOOTER = True

    @classmethod
    def why_not(cls, here: RunsPlace) -> str | None:
        return super().why_not(here) or (None if here.has_metrics else "No metric of these runs is known yet.")


class DrawGrid(DrawMetrics):
    """Draw every metric as a small chart: of the marked runs over each other, or of the one under the cursor."""

    KEYS = "C"
    TEXT = "all charts"
    FOOTER = False


class Pin(OnRun):
    """Pin the run to the top, or let it go."""

    KEYS = "*"
    TEXT = "pin"


class SwitchDirection(Command[RunsPlace]):
    """Say whether the highest or the lowest value of the metric is the best."""

    KEYS = "M"
    TEXT = "best is"

    @classmethod
    def why_not(cls, here: RunsPlace) -> str | None:
        return None if here.at_metric else "The cursor is not on a metric."


class SwitchView(Command[RunsPlace]):
    """Show active runs, deleted ones, or all."""

    KEYS = "V"
    TEXT = "active/deleted"


class SaveView(Command[RunsPlace]):
    """Save filter, order and columns under a name."""

    KEYS = "ctrl+s"
    TEXT = "save view"


class OpenView(Command[RunsPlace]):
    """Open a saved view, or delete one."""

    KEYS = "ctrl+o"
    TEXT = "open view"

    @classmethod
    def why_not(cls, here: RunsPlace) -> str | None:
        return None if here.has_views else "No view of this store is saved yet."


class Export(OnRuns):
    """Write what is shown into a file or the clipboard: CSV, Markdown or JSON."""

    KEYS = "x"
    TEXT = "export"


class CopyId(OnRun):
    """Copy the id of the run."""

    KEYS = "y"
    TEXT = "copy id"


class CopyValue(OnRun):
    """Copy the value under the cursor, whole."""

    KEYS = "Y"
    TEXT = "copy value"
