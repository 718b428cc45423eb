"""A widget that renders lines and refreshes only those that changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget


class LineSurface(Widget):
    """Shows lines that `draw` returns; after any change `repaint` refreshes the lines that differ."""

    def __init__(self) -> None:
        super().__init__()
        self._rendered: dict[int, Strip] = {}
        self._cached_size: Size | None = None

    def draw(self, y: int) -> Strip:
        """Return a line in its current state; cheap if nothing changed."""
        return Strip.blank(self.cached_size.width, self.rich_style)

    @property
    def cached_size(self) -> Size:
        """The content size, cached until `forget_size`."""
        if self._cached_size is None:
            self._cached_size = self.content_size
        return self._cached_size

    def forget_size(self) -> None:
        """Drop the cached size, because it may have changed."""
        self._cached_size = None

    def render_line(self, y: int) -> Strip:
        """Render a line of the screen."""
        strip = self._rendered[y] = self.draw(y)
        return strip

    def repaint(self) -> None:
        """Refresh the lines that have changed since they were rendered."""
        refresh_changed_lines(self, self._rendered, self.draw, self.cached_size)


def refresh_changed_lines(
    widget: Widget, rendered: Mapping[int, Strip], render: Callable[[int], Strip], size: Size
) -> None:
    """Refresh the lines of a widget that differ from what was rendered last."""
    width, height = size
    changed = [Region(0, y, width, 1) for y in range(height) if rendered.get(y) != render(y)]
    if changed:
        widget.refresh(*changed)
