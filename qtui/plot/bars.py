"""Values side by side as bars, a row each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from qtui.figures import number
from qtui.plot.picture import Picture, Piece, Row
from qtui.plot.rows import cut, fitted, row_of
from qtui.text import display, pad, truncate, width

PARTS = " ▏▎▍▌▋▊▉█"
PARTS_IN_ASCII = " #"
NAME_SHARE = 3
"""Names take at most one in so many cells."""


class Bar(NamedTuple):
    """A named value."""

    name: str
    value: float
    role: str = "run-0"


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars in the order they are drawn, from zero on."""

    bars: tuple[Bar, ...]
    title: str = ""
    ascii_only: bool = False


class _Room(NamedTuple):
    """How the cells of a row are divided, and what they mean."""

    name: int
    left: int
    right: int
    value: int
    low: float
    high: float


def draw_bars(chart: Bars, cells: int, rows: int) -> Picture:
    """The bars in exactly so many cells and rows; those that find no room are counted."""
    cells, rows = max(0, cells), max(0, rows)
    above = [row_of(cells, Piece(display(chart.title), "title"))] if chart.title else []
    shown, left = cut(chart.bars, rows - len(above))
    room = _room(chart.bars, cells)
    body = [_row(bar, room, cells, chart.ascii_only) for bar in shown]
    more = [row_of(cells, Piece(f"and {left} more", "muted"))] if left else []
    return Picture(fitted((*above, *body, *more), cells, rows))


def _room(bars: Sequence[Bar], cells: int) -> _Room:
    """Room for the longest name and value, and the rest for bars on both sides of zero."""
    name = min(max((width(display(bar.name)) for bar in bars), default=0), cells // NAME_SHARE)
    value = max((len(number(bar.value)) for bar in bars), default=0)
    finite = [bar.value for bar in bars if math.isfinite(bar.value)]
    low, high = min([0.0, *finite]), max([0.0, *finite])
    free = max(0, cells - name - value - 2)
    span = high / 2 - low / 2
    left = round(free * (-low / 2 / span)) if span else 0
    return _Room(name, left, free - left, value, low, high)


def _row(bar: Bar, room: _Room, cells: int, ascii_only: bool) -> Row:
    """A name, a bar and a value."""
    name = Piece(pad(truncate(display(bar.name), room.name), room.name) + " ", "text")
    below, above = _bar(bar.value, room, PARTS_IN_ASCII if ascii_only else PARTS)
    value = Piece(f" {number(bar.value)}", "muted")
    return row_of(cells, name, Piece(pad(below, room.left, ">"), bar.role), Piece(above, bar.role), value)


def _bar(value: float, room: _Room, parts: str) -> tuple[str, str]:
    """What is drawn of a bar on the left of zero, and on the right."""
    if not math.isfinite(value):
        return "", ""
    if value < 0:
        return parts[-1] * round(room.left * (value / room.low)), ""
    fine = len(parts) - 1
    eighths = round(room.right * fine * (value / room.high)) if room.high else 0
    whole, rest = divmod(eighths, fine)
    return "", (parts[-1] * whole + (parts[rest] if rest else "")) or parts[min(1, fine)]
