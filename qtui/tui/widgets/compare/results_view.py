"""The results of Qlib's runs in a comparison: returns against the benchmark, and the correlation of predictions."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from qtui.artifacts.content import DrawingContent
from qtui.artifacts.qlib_files.backtest_report import report_frequency
from qtui.artifacts.qlib_files.compared_results import (
    BACKTEST_FOLDER,
    PREDICTIONS,
    ResultProblem,
    backtest_of,
    backtest_path,
    compare_returns,
    correlate_predictions,
    predictions_of,
)
from qtui.compare.run_comparison import ComparedRow, RunComparison
from qtui.entities import RunInfo
from qtui.errors import ArtifactUnreadable, QtuiError
from qtui.plot.picture import Picture
from qtui.tui.widgets.artifact.content_widget import TaskSteps
from qtui.tui.widgets.compare.plot_widget import PlotWidget
from qtui.tui.widgets.compare.view import ArtifactReader

if TYPE_CHECKING:
    from pandas import DataFrame, Series

MAX_RUNS = 12
"""Runs whose results are read: the first ones in the order of the comparison."""


class ResultsView(PlotWidget):
    """Base of the views that read an artifact of each run in the background, once."""

    def __init__(self) -> None:
        super().__init__()
        self._drawing: DrawingContent | None = None
        self._read_runs: tuple[str, ...] = ()

    # To be defined by subclasses

    @abstractmethod
    def read(self, artifacts: ArtifactReader, info: RunInfo) -> Any:
        """Return the result of a run; raises ArtifactUnreadable."""

    @abstractmethod
    def make_drawing(self, results: dict[str, Any], problems: Sequence[ResultProblem]) -> DrawingContent:
        """Return the picture of the results by name of the run."""

    # Loading

    @property
    def compared_row(self) -> ComparedRow | None:
        """None: the view shows no metric."""
        return None

    @property
    def plotted_runs(self) -> Sequence[int]:
        """None: the view has no cursor."""
        return ()

    @property
    def position(self) -> str:
        """The number of runs, if some are left out."""
        count = len(self.comparison.order)
        return f"the first {MAX_RUNS} of {count:,} runs" if count > MAX_RUNS else ""

    def show_comparison(self, comparison: RunComparison) -> None:
        """Show a comparison; the results are read again if it has other runs or another order."""
        super().show_comparison(comparison)
        runs = comparison.order[:MAX_RUNS]
        run_ids = tuple(comparison.frame.infos[run].run_id for run in runs)
        if run_ids != self._read_runs and self.artifacts is not None:
            self._read_runs = run_ids
            named = [(comparison.names[run], comparison.frame.infos[run]) for run in runs]
            self.run_task(
                "read", partial(self._read_steps, self.artifacts, named), self._show_results, "reading results"
            )

    def _read_steps(self, artifacts: ArtifactReader, runs: Sequence[tuple[str, RunInfo]]) -> TaskSteps[DrawingContent]:
        results: dict[str, Any] = {}
        problems: list[ResultProblem] = []
        for number, (name, info) in enumerate(runs):
            yield number / len(runs)
            try:
                results[name] = self.read(artifacts, info)
            except QtuiError as error:
                problems.append(ResultProblem(name, str(error)))
        yield None
        return self.make_drawing(results, problems)

    def _show_results(self, drawing: DrawingContent) -> None:
        self._drawing = drawing
        self.redraw()

    def draw(self, cells: int, rows: int) -> Picture:
        if self._drawing is None:
            return self.message_picture("Reading the results …", cells, rows)
        return self._drawing.draw(cells, rows, ascii_only=self.ascii_only)


class ReturnsView(ResultsView):
    """Shows cumulative returns against the benchmark, and the measures of the excess return."""

    def read(self, artifacts: ArtifactReader, info: RunInfo) -> tuple[str, DataFrame]:
        path = backtest_path(artifacts.files(info, BACKTEST_FOLDER))
        if path is None:
            raise ArtifactUnreadable("It has no report of a backtest.")
        return path, backtest_of(artifacts.read_pickle(info, path), path)

    def make_drawing(self, results: dict[str, Any], problems: Sequence[ResultProblem]) -> DrawingContent:
        """Return the curves of the reports that have the frequency of the first one."""
        frequencies = {name: report_frequency(path) for name, (path, _) in results.items()}
        frequency = next(iter(frequencies.values()), "1day")
        others = [
            ResultProblem(name, f"Its backtest is by {other}, not by {frequency}.")
            for name, other in frequencies.items()
            if other != frequency
        ]
        reports = {name: report for name, (_, report) in results.items() if frequencies[name] == frequency}
        return compare_returns(reports, frequency, (*problems, *others))


class PredictionsView(ResultsView):
    """Shows the correlation of the predictions of all pairs of runs."""

    def read(self, artifacts: ArtifactReader, info: RunInfo) -> Series:
        return predictions_of(artifacts.read_pickle(info, PREDICTIONS))

    def make_drawing(self, results: dict[str, Any], problems: Sequence[ResultProblem]) -> DrawingContent:
        return correlate_predictions(results, problems)
