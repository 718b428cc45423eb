"""SGR escape sequences: the shortest one that changes the style of the terminal's text from one to another."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple, TypeAlias

Cell: TypeAlias = "tuple[str, str] | None"
"""The text of a cell and its SGR codes. The text is empty in the second cell of a wide character. None is unknown."""

EXTENDED_COLOURS = {"38": "colour", "48": "background"}
"""The codes that start a colour of several codes, by the field of SgrStyle."""

EXTENDED_LENGTHS = {"5": 3, "2": 5}
"""The number of codes of such a colour by its second code: 256 colours, or red, green and blue."""


class SgrStyle(NamedTuple):
    """A text style as SGR codes."""

    attributes: tuple[str, ...] = ()
    colour: str = ""
    background: str = ""


PLAIN = SgrStyle()


class SgrEncoder:
    """Encodes style changes; it remembers the current style, which is plain at first."""

    def __init__(self) -> None:
        self._current = PLAIN

    def encode(self, codes: str, *, blank: bool = False) -> str:
        """Return the escape sequence that switches to the style with these codes, such as `1;31`; empty for no change.

        With `blank` the text consists of spaces, so that a change of only its foreground colour is left out.
        """
        style = parse_codes(codes)
        if blank and not style.attributes and not self._current.attributes:
            style = style._replace(colour=self._current.colour)
        sequence = style_change(self._current, style)
        self._current = style
        return sequence


@lru_cache(4096)
def style_change(before: SgrStyle, after: SgrStyle) -> str:
    """Return the shortest escape sequence from one style to another."""
    if before == after:
        return ""
    if after == PLAIN:
        return "\x1b[0m"
    reset: list[str] = []
    if not set(before.attributes) <= set(after.attributes):
        reset, before = ["0"], PLAIN
    codes = [code for code in after.attributes if code not in before.attributes]
    if after.colour != before.colour:
        codes.append(after.colour or "39")
    if after.background != before.background:
        codes.append(after.background or "49")
    return f"\x1b[{';'.join((*reset, *codes))}m"


@lru_cache(4096)
def parse_codes(codes: str) -> SgrStyle:
    """Return the style that codes such as `1;38;2;200;200;200` set when the style before is plain."""
    attributes: set[str] = set()
    colours = {"colour": "", "background": ""}
    for group in _group_codes(codes.split(";") if codes else []):
        if group[0] in EXTENDED_COLOURS:
            colours[EXTENDED_COLOURS[group[0]]] = ";".join(group)
        elif len(group[0]) > 1 and group[0][:-1] in ("3", "9"):
            colours["colour"] = "" if group[0] == "39" else group[0]
        elif len(group[0]) > 1 and group[0][:-1] in ("4", "10"):
            colours["background"] = "" if group[0] == "49" else group[0]
        else:
            attributes.add(group[0])
    return SgrStyle(tuple(sorted(attributes)), **colours)


def _group_codes(codes: list[str]) -> Iterator[list[str]]:
    """Split codes into groups that belong together: one code, or all codes of an extended colour."""
    start = 0
    while start < len(codes):
        is_extended = codes[start] in EXTENDED_COLOURS and start + 1 < len(codes)
        length = EXTENDED_LENGTHS.get(codes[start + 1], 1) if is_extended else 1
        yield codes[start : start + length]
        start += length
