"""The legend beside or below a large chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from qtui.tui.commands import Command
from qtui.tui.present.chart_legend import LegendColumns, LegendEntry, legend_heading, render_entry
from qtui.tui.present.chart_spec import ChartLine
from qtui.tui.present.rows import Piece
from qtui.tui.widgets.lines import Lines
from qtui.tui.widgets.runs_table.surface import difference
from qtui.tui.widgets.text_line import TextLine


class LegendLines(Lines[ChartLine], can_focus=False, inherit_bindings=False):
    """The lines; the keys of the chart move their cursor."""

    OWN_COMMANDS: ClassVar[tuple[type[Command[Any]], ...]] = ()

    def __init__(self, draw: Callable[[ChartLine, int], Sequence[Piece]]) -> None:
        super().__init__(draw, lambda line: line.id)
        self._drawn: dict[int, Strip] = {}

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        strip = self._drawn[y] = super().render_line(y)
        return strip

    def repaint(self) -> None:
        """Have the cells drawn again that say something else than before."""
        shown = range(min(self.size.height, len(self.rows) - self.scroll_offset.y))
        render_entry = ((y, difference(self._drawn.get(y), super(LegendLines, self).render_line(y))) for y in shown)
        changed = [Region(span[0], y, span[1] - span[0], 1) for y, span in render_entry if span]
        if changed:
            self.refresh(*changed)


class ChartLegend(Vertical):
    """A table of curves under a heading; what a line says is asked for when it is drawn."""

    DEFAULT_CSS = """
    ChartLegend {
        & > LegendLines { height: 1fr; }
    }
    """

    class Clicked(Message):
        """A line was clicked that has the cursor already."""

    class Moved(Message):
        """The cursor is on another line."""

    def __init__(self, entry: Callable[[ChartLine], LegendEntry]) -> None:
        super().__init__()
        self._entry = entry
        self._columns = LegendColumns()
        self.table = LegendLines(self._draw)
        self._titles = TextLine()

    def compose(self) -> ComposeResult:
        """Titles and lines."""
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
    def _tell_where(self, event: Lines.Highlighted) -> None:
        event.stop()
        self.post_message(self.Moved())

    @on(Lines.Opened)
    def _tell_click(self, event: Lines.Opened) -> None:
        event.stop()
        self.post_message(self.Clicked())
