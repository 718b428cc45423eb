"""The legend of a chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from qtui.plot.pieces import Piece
from qtui.tui.present.charts.chart_legend import LegendColumns, LegendEntry, legend_heading, render_entry
from qtui.tui.present.charts.chart_spec import ChartLine
from qtui.tui.widgets.row_list import RowList


class ChartLegend(Vertical):
    """A table of curves with a heading; the content of a line is computed when it is rendered."""

    DEFAULT_CSS = """
    ChartLegend {
        & > Static { height: 1; color: $text-muted; }
        & > RowList { height: 1fr; }
    }
    """

    def __init__(self, entry: Callable[[ChartLine], LegendEntry]) -> None:
        super().__init__()
        self._entry = entry
        self._columns = LegendColumns()
        self.table = RowList[ChartLine](self._render_row, lambda line: line.id)
        self._titles = Static()

    def compose(self) -> ComposeResult:
        """Compose titles and lines."""
        yield self._titles
        yield self.table

    def _render_row(self, line: ChartLine, cells: int) -> Sequence[Piece]:
        return render_entry(self._entry(line), self._columns, cells)

    @property
    def current(self) -> ChartLine | None:
        """The curve under the cursor."""
        return self.table.current

    def show(self, lines: Sequence[ChartLine], columns: LegendColumns) -> None:
        """Show these curves, or the same ones with other values."""
        self._columns = columns
        self._titles.update(Content(legend_heading(columns)), layout=False)
        if tuple(lines) != self.table.rows:
            self.table.set_rows(lines)
        else:
            self.table.refresh_changed()
