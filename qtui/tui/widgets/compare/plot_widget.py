"""The base of the views that draw a plot of the compared runs."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from functools import partial

from textual.geometry import Size
from textual.strip import Strip

from qtui.compare.run_comparison import ComparedRow, RunComparison
from qtui.plot.picture import Picture
from qtui.plot.pieces import Piece
from qtui.plot.rows import fit_row
from qtui.tui.messages import GoToRun
from qtui.tui.present.compare.comparison_plots import metric_rows
from qtui.tui.widgets.artifact.content_widget import TaskSteps
from qtui.tui.widgets.compare.row_choice import RowChoice
from qtui.tui.widgets.compare.view import CompareWidget
from qtui.tui.widgets.row_painter import ROLES, RowPainter

DRAWING_ROWS = ((Piece("Drawing …", "muted"),),)
"""Shown until the first picture is drawn."""


class PlotWidget(CompareWidget):
    """Base of the plots: a picture that is drawn in the background, and a cursor on one of its runs."""

    def __init__(self) -> None:
        super().__init__()
        self.metric_choice = RowChoice(self, "Metric", metric_rows, self.redraw)
        self._run: int | None = None
        self._picture: Picture | None = None
        self._painter: RowPainter | None = None

    # To be defined by subclasses

    @abstractmethod
    def draw(self, cells: int, rows: int) -> Picture:
        """Return the picture of the comparison; called in a background thread."""

    @property
    @abstractmethod
    def plotted_runs(self) -> Sequence[int]:
        """The runs that the cursor goes through, in their order."""

    # The comparison

    def show_comparison(self, comparison: RunComparison) -> None:
        """Show a comparison; the cursor stays on its run."""
        super().show_comparison(comparison)
        self.redraw()

    @property
    def is_waiting(self) -> bool:
        """Whether the picture is not drawn yet."""
        return super().is_waiting or self._picture is None or self.is_running_task("draw")

    @property
    def metric(self) -> ComparedRow | None:
        """The metric that the user chose, or else the first one."""
        return self.metric_choice.row_or_first

    @property
    def compared_row(self) -> ComparedRow | None:
        """The metric of the plot, which `m` draws and `s` sorts by."""
        return self.metric

    @property
    def compared_run(self) -> int | None:
        """The run under the cursor."""
        runs = self.plotted_runs
        return self._run if self._run in runs else next(iter(runs), None)

    # Drawing

    def fit_size(self) -> None:
        """Draw the picture for the new size."""
        self.redraw()

    def redraw(self) -> None:
        """Draw the picture in the background; the present one stays visible until then."""
        if self.is_attached and self.content_size.width:
            self.run_task("draw", partial(self._draw_steps, self.content_size), self._show_picture)
        self.changed()

    def _draw_steps(self, size: Size) -> TaskSteps[Picture]:
        yield None
        return self.draw(*size)

    def _show_picture(self, picture: Picture) -> None:
        self._picture = picture
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Render a line of the picture."""
        cells = self.content_size.width
        self._painter = self._painter or RowPainter.of(self)
        rows = self._picture.rows if self._picture is not None else DRAWING_ROWS
        row = (Piece(text, role if role in ROLES else "text") for text, role in (rows[y] if y < len(rows) else ()))
        return self._painter.paint(fit_row(cells, *row), cells)

    def notify_style_update(self) -> None:
        """Use the colours of a new theme."""
        super().notify_style_update()
        self._painter = None

    def message_picture(self, text: str, cells: int, rows: int) -> Picture:
        """Return a picture that says why nothing is drawn."""
        blank = fit_row(cells)
        return Picture((fit_row(cells, Piece(text, "muted")), *[blank] * rows)[:rows])

    # Commands

    def action_choose_plot_metric(self) -> None:
        self.metric_choice.ask(self.metric)

    def move_cursor(self, by: int) -> None:
        """Move the cursor by runs."""
        runs, current = self.plotted_runs, self.compared_run
        if current is not None:
            self._run = runs[max(0, min(list(runs).index(current) + by, len(runs) - 1))]
            self.redraw()

    def action_go_to_plot_run(self) -> None:
        if (run := self.compared_run) is not None:
            self.post_message(GoToRun(self.comparison.frame.infos[run].run_id))
