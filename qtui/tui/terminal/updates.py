"""Updates of the screen that send the terminal only the cells that are different from what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.color import ColorSystem
from rich.console import Console
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from qtui.tui.terminal.cell_cache import Shown
from qtui.tui.terminal.sgr import Pen


class SparedUpdate(CompositorUpdate):
    """The same update without what the terminal shows already."""

    def __init__(self, update: LayoutUpdate | ChopsUpdate, shown: Shown) -> None:
        self._update = update
        self._shown = shown

    def render_segments(self, console: Console) -> str:
        """What is written to the terminal."""
        pen = Pen()
        colours = console._color_system or ColorSystem.TRUECOLOR
        sent = [self._shown.written(x, y, pieces_of(strip, colours), pen) for x, y, strip in parts(self._update)]
        return "".join((*sent, pen.turned("")))


def spared(update: Any, shown: Shown) -> Any:
    """An update of Textual's, spared; anything else as it is, after which nothing is known of what is shown."""
    if isinstance(update, LayoutUpdate | ChopsUpdate):
        return SparedUpdate(update, shown)
    if update is not None:
        shown.forget()
    return update


def parts(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    """What an update draws, and where."""
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


def pieces_of(strip: Strip, colours: ColorSystem) -> Iterator[tuple[str, str]]:
    """The texts of a strip, each with the codes of its look."""
    for text, style, _ in strip:
        if style is None:
            yield text, ""
        else:
            codes = style._ansi
            yield text, Strip.render_ansi(style, colours) if codes is None else codes
