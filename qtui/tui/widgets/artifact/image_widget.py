"""The widget for images: by an image protocol of the terminal, or in half blocks, two pixels in a cell."""

from __future__ import annotations

from functools import lru_cache, partial
from math import ceil
from typing import NamedTuple

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from qtui.artifacts.content import ImageContent
from qtui.settings import ImageMode
from qtui.tui.terminal.image_cells import MAX_SIDE_CELLS, cell_text
from qtui.tui.terminal.image_mode import read_cell_pixels
from qtui.tui.terminal.image_protocols import SIXEL_BAND_ROWS, EncodedImage, encode_file, encode_sixels
from qtui.tui.widgets.artifact.content_widget import ContentWidget, TaskSteps

HALF_BLOCK = "▀"
RGB_BYTES = 3
BLOCK_PIXELS = (1, 2)
"""The pixels of a cell in half blocks."""
USUAL_CELL_PIXELS = (10, 20)
"""The pixels of a cell where the terminal tells none."""
MAX_SENT_PIXELS = 1_000_000
"""Pixels of an image that are sent to a terminal, which scales it, at most."""


class ImageFit(NamedTuple):
    """The size of an image in cells and in pixels."""

    columns: int
    rows: int
    image: tuple[int, int]
    """Width and height of the image in pixels."""
    canvas: tuple[int, int]
    """Width and height of the drawing in pixels: those of all its cells, so that nothing else is visible in them."""


class ImageWidget(ContentWidget):
    """Shows an image as large as fits, which is scaled in the background when the size changes."""

    def __init__(self, content: ImageContent) -> None:
        super().__init__()
        self._content = content
        self._strips: tuple[Strip, ...] = ()
        self._drawn_background: tuple[int, int, int] | None = None
        self._number: int | None = None
        """The number of the image on the terminal, if it is drawn by a protocol."""

    @property
    def position(self) -> str:
        """The format and the size of the image, and how to see more of it."""
        return " · ".join(filter(None, (self._content.caption, self.images.hint)))

    def notify_style_update(self) -> None:
        """Draw transparent parts in the background of a new theme."""
        super().notify_style_update()
        self.call_after_refresh(self._follow_background)

    def _follow_background(self) -> None:
        if self._drawn_background not in (None, self._background):
            self.fit_size()

    def fit_size(self) -> None:
        self._remove_image()
        self._drawn_background = self._background
        if self.images.draws_pixels:
            cell = read_cell_pixels() or USUAL_CELL_PIXELS
            line_pixels = SIXEL_BAND_ROWS if self.images.mode == "sixel" else 1
            fit = fit_image(self._content.size, self.content_size, cell, line_pixels)
            self.run_task("scale", partial(self._encode_steps, fit), self._show_image, "scaling")
        elif self.images.mode != "off":
            self.run_task("scale", partial(self._scale_steps, self.content_size), self._show_strips, "scaling")

    def _scale_steps(self, size: Size) -> TaskSteps[tuple[Strip, ...]]:
        yield None
        width, height = fit_pixels(self._content.size, size)
        pixels = self._content.pixels(width, height, self._background)
        yield None
        return half_block_strips(pixels, width, height)

    def _show_strips(self, strips: tuple[Strip, ...]) -> None:
        self._strips = strips
        self.refresh()

    def _encode_steps(self, fit: ImageFit) -> TaskSteps[EncodedImage]:
        yield None
        return encode_image(self._content, fit, self.images.mode, self._background)

    def _show_image(self, image: EncodedImage) -> None:
        self._remove_image()
        self._number = self.images.add(image)
        self._show_strips(image_strips(self._number, image.columns, image.rows))

    def _remove_image(self) -> None:
        if self._number is not None:
            self.images.remove(self._number)
            self._number, self._strips = None, ()
            self.refresh()

    @property
    def _background(self) -> tuple[int, int, int]:
        """The colour below transparent parts."""
        return self.background_colors[1].rgb

    def on_unmount(self) -> None:
        """Cancel all tasks and delete the image."""
        super().on_unmount()
        self._remove_image()

    def render_line(self, y: int) -> Strip:
        """Render a line of the image, which is in the middle."""
        width, height = self.content_size
        if self.images.mode == "off" and y == height // 2:
            return Strip([Segment(f"{self._content.caption:^{width}}", self.rich_style)]).crop(0, width)
        line = y - (height - len(self._strips)) // 2
        if not 0 <= line < len(self._strips):
            return Strip.blank(width, self.rich_style)
        strip = self._strips[line]
        left = (width - strip.cell_length) // 2
        blank = Segment(" " * left, self.rich_style)
        return Strip([blank, *strip], left + strip.cell_length).adjust_cell_length(width, self.rich_style)


def fit_image(image: tuple[int, int], area: Size, cell: tuple[int, int], line_pixels: int = 1) -> ImageFit:
    """Return the largest size, of the shape of an image, that fits into an area; small ones are enlarged evenly.

    `area` is in cells, `cell` is the pixels of one. The terminal draws lines of `line_pixels` rows of pixels.
    The last one must not reach into the cells below the image: some terminals would erase their text.
    """
    width, height = max(1, image[0]), max(1, image[1])
    max_columns, max_rows = (max(1, min(side, MAX_SIDE_CELLS)) for side in area)
    max_height = _whole_lines(max_rows * cell[1], line_pixels)
    scale = min(max_columns * cell[0] / width, max_height / height)
    scale = min(scale, max(1.0, int(scale)))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    columns = min(max_columns, ceil(size[0] / cell[0]))
    rows = min(max_rows, ceil(ceil(size[1] / line_pixels) * line_pixels / cell[1]))
    return ImageFit(columns, rows, size, (columns * cell[0], _whole_lines(rows * cell[1], line_pixels)))


def _whole_lines(pixels: int, line_pixels: int) -> int:
    """Return the rows of pixels of the lines that fit into this many, at least of one line."""
    return max(1, pixels // line_pixels) * line_pixels


def fit_pixels(image: tuple[int, int], cells: Size) -> tuple[int, int]:
    """Return width and height in pixels of an image in half blocks; the height is even."""
    fit = fit_image(image, cells, BLOCK_PIXELS)
    return fit.columns, fit.rows * 2


def encode_image(
    content: ImageContent, fit: ImageFit, mode: ImageMode, background: tuple[int, int, int]
) -> EncodedImage:
    """Return an image in the encoding of a protocol; a terminal that scales gets a limited number of pixels."""
    if mode == "sixel":
        palette, indices = content.palette_pixels(fit.image, fit.canvas, background)
        return encode_sixels(palette, indices, fit.canvas[0], fit.columns, fit.rows)
    # Small images are enlarged here: kitty would blur their pixels, and darken those at the edges.
    (width, height), (canvas_width, canvas_height) = fit.image, fit.canvas
    scale = min(1.0, (MAX_SENT_PIXELS / (canvas_width * canvas_height)) ** 0.5)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    canvas = max(size[0], round(canvas_width * scale)), max(size[1], round(canvas_height * scale))
    return encode_file(content.png(size, canvas, background), fit.columns, fit.rows)


def image_strips(number: int, columns: int, rows: int) -> tuple[Strip, ...]:
    """Return the lines of an image that the terminal draws."""
    return tuple(
        Strip([Segment(cell_text(number, row, column)) for column in range(columns)], columns) for row in range(rows)
    )


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
