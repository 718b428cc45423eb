"""The widget for images: two pixels in a cell, by half blocks in two colours."""

from __future__ import annotations

from functools import lru_cache, partial

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from qtui.artifacts.content import ImageContent
from qtui.tui.widgets.artifact.content_widget import ContentWidget, TaskSteps

HALF_BLOCK = "▀"
RGB_BYTES = 3


class ImageWidget(ContentWidget):
    """Shows an image as large as fits, which is scaled in the background when the size changes."""

    def __init__(self, content: ImageContent) -> None:
        super().__init__()
        self._content = content
        self._strips: tuple[Strip, ...] = ()

    @property
    def position(self) -> str:
        """The format and the size of the image."""
        return self._content.caption

    def on_resize(self) -> None:
        """Scale the image to the new size."""
        if not self.has_images:
            return
        self.run_task("scale", partial(self._scale_steps, self.content_size), self._show_strips, "scaling")

    def _scale_steps(self, size: Size) -> TaskSteps[tuple[Strip, ...]]:
        yield None
        width, height = fit_pixels(self._content.size, size)
        pixels = self._content.pixels(width, height)
        yield None
        return half_block_strips(pixels, width, height)

    def _show_strips(self, strips: tuple[Strip, ...]) -> None:
        self._strips = strips
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Render a line of the image, which is in the middle."""
        width, height = self.content_size
        if not self.has_images and y == height // 2:
            return Strip([Segment(f"{self._content.caption:^{width}}", self.rich_style)]).crop(0, width)
        line = y - (height - len(self._strips)) // 2
        if not 0 <= line < len(self._strips):
            return Strip.blank(width, self.rich_style)
        strip = self._strips[line]
        left = (width - strip.cell_length) // 2
        blank = Segment(" " * left, self.rich_style)
        return Strip([blank, *strip], left + strip.cell_length).adjust_cell_length(width, self.rich_style)


def fit_pixels(image: tuple[int, int], cells: Size) -> tuple[int, int]:
    """Return the largest size in pixels, of the shape of an image, that fits into some cells; small ones are doubled.

    A cell is one pixel wide and two pixels high; the height is even.
    """
    width, height = max(1, image[0]), max(1, image[1])
    scale = min(cells.width / width, 2 * cells.height / height)
    scale = min(scale, max(1.0, int(scale)))
    rows = max(2, round(height * scale))
    return max(1, min(cells.width, round(width * scale))), min(2 * max(1, cells.height), rows + rows % 2)


def half_block_strips(pixels: bytes, width: int, height: int) -> tuple[Strip, ...]:
    """Return two rows of RGB pixels as one line of half blocks; neighbours of the same colours are one segment."""
    row_bytes = width * RGB_BYTES
    strips: list[Strip] = []
    for top in range(0, height, 2):
        upper = pixels[top * row_bytes : (top + 1) * row_bytes]
        lower = pixels[(top + 1) * row_bytes : (top + 2) * row_bytes] or upper
        segments: list[Segment] = []
        count, colours = 0, (b"", b"")
        for start in range(0, row_bytes, RGB_BYTES):
            cell = upper[start : start + RGB_BYTES], lower[start : start + RGB_BYTES]
            if count and cell != colours:
                segments.append(Segment(HALF_BLOCK * count, pixel_style(*colours)))
                count = 0
            count, colours = count + 1, cell
        segments.append(Segment(HALF_BLOCK * count, pixel_style(*colours)))
        strips.append(Strip(segments, width))
    return tuple(strips)


@lru_cache(1 << 14)
def pixel_style(upper: bytes, lower: bytes) -> Style:
    """Return the style of a half block with these colours."""
    return Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower))
