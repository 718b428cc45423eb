"""The characters that dots are drawn with: Braille, ASCII."""

from __future__ import annotations

from dataclasses import dataclass, field

BLANK = ord(" ")
CURVE_MARKS = "*+xo#@%&"
"""What tells curves apart where there are no colours."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """A family of characters that show dots, several to a cell, and the lines around them."""

    dots_across: int
    dots_down: int
    weights: tuple[int, ...] = field(repr=False)
    """What each dot of a cell adds to its number, row by row."""
    codes: tuple[int, ...] = field(repr=False)
    """The character for each number."""
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
