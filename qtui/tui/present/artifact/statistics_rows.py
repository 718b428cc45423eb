"""The rows beside a table that describe one of its columns."""

from __future__ import annotations

from qtui.artifacts.content import ColumnStatistics, TableColumn
from qtui.plot.pieces import Piece, Row
from qtui.text import display, width
from qtui.tui.present.artifact.row_cells import fit_cell

HISTOGRAM_CELLS, HISTOGRAM_ROWS = 33, 6
"""The size of the histogram."""


def statistics_rows(column: TableColumn, statistics: ColumnStatistics | None, *, ascii_only: bool) -> tuple[Row, ...]:
    """Return name, type and facts of a column, and the histogram of a sample of its numbers."""
    facts = statistics.facts if statistics else (("", "No statistics are available."),)
    label_cells = max((width(name) for name, _ in facts), default=0)
    rows: list[Row] = [(Piece(display(column.name), "strong"),), (Piece(display(column.type), "muted"),), ()]
    rows += [(Piece(fit_cell(name, label_cells + 2), "muted"), Piece(display(text))) for name, text in facts]
    if statistics and statistics.sample:
        from qtui.plot.charts.histogram import Histogram, draw_histogram

        histogram = Histogram(statistics.sample, ascii_only=ascii_only)
        rows += [(), *draw_histogram(histogram, HISTOGRAM_CELLS, HISTOGRAM_ROWS).rows]
    return tuple(rows)
