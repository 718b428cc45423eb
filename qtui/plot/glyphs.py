"""The characters of a chart: Braille or ASCII."""

from __future__ import annotations

from dataclasses import field

from qtui.value_classes import dataclass

BLANK = ord(" ")
CURVE_MARKS = "*+xo#@%&"
"""Marks that tell curves apart without colours."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Characters that show several dots per cell, and those of lines and marks."""

    dots_across: int
    dots_down: int
    weights: tuple[int, ...] = field(repr=False)
    """The weight of each dot of a cell in the index into `codes`, row by row."""
    codes: tuple[int, ...] = field(repr=False)
    """The character for each combination of dots."""
    vertical: str = "│"
    horizontal: str = "─"
    corner: str = "└"
    far_corner: str = "┘"
    left_tick: str = "┤"
    right_tick: str = "├"
    bottom_tick: str = "┬"
    guide: str = "⠂"
    line: str = "──"
    high: str = "▴"
    low: str = "▾"


BRAILLE = Glyphs(2, 4, (1, 8, 2, 16, 4, 32, 64, 128), (BLANK, *range(0x2801, 0x2900)))
ASCII = Glyphs(
    1,
    2,
    (1, 2),
    tuple(map(ord, " '.:")),
    vertical="|",
    horizontal="-",
    corner="+",
    far_corner="+",
    left_tick="+",
    right_tick="+",
    bottom_tick="+",
    guide=".",
    line="--",
    high="^",
    low="v",
)
