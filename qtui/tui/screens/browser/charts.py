"""Charting: the curves that the grid of charts has in sight, and the screens that show charts alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual import on

from qtui.tui import load as reading
from qtui.tui.load import CurvesRead, NewsRead
from qtui.tui.load.background import LoadCancelled, LoadGroup, ReadFailed
from qtui.tui.messages import ChartWanted, GridWanted, PinsChanged, SightChanged
from qtui.tui.screens.browser.details_loader import Telling
from qtui.tui.screens.browser.layout import LIVELY
from qtui.tui.widgets.runs_table import RunsTable

if TYPE_CHECKING:
    from qtui.tui.widgets.chart_grid import ChartGrid


class Charting(Telling):
    """Reads for the charts of the details, and lets other screens know what runs have written."""

    @on(SightChanged)
    def _read_curves(self, message: SightChanged) -> None:
        self.read(LoadGroup.CHARTS, reading.curves(self._follower, message.runs, message.metrics))

    @on(RunsTable.MarksChanged)
    def _chart_marked_runs(self) -> None:
        self.details.follow_marks()

    def on_screen_resume(self) -> None:
        """Read what was logged while another screen was in front."""
        if self.details.grid:
            self.details.grid.look_soon()

    @on(CurvesRead)
    def _show_curves(self, message: CurvesRead) -> None:
        if self.details.grid:
            self.details.grid.take(message.run_id, message.metrics, message.found)

    @on(NewsRead)
    def _read_on(self, message: NewsRead) -> None:
        """Let the charts grow whose runs have written."""
        written = {each.info.run_id for each in message.runs}
        for grid in self._grids():
            if written.intersection(run.run_id for run in grid.gridded.runs):
                grid.look_again()

    def _grids(self) -> Iterator[ChartGrid]:
        """Every grid of charts that is open."""
        if self.details.grid:
            yield self.details.grid
        if len(self.app.screen_stack) > 1:
            from qtui.tui.screens.grid import GridScreen

            yield from (screen.grid for screen in self.app.screen_stack if isinstance(screen, GridScreen))

    @on(ReadFailed)
    def _try_again(self, message: ReadFailed) -> None:
        """A store that is locked or out of reach may be there again in a moment."""
        if message.group == LoadGroup.CHARTS and self.details.grid:
            self.details.grid.give_up()
            self.set_timer(LIVELY, self.details.grid.look_again)

    @on(LoadCancelled)
    def _load_charts_again(self, message: LoadCancelled) -> None:
        """Load the charts again, unless a newer load of them is on its way."""
        if message.group == LoadGroup.CHARTS and self.details.grid and not self.is_loading(LoadGroup.CHARTS):
            self.details.grid.reload()

    def action_refresh(self) -> None:
        """Load the store again, and the charts in sight, whatever they wait for."""
        super().action_refresh()
        if self.details.grid:
            self.details.grid.reload()

    @on(PinsChanged)
    def _keep_pins(self, message: PinsChanged) -> None:
        info = self._info(self._selected)
        if info is not None and self.runs.memory is not None:
            self.runs.memory.save_pins(info.experiment_id, message.pins)

    @on(ChartWanted)
    def _show_chart(self, message: ChartWanted) -> None:
        from qtui.tui.screens.chart import ChartScreen

        self.app.push_screen(ChartScreen(self._follower, message.charted, message.options))

    @on(GridWanted)
    def _show_grid(self, message: GridWanted) -> None:
        from qtui.tui.screens.grid import GridScreen

        self.app.push_screen(GridScreen(self._library, self._follower, message.gridded))
