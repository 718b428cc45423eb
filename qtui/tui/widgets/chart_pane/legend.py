"""The legend beside or below a large chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from qtui.tui.chart_lines import Columns, Entry, drawn, heading
from qtui.tui.charted import Trace
from qtui.tui.widgets.lines import Lines, Piece


class LegendLines(Lines[Trace], can_focus=False, inherit_bindings=False):
    """The lines; the keys of the chart move their cursor."""


class ChartLegend(Vertical):
    """A table of curves under a heading; what a line says is asked for when it is drawn."""

    DEFAULT_CSS = """
    ChartLegend {
        & > #titles { height: 1; color: $text-muted; }
        & > LegendLines { height: 1fr; }
    }
    """

    class Clicked(Message):
        """A line was clicked that has the cursor already."""

    class Moved(Message):
        """The cursor is on another line."""

    def __init__(self, entry: Callable[[Trace], Entry]) -> None:
        super().__init__()
        self._entry = entry
        self._columns = Columns()
        self.lines = LegendLines(self._draw, lambda trace: trace.id)

    def compose(self) -> ComposeResult:
        """Titles and lines."""
        yield Static(id="titles")
        yield self.lines

    def _draw(self, trace: Trace, cells: int) -> Sequence[Piece]:
        return drawn(self._entry(trace), self._columns, cells)

    @property
    def current(self) -> Trace | None:
        """The curve under the cursor."""
        return self.lines.current

    def show(self, traces: Sequence[Trace], columns: Columns) -> None:
        """Show these curves, or the same ones with other values."""
        self._columns = columns
        self.query_one("#titles", Static).update(Content(heading(columns)))
        if tuple(traces) != self.lines.rows:
            self.lines.show(traces)
        self.lines.refresh()

    @on(Lines.Highlighted)
    def _tell_where(self, event: Lines.Highlighted) -> None:
        event.stop()
        self.post_message(self.Moved())

    @on(Lines.Opened)
    def _tell_click(self, event: Lines.Opened) -> None:
        event.stop()
        self.post_message(self.Clicked())
