"""Drawing in ASCII alone: for terminals and locales that know nothing else."""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from qtui.text import width

LOOK_ALIKES = {
    "-": "─╌╍┄┅┈┉╴╶╸╺▔▁‐‑‒–—―⎯",
    "|": "│┃┆┇┊┋║╎╏▏▎▍▌▐▕╽╿",
    "+": "┌┐└┘├┤┬┴┼╭╮╰╯┏┓┗┛┣┫┳┻╋╒╓╔╕╖╗╘╙╚╛╜╝╞╟╠╡╢╣╤╥╦╧╨╩╪╫╬",
    ".": "▂·⋅․…",
    ":": "▃",
    "=": "━═▄▀≡",
    "*": "▅●•◆★✱∗",
    "%": "▆▒▓",
    "#": "▇█■▊▋▉▙▛▜▟⊘",
    "o": "○◌◦◯",
    "v": "▼▾↓⌄✓✔",
    "^": "▲▴↑⇧",
    ">": "▶▸→›❯»",
    "<": "◀◂←‹❮«",
    "x": "✗✘×✕",
    "~": "≈∼",
    "'": "‘’′",
    '"': "“”″",
    " ": "░⠀\N{NO-BREAK SPACE}",
}
_TABLE = {ord(each): plain for plain, alike in LOOK_ALIKES.items() for each in alike}


@lru_cache(4096)
def in_ascii(text: str) -> str:
    """The text in ASCII and in as many cells: look-alikes where there are some, else question marks."""
    if text.isascii():
        return text
    plain = ""
    for end, character in enumerate(text.translate(_TABLE), 1):
        # A character may take no cells, or change those of the one before it: only the whole tells how many.
        plain += character if character.isascii() else "?" * (width(text[:end]) - width(plain))
    return plain


class AsciiOnly(LineFilter):
    """Turns every line into ASCII on its way to the terminal, whoever drew it."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments in ASCII."""
        return [Segment(in_ascii(text), style, control) for text, style, control in segments]
