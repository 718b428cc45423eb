"""A line filter that replaces every character outside ASCII, for terminals and locales without UTF-8."""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from qtui.text import width

LOOKALIKES = {
    "-": "─╌╍┄┅┈┉╴╶╸╺▔▁‐‑‒–—―⎯",
    "|": "│┃┆┇┊┋║╎╏▏▎▍▌▐▕╽╿",
    "+": "┌┐└┘├┤┬┴┼╭╮╰╯┏┓┗┛┣┫┳┻╋╒╓╔╕╖╗╘╙╚╛╜╝╞╟╠╡╢╣╤╥╦╧╨╩╪╫╬",
    ".": "▂·⋅․…",
    ":": "▃",
    "=": "━═▄▀≡",
    "*": "▅●•◆★✶✱∗",
    "%": "▆▒▓",
    "#": "▇█■▊▋▉▙▛▜▟⊘",
    "o": "○◌◦◯",
    "v": "▼▾↓⌄✓✔",
    "^": "▲▴↑⇧",
    "d": "Δ",
    ">": "▶▸→›❯»",
    "<": "◀◂←‹❮«",
    "x": "✗✘×✕",
    "~": "≈∼±",
    "'": "‘’′",
    '"': "“”″",
    " ": "░⠀\N{NO-BREAK SPACE}",
}
_TABLE = {ord(char): plain for plain, lookalikes in LOOKALIKES.items() for char in lookalikes}


@lru_cache(4096)
def to_ascii(text: str) -> str:
    """Return the text in ASCII with the same width: look-alikes, or else question marks."""
    if text.isascii():
        return text
    plain = ""
    for end, char in enumerate(text.translate(_TABLE), 1):
        # A combining character changes the width of the one before it, so the whole prefix is measured.
        plain += char if char.isascii() else "?" * (width(text[:end]) - width(plain))
    return plain


class AsciiFilter(LineFilter):
    """Converts every rendered line to ASCII."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments in ASCII."""
        return [Segment(to_ascii(text), style, control) for text, style, control in segments]
