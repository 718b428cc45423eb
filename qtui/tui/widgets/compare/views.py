"""The registry of the views of a comparison, in the order in which `w` shows them."""

from __future__ import annotations

from qtui.compare.run_comparison import RowKind, RunComparison
from qtui.runs.qlib_results import has_report
from qtui.tui.present.comparison_plots import axis_rows, category_rows, metric_rows
from qtui.tui.widgets.compare.bars_view import BarsView, BoxView
from qtui.tui.widgets.compare.comparison_table import ComparisonTable
from qtui.tui.widgets.compare.curves_view import CurvesView
from qtui.tui.widgets.compare.explanation_view import GroupsView, ImportanceView
from qtui.tui.widgets.compare.files_view import FilesView
from qtui.tui.widgets.compare.frames_view import FramesView
from qtui.tui.widgets.compare.parallel_view import ParallelView
from qtui.tui.widgets.compare.results_view import PredictionsView, ReturnsView
from qtui.tui.widgets.compare.scatter_view import ScatterView
from qtui.tui.widgets.compare.view import CompareView


def why_no_bars(comparison: RunComparison) -> str | None:
    """Return why there are no bars; None if a run has a metric."""
    return None if metric_rows(comparison) else "These runs have no metrics."


def why_no_scatter(comparison: RunComparison) -> str | None:
    """Return why there are no axes; None if a run has a metric and something differs."""
    return why_no_bars(comparison) or (None if axis_rows(comparison) else "Nothing differs between these runs.")


def why_no_boxes(comparison: RunComparison) -> str | None:
    """Return why there are no boxes; None if a run has a metric and a param groups the runs."""
    has_groups = bool(category_rows(comparison))
    return why_no_bars(comparison) or (None if has_groups else "No param has few enough values to group these runs.")


def why_no_results(comparison: RunComparison) -> str | None:
    """Return why there are no results of Qlib; None if the runs have metrics of a signal analysis or a backtest."""
    keys = [row.key for row in comparison.rows if row.kind is RowKind.METRIC]
    return None if has_report(keys) else "These runs have no results of Qlib."


def why_no_explanation(comparison: RunComparison) -> str | None:
    """Return why nothing can be explained; None if a run has a metric and a param differs."""
    differs = any(row.kind is RowKind.PARAM for row in comparison.differing_rows)
    return why_no_bars(comparison) or (None if differs else "No param differs between these runs.")


def why_no_pair(comparison: RunComparison) -> str | None:
    """Return why no files can be compared; None for two runs or more."""
    return None if len(comparison.order) > 1 else "There is only one run."


COMPARE_VIEWS: tuple[CompareView, ...] = (
    CompareView("table", ComparisonTable),
    CompareView("bars", BarsView, why_no_bars),
    CompareView("scatter", ScatterView, why_no_scatter),
    CompareView("box", BoxView, why_no_boxes),
    CompareView("parallel", ParallelView, why_no_scatter),
    CompareView("returns", ReturnsView, why_no_results),
    CompareView("predictions", PredictionsView, why_no_results),
    CompareView("files", FilesView, why_no_pair),
    CompareView("groups", GroupsView, why_no_explanation),
    CompareView("importance", ImportanceView, why_no_explanation),
    CompareView("tables", FramesView, why_no_pair),
    CompareView("curves", CurvesView, why_no_bars),
)
