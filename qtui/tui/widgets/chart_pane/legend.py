"""The legend of a chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from qtui.tui.commands import Command
from qtui.tui.present.chart_legend import LegendColumns, LegendEntry, legend_heading, render_entry
from qtui.tui.present.chart_spec import ChartLine
from qtui.tui.present.rows import Piece
from qtui.tui.widgets.line_surface import refresh_changed_lines
from qtui.tui.widgets.lines import Lines
from qtui.tui.widgets.text_line import TextLine


class LegendLines(Lines[ChartLine], can_focus=False, inherit_bindings=False):
    """The lines of the legend; commands of the chart move their cursor."""

    OWN_COMMANDS: ClassVar[tuple[type[Command[Any]], ...]] = ()

    def __init__(self, draw: Callable[[ChartLine, int], Sequence[Piece]]) -> None:
        super().__init__(draw, lambda line: line.id)
        self._rendered: dict[int, Strip] = {}

    def render_line(self, y: int) -> Strip:
        """Render a line of the screen."""
        strip = self._rendered[y] = super().render_line(y)
        return strip

    def repaint(self) -> None:
        """Refresh the lines that have changed since they were rendered."""
        count = min(self.size.height, len(self.rows) - self.scroll_offset.y)
        refresh_changed_lines(self, self._rendered, super().render_line, Size(self.size.width, max(0, count)))


class ChartLegend(Vertical):
    """A table of curves with a heading; the content of a line is computed when it is rendered."""

    DEFAULT_CSS = """
    ChartLegend {
        & > LegendLines { height: 1fr; }
    }
    """

    class Clicked(Message):
        """The line under the cursor was clicked."""

    class Moved(Message):
        """The cursor moved to another line."""

    def __init__(self, entry: Callable[[ChartLine], LegendEntry]) -> None:
        super().__init__()
        self._entry = entry
        self._columns = LegendColumns()
        self.table = LegendLines(self._draw)
        self._titles = TextLine()

    def compose(self) -> ComposeResult:
        """Compose titles and lines."""
        yield self._titles
        yield self.table

    def _draw(self, line: ChartLine, cells: int) -> Sequence[Piece]:
        return render_entry(self._entry(line), self._columns, cells)

    @property
    def current(self) -> ChartLine | None:
        """The curve under the cursor."""
        return self.table.current

    def show(self, lines: Sequence[ChartLine], columns: LegendColumns) -> None:
        """Show these curves, or the same ones with other values."""
        self._columns = columns
        self._titles.line = Content(legend_heading(columns))
        if tuple(lines) != self.table.rows:
            self.table.show(lines)
        else:
            self.table.repaint()

    @on(Lines.Highlighted)
    def _post_moved(self, event: Lines.Highlighted) -> None:
        event.stop()
        self.post_message(self.Moved())

    @on(Lines.Opened)
    def _post_clicked(self, event: Lines.Opened) -> None:
        event.stop()
        self.post_message(self.Clicked())
