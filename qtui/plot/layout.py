"""Divides a picture among axes, labels and curves."""

from __future__ import annotations

from dataclasses import dataclass

from qtui.plot.axis import Ruler, level, upright
from qtui.plot.chart import Chart
from qtui.plot.frame import Frame
from qtui.plot.limits import Limits

FEWEST_ROWS = 4
"""With fewer rows than these there is no axis below the curves."""
FEWEST_CELLS = 10
"""With fewer cells than these for the curves there are no labels at the sides."""
AXIS_ROWS = 2


@dataclass(frozen=True, slots=True)
class Layout:
    """The area of the curves, and the rulers around it as far as there is room for them."""

    frame: Frame
    below: Ruler | None
    left: Ruler | None
    right: Ruler | None
    notes: bool
    """Whether there is a row above the area for what labels are to be added to."""


def laid_out(
    chart: Chart, window: Limits, left: Limits | None, right: Limits | None, width: int, height: int
) -> Layout:
    """The best use of so many cells; `left` and `right` are what the curves of each side cover."""
    below = AXIS_ROWS if height >= FEWEST_ROWS else 0
    layout = _laid_out(chart, window, (left, right), width, height, 0, below)
    if height - below > FEWEST_ROWS and any(ruler and ruler.note for ruler in (layout.left, layout.right)):
        return _laid_out(chart, window, (left, right), width, height, 1, below)
    return layout


def _laid_out(
    chart: Chart,
    window: Limits,
    data: tuple[Limits | None, Limits | None],
    width: int,
    height: int,
    above: int,
    below: int,
) -> Layout:
    """The layout with so many rows above and below the area."""
    glyphs, rows = chart.glyphs, height - above - below
    left = upright(chart.y, data[0], rows, glyphs.down) if data[0] else None
    right = upright(chart.right, data[1], rows, glyphs.down) if data[1] else None
    gutters = [ruler.gutter + 1 if ruler and ruler.marks else 0 for ruler in (left, right)]
    labelled = width - sum(gutters) >= FEWEST_CELLS
    start, end = gutters if labelled else (0, 0)
    cells = width - start - end
    frame = Frame(
        start,
        above,
        cells,
        rows,
        window,
        left.limits if left else None,
        chart.x.scale,
        chart.y.scale,
        glyphs.across,
        glyphs.down,
        right.limits if right else None,
        chart.right.scale,
    )
    return Layout(
        frame,
        level(chart.x, window, cells, glyphs.across) if below else None,
        left if labelled else None,
        right if labelled else None,
        bool(above),
    )
