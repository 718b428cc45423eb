"""Cells of images as text, which passes through screens, dialogs and crops like any other text.

A cell is the placeholder of kitty's graphics protocol with three combining marks, which count the row and the column of
the cell and the image. `CellCache` replaces them by what the protocol of the terminal needs.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from qtui.text import IMAGE_PLACEHOLDER

MARK_RANGES = (
    "305 30d-30e 310 312 33d-33f 346 34a-34c 350-352 357 35b 363-36f 483-487 592-595 597-599 59c-5a1 5a8-5a9 5ab-5ac "
    "5af 5c4 610-617 657-65b 65d-65e 6d6-6dc 6df-6e2 6e4 6e7-6e8 6eb-6ec 730 732-733 735-736 73a 73d 73f-741 743 745 "
    "747 749-74a 7eb-7f1 7f3 816-819 81b-823 825-827 829-82d 951 953-954 f82-f83 f86-f87 135d-135f 17dd 193a 1a17 "
    "1a75-1a7c 1b6b 1b6d-1b73 1cd0-1cd2 1cda-1cdb 1ce0 1dc0-1dc1 1dc3-1dc9 1dcb-1dcc 1dd1-1de6 1dfe 20d0-20d1 "
    "20d4-20d7 20db-20dc 20e1 20e7 20e9 20f0 2cef-2cf1 2de0-2dff a66f a67c-a67d a6f0-a6f1 a8e0-a8f1 aab0 aab2-aab3 "
    "aab7-aab8 aabe-aabf aac1 fe20-fe26"
)
"""The marks by which kitty counts rows and columns from 0, as ranges in hexadecimal."""
MAX_SIDE_CELLS = 283
"""The number of marks, and so of the rows or columns of an image."""
IMAGE_CELL = re.compile(f"{IMAGE_PLACEHOLDER}...", re.DOTALL)


class ImageCell(NamedTuple):
    """A cell of an image."""

    image: int
    row: int
    column: int


@cache
def marks() -> str:
    """Return the marks in their order."""
    ranges = (part.partition("-") for part in MARK_RANGES.split())
    return "".join(chr(code) for first, _, last in ranges for code in range(int(first, 16), int(last or first, 16) + 1))


@lru_cache(1 << 15)
def cell_text(image: int, row: int, column: int) -> str:
    """Return the text of a cell."""
    return f"{IMAGE_PLACEHOLDER}{marks()[row]}{marks()[column]}{marks()[image]}"


@lru_cache(1 << 15)
def parse_cell(text: str) -> ImageCell | None:
    """Return the cell of a text; None if it is not one."""
    if not IMAGE_CELL.fullmatch(text):
        return None
    row, column, image = (marks().find(mark) for mark in text[1:])
    return None if min(row, column, image) < 0 else ImageCell(image, row, column)
