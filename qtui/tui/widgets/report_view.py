"""The report of a run: a picture that fills its widget."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from qtui.plot.pieces import Row
from qtui.plot.rows import fit_row
from qtui.tui.widgets.row_painter import RowPainter

if TYPE_CHECKING:
    from qtui.artifacts.content import DrawingContent


class ReportView(Widget, can_focus=True):
    """Shows a report, which is drawn once for each size."""

    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    ReportView { height: 1fr; padding: 0 1; background: transparent; }
    """

    def __init__(self, *, ascii_only: bool = False) -> None:
        super().__init__()
        self._ascii_only = ascii_only
        self._report: DrawingContent | None = None
        self._rows: tuple[Row, ...] = ()
        self._drawn_size: Size | None = None
        self._painter: RowPainter | None = None

    def show(self, report: DrawingContent) -> None:
        """Show another report."""
        if report is not self._report:
            self._report, self._drawn_size = report, None
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Render a line of the report."""
        size = self.content_size
        if self._report is not None and size != self._drawn_size:
            self._rows = self._report.draw(size.width, size.height, ascii_only=self._ascii_only).rows
            self._drawn_size = size
        self._painter = self._painter or RowPainter.of(self)
        return self._painter.paint(fit_row(size.width, *(self._rows[y] if y < len(self._rows) else ())), size.width)

    def notify_style_update(self) -> None:
        """Use the colours of a new theme."""
        super().notify_style_update()
        self._painter = None
