"""Fuzzy matching: find a name by some of its letters."""

from __future__ import annotations

from typing import NamedTuple


class Match(NamedTuple):
    """The quality of a match, and its position."""

    rank: int
    """The lower the better."""

    positions: tuple[int, ...]
    """The indices of the matching characters."""


AT_START, AT_WORD_START, INSIDE_WORD, SCATTERED = range(4)
"""Ranks by the position of the match; scattered letters rank worse with every letter between them."""

EMPTY_QUERY = Match(0, ())


def match_text(query: str, text: str) -> Match | None:
    """Find the query as a part of the text, or else its letters in order; None without a match."""
    query, text = query.strip().lower(), text.lower()
    if not query:
        return EMPTY_QUERY
    start = text.find(query)
    if start >= 0:
        return Match(_rank_of_part(text, start), tuple(range(start, start + len(query))))
    return _match_letters(query.replace(" ", ""), text)


def _rank_of_part(text: str, start: int) -> int:
    if start == 0:
        return AT_START
    return INSIDE_WORD if text[start - 1].isalnum() else AT_WORD_START


def _match_letters(letters: str, text: str) -> Match | None:
    """Find every letter after the one before; the rank grows with the letters between them."""
    positions: list[int] = []
    for letter in letters:
        index = text.find(letter, positions[-1] + 1 if positions else 0)
        if index < 0:
            return None
        positions.append(index)
    return Match(SCATTERED + positions[-1] - positions[0] - len(positions) + 1, tuple(positions))
