"""The legend above a grid of charts."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from qtui.plot.glyphs import BRAILLE, Glyphs
from qtui.tui.present.charts.chart_legend import name_lines
from qtui.tui.present.charts.grid_spec import GridSpec

MAX_LINES = 2
STYLES = {"text": "", "muted": "$text-muted"}
"""The styles of the roles that are no theme variables."""


class GridLegend(Static):
    """Shows the names of the runs or groups in the colours of their curves; hidden for a single one."""

    DEFAULT_CSS = """
    GridLegend { height: auto; margin-bottom: 1; display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._spec = GridSpec()
        self._glyphs = BRAILLE

    def show(self, spec: GridSpec, glyphs: Glyphs) -> None:
        """Show the names of a grid."""
        self._spec, self._glyphs = spec, glyphs
        self.display = len(spec.groups or spec.runs) > 1
        self.on_resize()

    def on_resize(self) -> None:
        """Fit the names into the width."""
        lines = self._spec.chart_spec("").lines()
        signs = [line.mark if self.app.no_color or line.shares_colour else self._glyphs.line for line in lines]
        rows = name_lines(lines, signs, self.size.width, MAX_LINES)
        self.update(
            Content("\n").join(
                Content.assemble(*((piece.text, STYLES.get(piece.role, f"${piece.role}")) for piece in row))
                for row in rows
            )
        )
