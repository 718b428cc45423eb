"""The views that explain a comparison: which params matter, and whether groups differ."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from functools import partial

from textual.strip import Strip

from qtui.compare.groups import fields_but, seed_fields
from qtui.compare.run_comparison import ComparedRow, RowKind, RunComparison
from qtui.plot.rows import fit_row
from qtui.query.ast import Field, FieldKind
from qtui.text import display
from qtui.tui.commands.compare_plots import ChoosePlotAxis, ChoosePlotMetric, GoToPlotRun
from qtui.tui.messages import ChooseSeveral, GoToRun
from qtui.tui.present.choices import Choice
from qtui.tui.present.compare.comparison_lists import ExplainedRow, group_rows, importance_rows
from qtui.tui.present.compare.comparison_plots import category_rows, metric_rows
from qtui.tui.widgets.artifact.content_widget import TaskSteps
from qtui.tui.widgets.artifact.row_viewport import Place
from qtui.tui.widgets.artifact.rows_widget import RowsWidget, WindowResult
from qtui.tui.widgets.compare.row_choice import RowChoice
from qtui.tui.widgets.compare.view import CompareWidget
from qtui.tui.widgets.row_painter import RowCursor


class ExplanationView(CompareWidget, RowsWidget[ExplainedRow]):
    """Base of lists about a metric, which are computed in the background."""

    ROW_NAME = "line"
    has_sentences = True

    def __init__(self) -> None:
        super().__init__()
        self.metric_choice = RowChoice(self, "Metric", metric_rows, self.compute)

    @abstractmethod
    def explain(self, metric: ComparedRow) -> Sequence[ExplainedRow]:
        """Return the rows about a metric; called in a background thread."""

    def show_comparison(self, comparison: RunComparison) -> None:
        """Compute the rows again; the present ones stay visible until then."""
        super().show_comparison(comparison)
        self.compute()

    @property
    def metric(self) -> ComparedRow | None:
        """The metric that the user chose, or else the first one."""
        return self.metric_choice.row_or_first

    @property
    def compared_row(self) -> ComparedRow | None:
        return self.metric

    @property
    def compared_run(self) -> int | None:
        return self.current_row.run if self.current_row else None

    @property
    def is_waiting(self) -> bool:
        return super().is_waiting or not self.viewport.height

    @property
    def position(self) -> str:
        """The line under the cursor as a sentence."""
        metric = f"of {self.comparison.titles[self.metric]}" if self.metric else ""
        return (self.current_row.sentence if self.current_row else "") or metric

    @property
    def copy_text(self) -> tuple[str, str] | None:
        row = self.current_row
        return ("".join(piece.text for piece in row.pieces).strip(), "the line") if row and row.pieces else None

    # Rows

    def compute(self) -> None:
        """Compute the rows in the background."""
        if self.metric is not None:
            self.run_task("explain", partial(self._explain_steps, self.metric), self._show_rows, "computing")

    def _explain_steps(self, metric: ComparedRow) -> TaskSteps[Sequence[ExplainedRow]]:
        yield None
        return self.explain(metric)

    def _show_rows(self, rows: Sequence[ExplainedRow]) -> None:
        self.set_rows(rows)
        self.relayout()

    def show_window(self, result: WindowResult[ExplainedRow]) -> None:
        """Ignore a window: the rows are in memory already."""

    def paint_line(self, place: Place, row: ExplainedRow, cells: int, cursor: RowCursor) -> Strip:
        return self.painter.paint(fit_row(cells, *row.pieces), cells, cursor)

    # Commands

    def action_choose_plot_metric(self) -> None:
        self.metric_choice.ask(self.metric)


class ImportanceView(ExplanationView):
    """Shows which params matter for a metric, and the effect of those in which alone two runs differ."""

    OWN_COMMANDS = (ChoosePlotMetric,)

    def explain(self, metric: ComparedRow) -> Sequence[ExplainedRow]:
        return importance_rows(self.comparison, metric, ascii_only=self.ascii_only)


class GroupsView(ExplanationView):
    """Shows the groups of runs by their mean, and whether the difference from the best one is certain."""

    OWN_COMMANDS = (ChoosePlotMetric, ChoosePlotAxis, GoToPlotRun)

    def __init__(self) -> None:
        super().__init__()
        self._fields: tuple[Field, ...] | None = None

    @property
    def fields(self) -> tuple[Field, ...]:
        """The params that group the runs: the chosen ones, or else all differing ones but seeds.

        Without seeds it is the first param that has few values: otherwise each run would be a group of its own.
        """
        if self._fields is not None:
            return self._fields
        frame = self.comparison.frame
        categories = [row for row in category_rows(self.comparison) if row.kind is RowKind.PARAM]
        if not seed_fields(frame) and categories:
            return (Field(FieldKind.PARAM, categories[0].key),)
        return fields_but(frame, seed_fields(frame))

    def explain(self, metric: ComparedRow) -> Sequence[ExplainedRow]:
        seeds = [field for field in seed_fields(self.comparison.frame) if field not in self.fields]
        return group_rows(self.comparison, metric, self.fields, seeds[0] if len(seeds) == 1 else None)

    def action_choose_plot_axis(self) -> None:
        params = [row for row in self.comparison.differing_rows if row.kind is RowKind.PARAM]
        choices = [Choice(Field(FieldKind.PARAM, row.key), display(row.key)) for row in params]

        def use(fields: tuple[Field, ...]) -> None:
            self._fields = fields
            self.compute()

        self.post_message(ChooseSeveral("Group by", choices, self.fields, on_answer=use).set_sender(self))

    def action_go_to_plot_run(self) -> None:
        """Go to the best run of the group in the runs table."""
        if (run := self.compared_run) is not None:
            self.post_message(GoToRun(self.comparison.frame.infos[run].run_id))
