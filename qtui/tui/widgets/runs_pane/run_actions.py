"""The actions on the runs that the user selects, other than edits."""

from __future__ import annotations

from collections.abc import Callable

from qtui.runs.cells import raw_text
from qtui.tui.messages import CopyText, DownloadArtifacts, OpenChart, OpenComparison, OpenGrid, OpenResume
from qtui.tui.present.charts.chart_spec import ChartSpec
from qtui.tui.present.runs.run_selection import RunSelection
from qtui.tui.present.runs.runs_model import RunsModel
from qtui.tui.widgets.pane import Pane


class RunActions:
    """Requests charts, comparisons, downloads, resumes and copies of the selected runs."""

    def __init__(self, pane: Pane, model: RunsModel, selection: Callable[[], RunSelection]) -> None:
        """`selection` returns the marked runs, or those under the cursor."""
        self._pane = pane
        self._post = pane.post_message
        self._model = model
        self._selection = selection

    def _chart_spec(self) -> ChartSpec | None:
        """Return the chart of the runs; warn if they have no metric."""
        spec = self._selection().to_chart()
        if spec is None:
            self._pane.notify("The selected runs have no metrics.", severity="warning", markup=False)
        return spec

    def draw_chart(self) -> None:
        """Open a large chart."""
        if spec := self._chart_spec():
            self._post(OpenChart(spec))

    def draw_grid(self) -> None:
        """Open a chart of every metric."""
        if spec := self._chart_spec():
            from qtui.tui.present.charts.grid_spec import grid_spec_of

            self._post(OpenGrid(grid_spec_of(spec, self._model.frame.metrics_with_steps)))

    def compare(self) -> None:
        """Compare the runs in the order of the table."""
        self._post(OpenComparison(self._selection().to_compare(self._model.scope.experiments)))

    def download(self) -> None:
        """Download all artifacts of the runs."""
        if infos := self._selection().infos():
            self._post(DownloadArtifacts(infos, ""))

    def resume(self) -> None:
        """Open the dialog that resumes the run under the cursor."""
        if (info := self._selection().current) is not None:
            self._post(OpenResume(info))

    def copy_id(self) -> None:
        """Copy the ID of the run under the cursor."""
        if (line := self._selection().line) is not None:
            self._post(CopyText(line.key, "the run ID"))

    def copy_value(self) -> None:
        """Copy the full value under the cursor."""
        selection = self._selection()
        line, column = selection.line, selection.column
        if line is not None and line.row is not None and column is not None:
            text = raw_text(selection.view, line.row, column.field)
            self._post(CopyText(text or "", column.title or column.field.key))
