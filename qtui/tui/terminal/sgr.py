"""The pen of a terminal: what has to be said to it before the next letter, and no more than that."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

COLOURED = {"38": "colour", "48": "background"}
"""The codes that begin a colour out of many, by what is coloured."""
LENGTHS = {"5": 3, "2": 5}
"""How many codes such a colour takes, by its kind."""


class Look(NamedTuple):
    """How letters look: their attributes, their colour and that behind them, as the codes that say so."""

    attributes: tuple[str, ...] = ()
    colour: str = ""
    background: str = ""


PLAIN = Look()


class Pen:
    """Knows how the letters look that are written now; it begins with plain ones."""

    def __init__(self) -> None:
        self._look = PLAIN

    def turned(self, codes: str, *, blank: bool = False) -> str:
        """What makes the letters look as these codes say, after whatever was said before; the colour of a blank can
        be any, where nothing but its background is seen."""
        wanted = look_of(codes)
        if blank and not wanted.attributes and not self._look.attributes:
            wanted = wanted._replace(colour=self._look.colour)
        said = change(self._look, wanted)
        self._look = wanted
        return said


@lru_cache(4096)
def change(before: Look, after: Look) -> str:
    """The shortest way from one look to another."""
    if before == after:
        return ""
    begin: list[str] = []
    if not set(before.attributes) <= set(after.attributes):
        begin, before = ["0"], PLAIN
    codes = [each for each in after.attributes if each not in before.attributes]
    if after.colour != before.colour:
        codes.append(after.colour or "39")
    if after.background != before.background:
        codes.append(after.background or "49")
    if after == PLAIN:
        begin, codes = [], ["0"]
    return f"\x1b[{';'.join((*begin, *codes))}m"


@lru_cache(4096)
def look_of(codes: str) -> Look:
    """What these codes, such as `1;38;2;200;200;200`, come to when they are said to a plain pen."""
    attributes: set[str] = set()
    colours = {"colour": "", "background": ""}
    for group in groups(codes.split(";") if codes else []):
        if group[0] in COLOURED:
            colours[COLOURED[group[0]]] = ";".join(group)
        elif len(group[0]) > 1 and group[0][:-1] in ("3", "9"):
            colours["colour"] = "" if group[0] == "39" else group[0]
        elif len(group[0]) > 1 and group[0][:-1] in ("4", "10"):
            colours["background"] = "" if group[0] == "49" else group[0]
        else:
            attributes.add(group[0])
    return Look(tuple(sorted(attributes)), **colours)


def groups(codes: list[str]) -> Iterator[list[str]]:
    """The codes in the groups that belong together."""
    start = 0
    while start < len(codes):
        length = LENGTHS.get(codes[start + 1], 1) if codes[start] in COLOURED and start + 1 < len(codes) else 1
        yield codes[start : start + length]
        start += length
