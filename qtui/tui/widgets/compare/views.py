"""The registry of the views of a comparison, in the order in which `w` shows them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from qtui.compare.run_comparison import RowKind, RunComparison
from qtui.runs.qlib_results import has_report
from qtui.tui.present.compare.comparison_plots import axis_rows, category_rows, metric_rows
from qtui.tui.widgets.compare.comparison_table import ComparisonTable
from qtui.tui.widgets.compare.view import CompareView, CompareWidget


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


def view_of(module: str, name: str) -> Callable[[], CompareWidget]:
    """Return a constructor that imports its class when it is called, so that the table opens sooner."""

    def make_widget() -> CompareWidget:
        widget: CompareWidget = getattr(import_module(f"{__package__}.{module}"), name)()
        return widget

    return make_widget


COMPARE_VIEWS: tuple[CompareView, ...] = (
    CompareView("table", ComparisonTable),
    CompareView("bars", view_of("bars_view", "BarsView"), why_no_bars),
    CompareView("scatter", view_of("scatter_view", "ScatterView"), why_no_scatter),
    CompareView("box", view_of("bars_view", "BoxView"), why_no_boxes),
    CompareView("parallel", view_of("parallel_view", "ParallelView"), why_no_scatter),
    CompareView("returns", view_of("results_view", "ReturnsView"), why_no_results),
    CompareView("predictions", view_of("results_view", "PredictionsView"), why_no_results),
    CompareView("files", view_of("files_view", "FilesView"), why_no_pair),
    CompareView("groups", view_of("explanation_view", "GroupsView"), why_no_explanation),
    CompareView("importance", view_of("explanation_view", "ImportanceView"), why_no_explanation),
    CompareView("tables", view_of("frames_view", "FramesView"), why_no_pair),
    CompareView("curves", view_of("curves_view", "CurvesView"), why_no_bars),
)
