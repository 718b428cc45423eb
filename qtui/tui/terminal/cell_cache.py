"""What the terminal shows, cell by cell, so that it is sent no cell that it shows already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import dropwhile, groupby, pairwise
from typing import TypeAlias

from rich.cells import cell_len, get_character_cell_size

from qtui.tui.terminal.sgr import Pen

Cell: TypeAlias = "tuple[str, str] | None"
"""A letter, empty behind one that fills several cells, and the codes of its look; None where it is not known."""

SHORTEST_GAP = 5
"""So many cells that stay are written again rather than jumped over: a jump takes as many bytes."""

NARROW = re.compile("[ -~\N{NO-BREAK SPACE}-¬®-ʯ‐-‧←-⋿─-◿⠀-⣿]*")
"""Letters of which everybody knows that they fill one cell."""


class Shown:
    """Remembers what was written; who disturbs the terminal must have it forgotten."""

    def __init__(self) -> None:
        self._lines: dict[int, list[Cell]] = {}

    def forget(self) -> None:
        """Know nothing: the terminal was resized, or others have written to it."""
        self._lines.clear()

    def written(self, x: int, y: int, pieces: Iterable[tuple[str, str]], pen: Pen) -> str:
        """What has to be sent so that these texts, each with the codes of its look, stand at a place."""
        cells = [cell for text, codes in joined(pieces) for cell in cells_of(text, codes)]
        line, end = self._lines.setdefault(y, []), x + len(cells)
        line += [None] * (end - len(line))
        before = line[x:end]
        if cells == before:
            return ""
        for place in cut(line, x, end):
            line[place] = None
        line[x:end] = cells
        return "".join(
            f"\x1b[{y + 1};{x + first + 1}H{drawn(cells[first:last], pen)}" for first, last in changes(before, cells)
        )


def joined(pieces: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The same texts, but letters that fill no cell at the beginning of one go with the text before it."""
    held, looks = "", ""
    for text, codes in pieces:
        own = text if NARROW.fullmatch(text) else "".join(dropwhile(fills_none, text))
        if held:
            held += text[: len(text) - len(own)]
        if own:
            yield held, looks
            held, looks = own, codes
    yield held, looks


def fills_none(letter: str) -> bool:
    """Whether a letter is drawn over the one before it."""
    return get_character_cell_size(letter) == 0


@lru_cache(8192)
def cells_of(text: str, codes: str) -> tuple[Cell, ...]:
    """The cells that a text fills. Where letters are joined, terminals may differ: such a text is one big letter."""
    if NARROW.fullmatch(text):
        return tuple((letter, codes) for letter in text)
    sizes = [get_character_cell_size(letter) for letter in text]
    if all(sizes) and sum(sizes) == cell_len(text):
        return tuple(
            (letter if place == 0 else "", codes)
            for letter, size in zip(text, sizes, strict=True)
            for place in range(size)
        )
    return ((text, codes), *(("", codes) for _ in range(cell_len(text) - 1)))


def cut(line: Sequence[Cell], first: int, last: int) -> Iterator[int]:
    """The cells outside a stretch that are left of letters which reach into it."""
    place = first
    while 0 < place < len(line) and is_behind(line[place]):
        place -= 1
        yield place
    while last < len(line) and is_behind(line[last]):
        yield last
        last += 1


def drawn(cells: Sequence[Cell], pen: Pen) -> str:
    """Cells as a terminal draws them."""
    known = (cell for cell in cells if cell is not None)
    looks = ((codes, "".join(letter for letter, _ in some)) for codes, some in groupby(known, lambda cell: cell[1]))
    return "".join(f"{pen.turned(codes, blank=not text.strip(' '))}{text}" for codes, text in looks)


def changes(before: Sequence[Cell], after: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    """From which cell to which it has changed; short gaps are closed, and no letter is cut into pieces."""
    different = [place for place, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    first = different[0]
    for place, following in pairwise((*different, len(after) + SHORTEST_GAP)):
        if following - place > SHORTEST_GAP:
            yield whole(after, first, place + 1)
            first = following


def whole(cells: Sequence[Cell], first: int, last: int) -> tuple[int, int]:
    """The same stretch with all of the letters at its ends."""
    while first > 0 and is_behind(cells[first]):
        first -= 1
    while last < len(cells) and is_behind(cells[last]):
        last += 1
    return first, last


def is_behind(cell: Cell) -> bool:
    """Whether the letter that fills this cell begins further left."""
    return cell is not None and not cell[0]
