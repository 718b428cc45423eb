"""Sorting as MLflow sorts: absent values last and NaN before them, whichever way; ties by start time, then id."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile

from qtui.entities import Run
from qtui.query.ast import Field, Kind, OrderBy
from qtui.query.cursor import Cursor
from qtui.query.keys import KeyLookup, name_words, order_field
from qtui.query.lexer import Lexeme, Token
from qtui.query.values import Getter, getter

NATURAL = (OrderBy(Field(Kind.ATTRIBUTE, "start_time"), ascending=False), OrderBy(Field(Kind.ATTRIBUTE, "run_id")))
"""What decides between runs that are equal so far, in every store."""
_DIRECTIONS: Mapping[str, bool] = {"": True, "ASC": True, "DESC": False}


def parse_order(text: str, *, lookup: KeyLookup | None = None) -> OrderBy:
    """Return what a text like `metrics.ic DESC` sorts by; ascending unless it says otherwise.

    With a `lookup` among the keys that runs have, a key may have spaces, and no prefix where only one kind has it.
    """
    cursor = Cursor(text, now=0)
    name = cursor.token
    if not cursor.at(Lexeme.WORD, Lexeme.QUOTED):
        raise cursor.error("A sort begins with what to sort by, such as metrics.ic or start_time.")
    words = _before_direction(name_words(cursor))
    if lookup is None or not words or cursor.at_aggregate():
        field = cursor.field()
    else:
        field = order_field(cursor, words, lookup)
    if field.kind is Kind.DATASET:
        raise cursor.error("Runs cannot be sorted by their datasets.", name)
    ascending = _DIRECTIONS.get(cursor.token.source.upper())
    if ascending is None:
        raise cursor.error(f"Behind {cursor.before.source} stands ASC, DESC or nothing, not {cursor.token.source}.")
    cursor.advance()
    if not cursor.at(Lexeme.END):
        raise cursor.error(f"Nothing may stand behind {cursor.before.source}; give further keys one by one.")
    return OrderBy(field, ascending)


def _before_direction(words: Sequence[Token]) -> Sequence[Token]:
    """Return the words of a name that stand before ASC or DESC."""
    return [*words[:1], *takewhile(lambda word: word.source.upper() not in _DIRECTIONS, words[1:])]


def sorted_runs(runs: Iterable[Run], order_by: Sequence[OrderBy] = (), *, now: int | None = None) -> list[Run]:
    """The runs in this order, then the newest first; `now` (ms) is what a running run's duration is counted to."""
    moment = time.time_ns() // 1_000_000 if now is None else now
    found = list(runs)
    for each in reversed((*order_by, *NATURAL)):
        found = _sorted_by(found, getter(each.field, moment), each.ascending)
    return found


def _sorted_by(runs: list[Run], get: Getter, ascending: bool) -> list[Run]:
    """One pass, stable; what has no place among the values is set aside, so that bare values are compared."""
    present: list[Run] = []
    nan: list[Run] = []
    absent: list[Run] = []
    for run in runs:
        value = get(run)
        kept = absent if value is None else nan if value != value else present
        kept.append(run)
    present.sort(key=get, reverse=not ascending)
    return [*present, *nan, *absent]
