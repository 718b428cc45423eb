"""Choices of a dialog, the search among them, and their rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from qtui.plot.pieces import Piece
from qtui.text import display, pad, truncate, width
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


class ChoiceModel(Generic[T]):
    """The choices of a dialog: those that match a query, the marked values, and the row of every match."""

    def __init__(self, choices: Sequence[Choice[T]]) -> None:
        self.choices = tuple(choices)
        self._candidates = self.choices
        """The choices that can match a longer query than the last one."""
        self._query = ""
        self.matches = tuple(_matches(self.choices, ""))
        self.marked: tuple[T, ...] = ()
        self._text_cells = max((width(display(choice.text)) for choice in self.choices if choice.note), default=0)

    def search(self, query: str, choices: Sequence[Choice[T]] | None = None) -> tuple[ChoiceMatch[T], ...]:
        """Return the matches of a query, the best first, of these choices from now on.

        All choices match an empty query, in their own order. A query that begins with the last one is searched for
        among its matches, so that typing stays fast in thousands of choices.
        """
        if choices is not None:
            self.choices = tuple(choices)
        is_narrower = choices is None and query.startswith(self._query)
        matches = _matches(self._candidates if is_narrower else self.choices, query)
        self._query, self._candidates = query, tuple(match.choice for match in matches)
        self.matches = _best_first(matches)
        return self.matches

    def render(self, line: ChoiceMatch[T], cells: int) -> list[Piece]:
        """Return the row of a match: mark, text, note in one column, and the detail at the right end."""
        choice, role = line.choice, "text" if line.choice.why_not is None else "disabled"
        detail = truncate(display(choice.detail), max(0, cells // 2))
        room = max(0, cells - 3 - (width(detail) + 2 if detail else 0))
        text = truncate(display(choice.text), room)
        text_cells = max(width(text), min(self._text_cells, cells // 2, room))
        note = truncate(display(choice.why_not or choice.note), max(0, room - text_cells - 2))
        gap = " " * (text_cells - width(text) + (2 if note else 0))
        detail_cells = max(0, cells - 3 - text_cells - (width(note) + 2 if note else 0))
        return [
            Piece("• " if choice.value in self.marked else "  ", "accent"),
            *_highlight(text, line.match.positions, role),
            Piece(gap + note + pad(detail, detail_cells, ">") + " ", "muted" if choice.why_not is None else role),
        ]


def _highlight(text: str, positions: tuple[int, ...], role: str) -> Iterator[Piece]:
    """Yield the characters of a text, those at these positions highlighted."""
    matching = set(positions)
    yield from (Piece(char, "focus" if index in matching else role) for index, char in enumerate(text))


def _matches(choices: Sequence[Choice[T]], query: str) -> list[ChoiceMatch[T]]:
    return [match for choice in choices if (match := _match_choice(choice, query))]


def _best_first(matches: Sequence[ChoiceMatch[T]]) -> tuple[ChoiceMatch[T], ...]:
    return tuple(sorted(matches, key=lambda choice_match: choice_match.match.rank))


def _match_choice(choice: Choice[T], query: str) -> ChoiceMatch[T] | None:
    """Match the text, or else look for the whole query in the note."""
    match = match_text(query, display(choice.text))
    if match is not None:
        return ChoiceMatch(choice, match)
    if query.strip().lower() in choice.note.lower():
        return ChoiceMatch(choice, Match(EMPTY_QUERY.rank + NOTE_MATCH_RANK, ()))
    return None
