"""The widget for pictures that are drawn for its size."""

from __future__ import annotations

from functools import partial
from typing import Any

from textual.geometry import Size
from textual.strip import Strip

from qtui.artifacts.content import DrawingContent
from qtui.plot.picture import Picture
from qtui.plot.pieces import Piece
from qtui.plot.rows import fit_row
from qtui.text import display
from qtui.tui.widgets.artifact.content_widget import ContentTask, ContentWidget, TaskSteps
from qtui.tui.widgets.row_painter import ROLES, RowPainter


class DrawingWidget(ContentWidget):
    """Shows a picture, which is drawn again in the background when the size changes."""

    def __init__(self, content: DrawingContent) -> None:
        super().__init__()
        self._content = content
        self._picture: Picture | None = None
        self._drawn_size: Size | None = None
        self._painter: RowPainter | None = None

    @property
    def copy_text(self) -> tuple[str, str] | None:
        if self._picture is None:
            return None
        return "\n".join(line.rstrip() for line in self._picture.lines()), "the picture"

    def show(self, content: DrawingContent) -> None:
        """Show another picture."""
        if content is not self._content:
            self._content, self._picture, self._drawn_size = content, None, None
            self.refresh()
            self._draw()

    def fit_size(self) -> None:
        self._draw()

    def _draw(self) -> None:
        size = self.content_size
        self.run_task("draw", partial(self._draw_steps, size), partial(self._show_picture, size), "drawing")

    def _draw_steps(self, size: Size) -> TaskSteps[Picture]:
        yield None
        return self._content.draw(*size, ascii_only=self.ascii_only)

    @property
    def is_waiting(self) -> bool:
        """Whether the picture is not drawn for the present size yet."""
        return bool(self.content_size) and self._drawn_size != self.content_size and not self.notice

    def _show_picture(self, size: Size, picture: Picture) -> None:
        self._picture, self._drawn_size = picture, size
        self.notice = ""
        self.refresh()

    def fail_task(self, task: ContentTask[Any], reason: str) -> None:
        """Show why the picture cannot be drawn, in its place."""
        super().fail_task(task, reason)
        self._picture = None
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Render a line of the picture."""
        cells = self.content_size.width
        self._painter = self._painter or RowPainter.of(self)
        rows = self._picture.rows if self._picture is not None else ((Piece(display(self.notice)),),)
        row = (Piece(text, role if role in ROLES else "text") for text, role in (rows[y] if y < len(rows) else ()))
        return self._painter.paint(fit_row(cells, *row), cells)

    def notify_style_update(self) -> None:
        """Use the colours of a new theme."""
        super().notify_style_update()
        self._painter = None
