"""Text for display: makes control characters of strings from a store visible, measures, cuts and redacts them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Literal

from qtui.cell_widths import cells_of, widens

MARKS_PER_BASE = 8
"""Combining marks that are kept on a character; more would be drawn over the lines above and below."""

TAB = " " * 4
LINE_END = "\N{RETURN SYMBOL}"
ELLIPSIS = "…"

MIN_MIDDLE_CELLS = 6
"""The width below which a text is cut at its end rather than in its middle."""
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
JOINER = "\N{ZERO WIDTH JOINER}"
VARIATION_SELECTOR = "\N{VARIATION SELECTOR-16}"

IMAGE_PLACEHOLDER = "\U0010eeee"
"""The character that stands for a cell of an image in kitty's graphics protocol; a text must not draw images."""

_FILLERS = f"\u115f\u1160\u3164\uffa0{IMAGE_PLACEHOLDER}"
# Printable text that needs a closer look: invisible fillers, and any run long enough to be a pile of combining marks
# outside of the common blocks without combining marks.
_UNUSUAL = (
    f"[{_FILLERS}]|[^\\x20-\u02ff\u2e80-\u3029\u3030-\u3098\u309b-\ua66e\uac00-\ud7a3\uf900-\ufaff\uff01-\uffee]"
    f"{{{MARKS_PER_BASE + 1}}}"
)


class _Visible(dict[int, str]):
    """A table for `str.translate` that computes the replacement of a character on first use."""

    def __missing__(self, code: int) -> str:
        return _visible(code)


_MANY_LINES = _Visible({0x09: TAB, 0x0A: "\n", 0x7F: "\N{SYMBOL FOR DELETE}"})
_ONE_LINE = _Visible({**_MANY_LINES, 0x0A: LINE_END})


def display(text: str, *, one_line: bool = True) -> str:
    """Return the text with all characters visible that could act, hide or reorder text; markup is kept."""
    if text.isprintable() and (text.isascii() or not _unusual().search(text)):
        return text
    if one_line:
        return _cap_marks(text.translate(_ONE_LINE))
    return _cap_marks(text.replace("\r\n", "\n").translate(_MANY_LINES))


@cache
def _unusual() -> re.Pattern[str]:
    """Return the pattern of printable text that needs a closer look; compiled on first use, which takes a while."""
    return re.compile(_UNUSUAL)


def _visible(code: int) -> str:
    """Return the replacement of a character: a sign for a control, format or surrogate character, else itself."""
    if code < 0x20:
        return chr(0x2400 + code)
    character = chr(code)
    category = unicodedata.category(character)
    if category == "Cs":
        return REPLACEMENT
    noncharacter = category == "Cn" and (code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF)
    if category in ("Cc", "Cf", "Zl", "Zp") or noncharacter or character in _FILLERS:
        return f"<{code:04X}>"
    return character


def _cap_marks(text: str) -> str:
    """Keep at most eight combining marks on a character; a sign replaces the others."""
    if text.isascii() or not _unusual().search(text):
        return text
    chars: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character)[0] == "M" else 0
        if marks <= MARKS_PER_BASE:
            chars.append(character)
        elif marks == MARKS_PER_BASE + 1:
            chars.append(REPLACEMENT)
    return "".join(chars)


def width(text: str, most: int | None = None) -> int:
    """Return the cells of a terminal that the text fills, measuring no further than `most` cells."""
    if text.isascii():
        return len(text) if most is None else min(len(text), most)
    if most is None:
        return sum(cell_steps(text))
    cells = 0
    for step in cell_steps(text):
        cells += step
        if cells >= most:
            return most
    return cells


def truncate(text: str, cells: int) -> str:
    """Return the text cut to this width, with an ellipsis if it was longer; the rest is not measured."""
    if text.isascii():
        return text if len(text) <= cells else text[: cells - 1] + ELLIPSIS if cells > 0 else ""
    filled, end = 0, None
    for at, step in enumerate(cell_steps(text)):
        filled += step
        if end is None and filled >= cells:
            end = at
        if filled > cells:
            return text[:end] + ELLIPSIS if cells > 0 else ""
    return text


def truncate_start(text: str, cells: int) -> str:
    """Return the end of the text in this width, after an ellipsis if it was longer."""
    if width(text, cells + 1) <= cells:
        return text
    steps = list(cell_steps(text))
    start, room = len(text), cells - 1
    while start and steps[start - 1] <= room:
        start -= 1
        room -= steps[start]
    while start < len(text) and not steps[start]:
        start += 1  # a mark of a character that is cut off
    return ELLIPSIS + text[start:] if cells > 0 else ""


def truncate_middle(text: str, cells: int) -> str:
    """Return the text in this width, cut in its middle: the ends of keys and names distinguish them best."""
    if width(text, cells + 1) <= cells:
        return text
    if cells < MIN_MIDDLE_CELLS:
        return truncate(text, cells)
    head = truncate(text, (cells - 1) // 3 + 1).removesuffix(ELLIPSIS)
    return head + truncate_start(text, cells - width(head))


def display_within(text: str, cells: int | None) -> str:
    """Return the displayed text for this width, reading no more of it than can fit; None for all of it."""
    if cells is None or len(text) <= (most := cells * (MARKS_PER_BASE + 1)):
        return display(text)
    return display(text[:most]) + ELLIPSIS


def cell_steps(text: str) -> Iterator[int]:
    """Yield the cells each character adds: a joiner swallows the next one, a variation selector widens the last."""
    last = ""
    joined = False
    for character in text:
        if joined:
            joined = False
            yield 0
        elif character == VARIATION_SELECTOR:
            yield int(widens(last))
            last = ""
        else:
            joined = character == JOINER
            cells = cells_of(character)
            last = character if cells else last
            yield cells


def pad(text: str, cells: int, align: Literal["<", ">", "^"] = "<") -> str:
    """Return the text padded with spaces to a width."""
    missing = max(0, cells - width(text, cells))
    left = {"<": 0, ">": missing, "^": missing // 2}[align]
    return " " * left + text + " " * (missing - left)


def fit_text(text: str, cells: int, align: Literal["<", ">", "^"] = "<") -> str:
    """Return the text in exactly this width: cut, or padded with spaces."""
    return pad(truncate(text, cells), cells, align)


HIDDEN = "***"

_SECRET_KEY = (
    r"(?:[\w.-]*[_.-])?(?:pass(?:word|wd|phrase)?|pwd|token|secret|sig|signature|credentials?"
    r"|api[_-]?key|(?:secret|access|private|account|shared)[_-]?(?:access[_-]?)?key(?:[_-]?id)?)|sslpassword"
    r"|AWSAccessKeyId|GoogleAccessId|x-(?:amz|goog|ms)-[\w-]+"
)
_SECRETS = (
    # In http an @ after the path is part of the path; database drivers take it for the end of a password.
    ("@", r"(\bhttps?://)[^\s/?#:@]*@", rf"\1{HIDDEN}@"),
    ("@", r"(\bhttps?://[^\s/?#:]*:)[^\s/?#]*@", rf"\1{HIDDEN}@"),
    ("@", r"(?<!http)(?<!https)(://[^\s/:@]*:)(?:[^\s/?#]*@|[^\n@]*@)", rf"\1{HIDDEN}@"),
    ("=", rf"""(?<![\w.-])({_SECRET_KEY})(\s*=\s*)(?:'[^'\n]*'|"[^"\n]*"|[^\s&#"<>]+)""", rf"\1\2{HIDDEN}"),
    (":", rf"""(["'](?:{_SECRET_KEY})["']\s*:\s*)(?:'[^'\n]*'|"[^"\n]*"|[^\s,}}]+)""", rf"\1'{HIDDEN}'"),
    ("authorization", r"""(\b(?:proxy-)?authorization["']?\s*[:=]\s*)[^\n]+""", rf"\1{HIDDEN}"),
    ("bearer", r"\b(Bearer\s+)[\w.~+/=-]{8,}", rf"\1{HIDDEN}"),
)
"""Patterns of secrets: a lowercase part that every match contains, the pattern, its replacement."""


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    """Compile a pattern on first use, which takes a while."""
    return re.compile(pattern, re.IGNORECASE)


def redact(text: str) -> str:
    """Replace the passwords, keys and tokens in URIs and headers."""
    # Lowering maps ASCII letters only onto themselves, while a pattern takes "\u0131" for an i.
    lowered = text.lower() if text.isascii() else None
    for part, pattern, replacement in _SECRETS:
        if lowered is None or part in lowered:
            text = _compile(pattern).sub(replacement, text)
    return text


FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""First characters of a cell that a spreadsheet takes for a formula."""


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV with plain line ends; a cell with a carriage return or a line end in it is quoted."""
    import csv
    import io

    text = io.StringIO(newline="")
    # Older versions of Python quote a carriage return only when it belongs to the line end.
    writer = csv.writer(text, lineterminator="\r\n")
    lines = []
    for row in rows:
        writer.writerow(row)
        lines.append(text.getvalue().removesuffix("\r\n"))
        text.seek(0)
        text.truncate()
    return "".join(f"{line}\n" for line in lines)


def escape_formula(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: with ' in front, unless it is a number.

    >>> [escape_formula(text) for text in ("=1+1", "-0.5", "a-b")]
    ["'=1+1", '-0.5', 'a-b']
    """
    if not text.startswith(FORMULA_SIGNS) or _is_number(text):
        return text
    return f"'{text}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text == text.strip()
