"""Updates that send the terminal no more than the cells that have changed.

Textual begins each changed stretch of a line at the left side of its widget, whatever of it has changed: a cursor that
moves through a chart would send the whole chart.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate
from textual.strip import Strip


class CroppedUpdate(ChopsUpdate):
    """The same update without what stands left of each change."""

    @classmethod
    def of(cls, update: ChopsUpdate) -> CroppedUpdate:
        """An update of Textual's, cropped."""
        return cls(update.chops, update.spans, update.chop_ends)

    def render_segments(self, console: Console) -> str:
        """What is written to the terminal."""
        return "".join(
            Control.move_to(x, y).segment.text + strip.render(console)
            for y, first, last in self.spans
            for x, strip in self._parts(y, first, last)
        )

    def _parts(self, y: int, first: int, last: int) -> Iterator[tuple[int, Strip]]:
        """What has changed of a line from one cell to another, and where each part begins."""
        for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=True):
            if strip is not None and x < last and end > first:
                start = max(x, first) if _is_narrow(strip) else x
                yield start, strip.crop(start - x, min(end, last) - x)


def _is_narrow(strip: Strip) -> bool:
    """Whether each character fills one cell, so that none can be cut in half."""
    return len(strip.text) == strip.cell_length
