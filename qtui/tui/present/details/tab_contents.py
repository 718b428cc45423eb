"""The contents of a tab of the details, for the run or the group of runs that is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from qtui.entities import Artifact
from qtui.tui.present.details.detail_rows import DetailColumn, DetailRow
from qtui.tui.present.details.details_tabs import DetailsTab, TabBody
from qtui.tui.present.details.group_rows import GroupDetails
from qtui.tui.present.details.run_view import RunView
from qtui.value_classes import dataclass


@dataclass(frozen=True, slots=True)
class TabContents:
    """A tab with its subject: a run, or else a group of runs."""

    tab: DetailsTab
    view: RunView | None = None
    group: GroupDetails | None = None

    def rows(self, now: int, stale_after: timedelta, *, stacked: bool = False) -> tuple[DetailRow, ...]:
        """Return all rows, with `stacked` also those for a tall pane."""
        if self.view is None:
            return tuple(self.tab.group_rows(self.group)) if self.group else ()
        rows = tuple(self.tab.rows(self.view, now, stale_after))
        return (*rows, *self.tab.stacked_rows(self.view)) if stacked else rows

    @property
    def columns(self) -> Sequence[DetailColumn]:
        """The columns of the rows."""
        return self.tab.group_columns if self.view is None and self.group else self.tab.columns

    @property
    def awaits_artifacts(self) -> bool:
        """Whether artifacts must be loaded before there are rows."""
        return self.view is not None and self.tab.needs_artifacts(self.view)

    @property
    def has_report(self) -> bool:
        """Whether the tab shows the report of a run that has one."""
        return self.view is not None and self.tab.body is TabBody.REPORT and self.tab.is_shown(self.view)

    def notice(self, fill_keys: Callable[[str], str], *, has_contents: bool) -> str:
        """Return why there is nothing to see, which is the search if the tab has contents.

        `fill_keys` replaces the IDs of commands in braces by their keys.
        """
        if self.view is None and self.group is not None and self.tab.group_notice:
            return fill_keys(self.tab.group_notice)
        if has_contents:
            return fill_keys("Nothing matches. Press {back} to clear the search.")
        if self.view is None:
            return "Move to a run to see it here."
        if self.view.failure:
            return self.view.failure
        if self.has_report:
            return "Reading the report …"
        return "Reading the artifacts …" if self.awaits_artifacts else self.tab.empty

    def can_open(self, row: DetailRow) -> bool:
        """Return whether a row has something to open: headings have only a tab, if at all."""
        return row.role != "heading" or self.tab.target(row) is not None

    def artifact(self, row: DetailRow | None) -> Artifact | None:
        """Return the artifact in a row."""
        target = None if row is None or self.view is None else self.tab.target(row)
        return target if isinstance(target, Artifact) else None

    def file(self, row: DetailRow | None) -> str | None:
        """Return the path of the file in a row; None for a folder."""
        artifact = self.artifact(row)
        return None if artifact is None or artifact.is_dir else artifact.path


def shown_tabs(tabs: Sequence[DetailsTab], front: int, view: RunView | None) -> list[int]:
    """Return the indexes of the tabs that are offered for a run or a group; the tab in front always is."""
    return [
        index
        for index, tab in enumerate(tabs)
        if index == front or (tab.body is not TabBody.REPORT if view is None else tab.is_shown(view))
    ]


def next_sort_column(column: int | None, widths: Sequence[int]) -> int | None:
    """Return the visible column to sort by after this one; None, for no column, is after the last one."""
    choices: list[int | None] = [None, *(index for index, cells in enumerate(widths) if cells)]
    return choices[(choices.index(column) + 1) % len(choices)] if column in choices else None
