"""The parts of a text that differ from another text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from qtui.plot.pieces import Piece, Row
from qtui.text import ELLIPSIS, display, width

MAX_COMPARED_LENGTH = 4_000
"""Characters of a text that are compared in detail; of longer texts only the common start and end are found."""

CONTEXT_LENGTH = 6
"""Characters of the common start that stay before the first difference of a text that does not fit."""

DIFFERENT = "match"
"""The role of the parts that differ."""
_WORD = re.compile(r"\w+|\s+|.", re.DOTALL)


def differing_parts(text: str, other: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a text in their order, with whether each differs from the other text.

    Words are compared, not characters: a number that differs in one digit differs as a whole.
    """
    words, others = _WORD.findall(text), _WORD.findall(other)
    start = _common_length(words, others)
    end = _common_length(words[start:][::-1], others[start:][::-1])
    middle, other_middle = words[start : len(words) - end], others[start : len(others) - end]
    if start:
        yield "".join(words[:start]), False
    if middle and max(len(text), len(other)) > MAX_COMPARED_LENGTH:
        yield "".join(middle), True
    elif middle:
        matcher = SequenceMatcher(None, middle, other_middle, autojunk=False)
        for tag, first, last, _, _ in matcher.get_opcodes():
            if last > first:
                yield "".join(middle[first:last]), tag != "equal"
    if end:
        yield "".join(words[len(words) - end :]), False


def difference_row(text: str, other: str, cells: int) -> Row:
    """Return a text in at most this many cells, its differing parts with the role DIFFERENT.

    Of a text that does not fit, the common start is left out up to shortly before the first difference.
    """
    parts = [(display(part), is_different) for part, is_different in differing_parts(text, other)]
    if sum(width(part) for part, _ in parts) > cells and len(parts) > 1 and not parts[0][1]:
        start = parts[0][0]
        end = start[-CONTEXT_LENGTH:] if len(start) > CONTEXT_LENGTH + 1 else start
        parts[0] = (f"{ELLIPSIS}{end}" if end != start else start, False)
    return tuple(Piece(part, DIFFERENT if is_different else "text") for part, is_different in parts)


def _common_length(words: list[str], others: list[str]) -> int:
    """Return the number of equal words at the start."""
    pairs = zip(words, others, strict=False)
    return next((index for index, (word, other) in enumerate(pairs) if word != other), min(len(words), len(others)))
