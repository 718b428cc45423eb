"""Screen updates that send only the cells that differ from those on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.color import ColorSystem
from rich.console import Console
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from qtui.tui.terminal.cell_cache import CellCache
from qtui.tui.terminal.sgr import SgrEncoder


class MinimalUpdate(CompositorUpdate):
    """An update of Textual without the cells that the terminal shows already."""

    def __init__(self, update: LayoutUpdate | ChopsUpdate, cache: CellCache) -> None:
        self._update = update
        self._cache = cache

    def render_segments(self, console: Console) -> str:
        """Return the text and escapes to write to the terminal."""
        encoder = SgrEncoder()
        colours = console._color_system or ColorSystem.TRUECOLOR
        output = [
            self._cache.render(x, y, styled_texts(strip, colours), encoder)
            for x, y, strip in update_strips(self._update)
        ]
        images = self._cache.images
        before, after = images.before_cells(), images.after_cells(self._cache.cell_at)
        return "".join((before, *output, encoder.encode(""), after))


def minimal_update(update: Any, cache: CellCache) -> Any:
    """Wrap an update of cells in a MinimalUpdate; return any other update as it is, and invalidate the cache."""
    if isinstance(update, LayoutUpdate | ChopsUpdate):
        return MinimalUpdate(update, cache)
    if update is not None:
        cache.invalidate()
    return update


def update_strips(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    """Return the strips of an update as (x, y, strip)."""
    if isinstance(update, LayoutUpdate):
        for y, line in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in line:
                yield x, y, strip
                x += strip.cell_length
        return
    for y, first, last in update.spans:
        for end, (x, part) in zip(update.chop_ends[y], update.chops[y].items(), strict=True):
            if part is not None and x < last and end > first:
                yield x, y, part if end <= last else part.crop(0, last - x)


def styled_texts(strip: Strip, colours: ColorSystem) -> Iterator[tuple[str, str]]:
    """Return the texts of a strip with their SGR codes."""
    for text, style, _ in strip:
        if style is None:
            yield text, ""
        else:
            codes = style._ansi
            yield text, Strip.render_ansi(style, colours) if codes is None else codes
