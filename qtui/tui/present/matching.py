"""Finding a name by a few of its letters."""

from __future__ import annotations

from typing import NamedTuple


class Match(NamedTuple):
    """How well a text matches: the lower the rank the better, and at which letters."""

    rank: int
    at: tuple[int, ...]


FIRST, BEGINNING, INSIDE, SCATTERED = range(4)
"""Ranks: at the beginning, at that of a word, inside one, and letters here and there, which is worse by every gap."""

NOTHING_ASKED = Match(0, ())


def match(wanted: str, text: str) -> Match | None:
    """The words as parts of the text, or their letters in order; None when the text has them not."""
    wanted, text = wanted.strip().lower(), text.lower()
    if not wanted:
        return NOTHING_ASKED
    start = text.find(wanted)
    if start >= 0:
        return Match(_rank(text, start), tuple(range(start, start + len(wanted))))
    return _scattered(wanted.replace(" ", ""), text)


def _rank(text: str, index: int) -> int:
    if index == 0:
        return FIRST
    return INSIDE if text[index - 1].isalnum() else BEGINNING


def _scattered(letters: str, text: str) -> Match | None:
    """Each letter where it comes next; the wider they are scattered the worse."""
    at: list[int] = []
    for letter in letters:
        index = text.find(letter, at[-1] + 1 if at else 0)
        if index < 0:
            return None
        at.append(index)
    return Match(SCATTERED + at[-1] - at[0] - len(at) + 1, tuple(at))
