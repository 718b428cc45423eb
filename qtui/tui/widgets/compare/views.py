"""The registry of the views of a comparison, in the order in which `w` shows them."""

from __future__ import annotations

from qtui.compare.run_comparison import RowKind, RunComparison
from qtui.runs.qlib_results import has_report
from qtui.tui.present.comparison_plots import axis_rows, category_rows, metric_rows
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


# Views are imported when they are first shown: the table opens sooner.


def _bars() -> CompareWidget:
    from qtui.tui.widgets.compare.bars_view import BarsView

    return BarsView()


def _scatter() -> CompareWidget:
    from qtui.tui.widgets.compare.scatter_view import ScatterView

    return ScatterView()


def _box() -> CompareWidget:
    from qtui.tui.widgets.compare.bars_view import BoxView

    return BoxView()


def _parallel() -> CompareWidget:
    from qtui.tui.widgets.compare.parallel_view import ParallelView

    return ParallelView()


def _returns() -> CompareWidget:
    from qtui.tui.widgets.compare.results_view import ReturnsView

    return ReturnsView()


def _predictions() -> CompareWidget:
    from qtui.tui.widgets.compare.results_view import PredictionsView

    return PredictionsView()


def _files() -> CompareWidget:
    from qtui.tui.widgets.compare.files_view import FilesView

    return FilesView()


def _groups() -> CompareWidget:
    from qtui.tui.widgets.compare.explanation_view import GroupsView

    return GroupsView()


def _importance() -> CompareWidget:
    from qtui.tui.widgets.compare.explanation_view import ImportanceView

    return ImportanceView()


def _frames() -> CompareWidget:
    from qtui.tui.widgets.compare.frames_view import FramesView

    return FramesView()


def _curves() -> CompareWidget:
    from qtui.tui.widgets.compare.curves_view import CurvesView

    return CurvesView()


COMPARE_VIEWS: tuple[CompareView, ...] = (
    CompareView("table", ComparisonTable),
    CompareView("bars", _bars, why_no_bars),
    CompareView("scatter", _scatter, why_no_scatter),
    CompareView("box", _box, why_no_boxes),
    CompareView("parallel", _parallel, why_no_scatter),
    CompareView("returns", _returns, why_no_results),
    CompareView("predictions", _predictions, why_no_results),
    CompareView("files", _files, why_no_pair),
    CompareView("groups", _groups, why_no_explanation),
    CompareView("importance", _importance, why_no_explanation),
    CompareView("tables", _frames, why_no_pair),
    CompareView("curves", _curves, why_no_bars),
)
