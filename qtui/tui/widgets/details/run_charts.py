"""The charts in the details."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qtui.entities import Run
from qtui.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from qtui.tui.present.charts.grid_spec import GridSpec
    from qtui.tui.widgets.chart_grid import ChartGrid


class RunCharts:
    """The charts of a run or of the marked runs; their grid is mounted when it is shown first."""

    def __init__(self, pane: Pane) -> None:
        self._pane = pane
        self.ascii_only = False
        self.grid: ChartGrid | None = None
        """The grid, once it was shown."""
        self.is_live: Callable[[], bool] = lambda: False
        """Returns whether running runs are followed."""
        self.marked_runs: Callable[[], GridSpec | None] = lambda: None
        """Returns the marked runs with their metrics, charted instead of the run; None for fewer than 2."""

    def spec(self, run: Run | None) -> GridSpec:
        """Return the runs and metrics to chart."""
        from qtui.tui.present.charts.grid_spec import GridSpec, grid_spec_of_run

        if run is None:
            return GridSpec()
        return self.marked_runs() or grid_spec_of_run(run)

    def show(self, spec: GridSpec, pins: Sequence[str], search: str) -> None:
        """Show the metrics whose names match the search, pinned ones first."""
        self.grid = self.grid or self._mount_grid()
        self.grid.show(spec, pins, search)

    def _mount_grid(self) -> ChartGrid:
        from qtui.plot.glyphs import ASCII, BRAILLE
        from qtui.tui.widgets.chart_grid import ChartGrid

        grid = ChartGrid(ASCII if self.ascii_only else BRAILLE)
        grid.is_live = self.is_live
        self._pane.mount(grid, before="#nothing")
        return grid
