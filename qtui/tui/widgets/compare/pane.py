"""The pane of a comparison: what differs, the search field, a view, and a line with its state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from qtui.compare.comparison_export import EXPORT_FORMATS
from qtui.compare.run_comparison import MetricChoice, RowKind, RunComparison, difference_summary
from qtui.formatting import format_count
from qtui.query.ast import Aggregate
from qtui.text import ELLIPSIS, display
from qtui.tui.commands.compare import (
    ChooseCompareView,
    ChooseStatistic,
    CopyComparedRun,
    CopyComparedValue,
    DrawComparedGrid,
    DrawRow,
    ExportComparison,
    FilterRows,
    NextCompareView,
    SetBaseline,
    ShowComparedValue,
    SortComparedRuns,
)
from qtui.tui.commands.everywhere import Back
from qtui.tui.messages import AskText, ChooseOne, CopyText, OpenChart, OpenGrid, ShowValue
from qtui.tui.present.charts.grid_spec import grid_spec_of
from qtui.tui.present.choices import Choice
from qtui.tui.present.compare.comparison_curves import curves_spec
from qtui.tui.widgets.artifact.content_widget import ContentWidget
from qtui.tui.widgets.ask_export import ask_export
from qtui.tui.widgets.compare.view import ArtifactReader, CompareView
from qtui.tui.widgets.compare.views import COMPARE_VIEWS
from qtui.tui.widgets.searchable_pane import SearchablePane

STATISTICS: Mapping[Aggregate, str] = {
    Aggregate.LAST: "the last value",
    Aggregate.BEST: "the highest or the lowest value, whichever is better",
    Aggregate.MIN: "the lowest value",
    Aggregate.MAX: "the highest value",
    Aggregate.FIRST: "the first value",
}
SMOOTHING_WEIGHTS = (0.6, 0.9, 0.99)
SMOOTHED_NOTE = "the last value of the curve, smoothed as in charts"
MAX_STEP_DIGITS = 18
AT_STEP = "step"
SEPARATOR = " · "
MUTED_TITLE = "not bold $text-muted"
TITLE_MARGIN_CELLS = 8
"""Cells of the title that are not names of views: the frame, the spaces at its ends, and ellipses."""


class ComparePane(SearchablePane):
    """Shows a comparison in one of its views."""

    HEADING = "Compare"
    SEARCH_PLACEHOLDER = "a part of a key"
    SEARCH_BEFORE = "#view"
    OWN_COMMANDS = (
        FilterRows,
        NextCompareView,
        ChooseCompareView,
        SetBaseline,
        SortComparedRuns,
        ChooseStatistic,
        ShowComparedValue,
        DrawRow,
        DrawComparedGrid,
        CopyComparedRun,
        CopyComparedValue,
        ExportComparison,
        Back,
    )
    DEFAULT_CSS = """
    ComparePane {
        & > #summary { height: auto; max-height: 3; padding: 0 1; color: $accent; }
        & > #state { height: 1; padding: 0 1; color: $text-muted; }
        & > #state.-sentence { height: 3; }
        & > #view { height: 1fr; }
    }
    """

    class ChoiceChanged(Message):
        """The user chose another value of the metrics to compare."""

        def __init__(self, choice: MetricChoice) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self) -> None:
        super().__init__()
        self.comparison = RunComparison()
        self.progress = ""
        """The progress of loading, for the status line."""
        self.ascii_only = False
        self.artifacts: ArtifactReader | None = None
        """Reads the artifacts of the runs."""
        self.gone: frozenset[str] = frozenset()
        """The IDs of runs that were deleted while they are compared."""
        self._view = COMPARE_VIEWS[0]
        self._sorted_by: tuple[RowKind, str, bool] | None = None
        self._summary = Static(id="summary")
        self._state = Static(id="state")

    def compose(self) -> ComposeResult:
        """Compose what differs, the view and the state."""
        yield self._summary
        self.widget = self._view.make_widget()
        with Vertical(id="view"):
            yield self.widget
        yield self._state

    @property
    def front(self) -> Widget:
        """The view, or the widget inside it that has the keys."""
        return self.widget.focus_target

    def show_comparison(self, comparison: RunComparison) -> None:
        """Show a comparison, or the present one after a change."""
        self.comparison = comparison
        differing = difference_summary(comparison)
        gone = ", ".join(info.name or info.run_id[:8] for info in comparison.frame.infos if info.run_id in self.gone)
        deleted = f"\nDeleted meanwhile: {display(gone)}" if gone else ""
        self._summary.update(Content(f"These runs differ in: {display(differing)}{deleted}"))
        self.widget.show_comparison(comparison)
        self.show_state()

    def show_title(self, detail: str = "") -> None:
        """Show the number of runs and the names of the views, the present one bright."""
        views = self.available_views
        count = f"{format_count(len(self.comparison.order), 'run')}  "
        names = [f" {view.name} " for view in views]
        current = views.index(self._view) if self._view in views else 0
        cells = self.size.width - len(self.HEADING) - len(count) - TITLE_MARGIN_CELLS
        fitting = fitting_names(names, current, cells)
        before, after = (ELLIPSIS if is_cut else "" for is_cut in (fitting.start > 0, fitting.stop < len(names)))
        self.border_title = Content.assemble(
            f" {self.HEADING} ",
            (f"{count}{before}", MUTED_TITLE),
            *((names[index], self._title_style(views[index])) for index in fitting),
            (after, MUTED_TITLE),
        )

    def on_resize(self) -> None:
        """Fit the names of the views to the new width."""
        self.show_title()

    def _title_style(self, view: CompareView) -> str:
        return "bold reverse $accent" if view is self._view else MUTED_TITLE

    def show_state(self) -> None:
        """Show the view, the position and the state."""
        self.show_title()
        comparison, widget = self.comparison, self.widget
        parts = [widget.position, f"metrics: {comparison.choice}"]
        if comparison.baseline is not None:
            parts.append(f"baseline {comparison.names[comparison.baseline]}")
        if self._sorted_by is not None:
            _, key, descending = self._sorted_by
            parts.append(f"runs by {key} {'▼' if descending else '▲'}")
        self._state.set_class(widget.has_sentences, "-sentence")
        task = widget.long_task
        parts += [widget.notice, self.progress, "" if task is None else f"{task.label}, esc cancels"]
        self._state.update(Content(SEPARATOR.join(display(part) for part in parts if part)), layout=False)
        self.refresh_bindings()

    @on(ContentWidget.StateChanged)
    def _follow_widget(self, event: ContentWidget.StateChanged) -> None:
        event.stop()
        if event.widget is self.widget:
            self.show_state()

    # State that commands read

    @property
    def at_row(self) -> bool:
        """Whether the cursor is on a row."""
        return self.widget.compared_row is not None

    @property
    def at_metric(self) -> bool:
        """Whether the cursor is on a metric."""
        row = self.widget.compared_row
        return row is not None and row.kind is RowKind.METRIC

    @property
    def at_compared_run(self) -> bool:
        """Whether the cursor is on a run."""
        return self.widget.compared_run is not None

    @property
    def available_views(self) -> list[CompareView]:
        """The views that can show the comparison."""
        return [view for view in COMPARE_VIEWS if view.why_not(self.comparison) is None]

    @property
    def view_count(self) -> int:
        """The number of views that can show the comparison."""
        return len(self.available_views)

    @property
    def why_no_search(self) -> str | None:
        """Why the view cannot be filtered; None if it can."""
        return self.widget.why_no_search

    # Views

    def next_view(self) -> None:
        """Show the next view."""
        views = self.available_views
        index = views.index(self._view) if self._view in views else 0
        self.show_view(views[(index + 1) % len(views)])

    def action_choose_compare_view(self) -> None:
        """Ask for a view."""
        choices = [Choice(view, view.name, why_not=view.why_not(self.comparison)) for view in COMPARE_VIEWS]
        self.post_message(ChooseOne("View of the comparison", choices, self._view, on_answer=self.show_view))

    def show_view(self, view: CompareView) -> None:
        """Show the comparison in a view."""
        if view is self._view:
            return
        previous, self._view = self.widget, view
        self.widget = view.make_widget()
        self.widget.ascii_only, self.widget.artifacts = self.ascii_only, self.artifacts
        self.query_one("#view").mount(self.widget)
        previous.remove()
        self.widget.show_comparison(self.comparison)
        self.screen.set_focus(self.widget.focus_target)
        self.show_state()

    def apply_search(self) -> None:
        """Filter the view by the typed text."""
        self.widget.search(self.search_text)

    def action_back(self) -> None:
        """Cancel the task that the user waits for, or else end the search."""
        if not self.widget.cancel_long_task():
            super().action_back()

    # Changes of the comparison

    def action_set_baseline(self) -> None:
        """Make the run under the cursor the baseline, or have none."""
        run = self.widget.compared_run
        self.show_comparison(self.comparison.with_baseline(None if run == self.comparison.baseline else run))

    def action_sort_compared_runs(self) -> None:
        """Sort the runs by the row under the cursor."""
        row = self.widget.compared_row
        if row is not None:
            first = self.comparison.starts_descending(row)
            sorts = [(row.kind, row.key, first), (row.kind, row.key, not first), None]
            self._sorted_by = sorts[(sorts.index(self._sorted_by) + 1) % 3 if self._sorted_by in sorts[:2] else 0]
            self.show_comparison(self.sort_runs(self.comparison))

    def sort_runs(self, comparison: RunComparison) -> RunComparison:
        """Return a comparison with the runs in the order that the user chose."""
        if self._sorted_by is None:
            return comparison.in_frame_order()
        kind, key, descending = self._sorted_by
        row = comparison.row(kind, key)
        return comparison if row is None else comparison.sorted_by(row, descending=descending)

    def action_choose_statistic(self) -> None:
        options = [(MetricChoice(statistic), note) for statistic, note in STATISTICS.items()]
        options += [(MetricChoice(smoothing=weight), SMOOTHED_NOTE) for weight in SMOOTHING_WEIGHTS]
        choices: list[Choice[str]] = [Choice(str(option), str(option), note) for option, note in options]
        choices.append(Choice(AT_STEP, "at a step …", "the value at the last step up to a number"))
        by_text = {str(option): option for option, _ in options}

        def use(text: str) -> None:
            if text == AT_STEP:
                self._ask_step()
            else:
                self.post_message(self.ChoiceChanged(by_text[text]))

        chosen = AT_STEP if self.comparison.choice.step is not None else str(self.comparison.choice)
        self.post_message(ChooseOne("Value of the metrics", choices, chosen, on_answer=use))

    def _ask_step(self) -> None:
        self.post_message(
            AskText(
                "Compare the values at step",
                placeholder="a whole number",
                problem=lambda text: None if is_integer(text) else "Type a whole number.",
                on_answer=lambda text: self.post_message(self.ChoiceChanged(MetricChoice(step=int(text)))),
            )
        )

    # Values

    def action_show_compared_value(self) -> None:
        row, run = self.widget.compared_row, self.widget.compared_run
        if row is not None and run is not None:
            name = f"{row.key} of {self.comparison.names[run]}"
            self.post_message(ShowValue(name, row.full_text(run) or "", self.comparison.reference_text(row, run)))

    def action_copy_compared_run(self) -> None:
        run = self.widget.compared_run
        if run is not None:
            self.post_message(CopyText(self.comparison.frame.infos[run].run_id, "the run ID"))

    def action_copy_compared_value(self) -> None:
        row, run = self.widget.compared_row, self.widget.compared_run
        if row is not None and run is not None:
            self.post_message(CopyText(row.full_text(run) or "", row.key))

    def action_draw_row(self) -> None:
        """Draw the metric under the cursor for all runs."""
        row = self.widget.compared_row
        if row is not None:
            self.post_message(OpenChart(curves_spec(self.comparison, (row.key,))))

    def action_draw_compared_grid(self) -> None:
        self.post_message(OpenGrid(grid_spec_of(curves_spec(self.comparison, ()))))

    # Export

    def action_export_comparison(self) -> None:
        """Ask for a format; export the comparison to a file or the clipboard."""
        rows = self.widget.exported_rows
        ask_export(
            self.post_message,
            "Export the comparison",
            "comparison",
            {name: partial(make, self.comparison, rows) for name, make in EXPORT_FORMATS.items()},
            lambda: format_count(len(rows), "row"),
        )


def is_integer(text: str) -> bool:
    """Return whether a text is a whole number that a step can be."""
    digits = text.strip().removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) <= MAX_STEP_DIGITS


def fitting_names(names: Sequence[str], current: int, cells: int) -> range:
    """Return the indexes of the names that fit: the first ones if the current one is among them, else up to it."""
    for first in range(current + 1):
        stop = next(
            (stop for stop in range(len(names), current, -1) if sum(map(len, names[first:stop])) <= cells), None
        )
        if stop is not None:
            return range(first, stop)
    return range(current, current + 1)
