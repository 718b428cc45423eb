"""Choices of a dialog, and the search among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from qtui.text import display
from qtui.tui.present.matching import EMPTY_QUERY, Match, match_text
from qtui.value_classes import dataclass

T = TypeVar("T")

NOTE_MATCH_RANK = 1000
"""Added to the rank of a choice that matches only in its note, so that it comes after the others."""


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """A value to choose, and how the list shows it."""

    value: T
    text: str
    note: str = ""
    """A remark, in a muted colour after the text."""

    detail: str = ""
    """A word at the right end: a key, a kind, a number."""

    why_not: str | None = None
    """Why it cannot be chosen; None if it can."""


@dataclass(frozen=True, slots=True)
class ChoiceMatch(Generic[T]):
    """A choice that matches a query, and the characters that do."""

    choice: Choice[T]
    match: Match


def search_choices(choices: Sequence[Choice[T]], query: str) -> tuple[ChoiceMatch[T], ...]:
    """Return the choices that match, the best first; all of them in their own order for an empty query."""
    matches = [match for choice in choices if (match := _match_choice(choice, query))]
    return tuple(sorted(matches, key=lambda choice_match: choice_match.match.rank))


def _match_choice(choice: Choice[T], query: str) -> ChoiceMatch[T] | None:
    """Match the text, or else look for the whole query in the note."""
    match = match_text(query, display(choice.text))
    if match is not None:
        return ChoiceMatch(choice, match)
    if query.strip().lower() in choice.note.lower():
        return ChoiceMatch(choice, Match(EMPTY_QUERY.rank + NOTE_MATCH_RANK, ()))
    return None
