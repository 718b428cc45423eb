"""Telling of one run: the details of the one under the cursor, and where they lead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual import on

from qtui.entities import PARENT_RUN_TAG, RunInfo
from qtui.figures import now_ms
from qtui.query.ast import Field, Kind
from qtui.recorder import Library
from qtui.runs.table_view import TableGroup
from qtui.tui import load as reading
from qtui.tui.load import ArtifactsRead, Courses, NewsRead, RunRead
from qtui.tui.load.background import LoadGroup
from qtui.tui.options import Options
from qtui.tui.present.group_rows import GroupDetails
from qtui.tui.present.run_view import carried_on
from qtui.tui.screens.browser.layout import REST
from qtui.tui.screens.browser.runs_loader import Asking
from qtui.tui.widgets.details import DetailsPane
from qtui.tui.widgets.panes import DETAILS, Panes
from qtui.tui.widgets.runs_table import RunsTable

PARENT = Field(Kind.TAG, PARENT_RUN_TAG)


class Telling(Asking):
    """Reads what the details show of a run."""

    def __init__(self, library: Library, options: Options, clock: Callable[[], int] = now_ms) -> None:
        super().__init__(library, options, clock)
        self._selected: str | None = None
        self._selected_group: TableGroup | None = None
        self._follower = library.follow()
        self._courses = Courses(self._follower)

    @on(RunsTable.Highlighted)
    def _follow_run(self, message: RunsTable.Highlighted) -> None:
        self._selected, self._selected_group = message.run_id, message.group
        self._after(REST, "details", self._read_details)

    @on(NewsRead)
    def _follow_news(self, message: NewsRead) -> None:
        if self._selected in {each.info.run_id for each in message.runs}:
            self._read_details()

    def _read_details(self) -> None:
        info = self._info(self._selected)
        if info is None:
            group = self._selected_group
            self.details.view = None
            self.details.group = None if group is None else GroupDetails(self.runs.table.view, group)
        else:
            self.read(
                LoadGroup.DETAILS, reading.details(self._library, self._courses, info, self._children(info.run_id))
            )

    def _info(self, run_id: str | None) -> RunInfo | None:
        row = self.runs.frame.row(run_id) if run_id else None
        return None if row is None else self.runs.frame.infos[row]

    def _children(self, run_id: str) -> tuple[RunInfo, ...]:
        """The runs that call this one their parent."""
        frame = self.runs.frame
        parents = frame.column(PARENT)
        return tuple(frame.infos[row] for row in range(len(frame)) if parents[row] == run_id) if parents else ()

    @on(RunRead)
    def _show_run(self, message: RunRead) -> None:
        if message.view.run.info.run_id == self._selected:
            known = self.details.view
            same = known is not None and known.run.info.run_id == self._selected
            self.details.group = None
            self.details.view = carried_on(known, message.view) if known and same else message.view

    @on(DetailsPane.ArtifactsWanted)
    def _read_artifacts(self, message: DetailsPane.ArtifactsWanted) -> None:
        info = self._info(self._selected)
        if info is not None:
            self.read(LoadGroup.ARTIFACTS, reading.artifacts(self._library, info, message.path), part=message.path)

    @on(ArtifactsRead)
    def _show_artifacts(self, message: ArtifactsRead) -> None:
        view = self.details.view
        if view is not None and view.run.info.run_id == message.run_id:
            levels = {**(view.levels or {}), message.path: message.artifacts}
            self.details.view = replace(view, levels=levels, failure=message.failure or view.failure)

    @on(DetailsPane.RunWanted)
    def _go_to_run(self, message: DetailsPane.RunWanted) -> None:
        if not self.runs.go_to(message.run_id):
            self.notify("That run is not among those shown.", severity="warning", markup=False)

    @on(DetailsPane.ValueOpened)
    def _show_value(self, message: DetailsPane.ValueOpened) -> None:
        from qtui.tui.screens.value import ValueScreen

        self.app.push_screen(ValueScreen(message.key, message.value))

    @on(RunsTable.Opened)
    def _enter_run(self) -> None:
        self.query_one(Panes).go_to(DETAILS)
