"""Parsing of sort orders, and sorting as in MLflow.

NaN and then missing values come last in both directions; ties are broken by start time, then by ID.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile

from qtui.entities import Run
from qtui.formatting import now_ms
from qtui.query.ast import Field, FieldKind, OrderBy
from qtui.query.field_values import Getter, field_getter
from qtui.query.lexer import Token, TokenKind
from qtui.query.token_cursor import TokenCursor
from qtui.query.unprefixed_keys import KeyLookup, key_tokens, parse_order_field

TIE_BREAKERS = (
    OrderBy(Field(FieldKind.ATTRIBUTE, "start_time"), ascending=False),
    OrderBy(Field(FieldKind.ATTRIBUTE, "run_id")),
)
"""The final sort keys in every store."""
_DIRECTIONS: Mapping[str, bool] = {"": True, "ASC": True, "DESC": False}


def parse_order(text: str, *, lookup: KeyLookup | None = None) -> OrderBy:
    """Return the sort key of a text like `metrics.ic DESC`; ascending by default.

    With `lookup`, keys may contain spaces, and need no prefix if only one kind has the key.
    """
    cursor = TokenCursor(text, now=0)
    name = cursor.next_token
    if not cursor.at(TokenKind.WORD, TokenKind.QUOTED):
        raise cursor.error("Expected a field to sort by, such as metrics.ic or start_time.")
    words = _words_before_direction(key_tokens(cursor))
    if lookup is None or not words or cursor.at_aggregate():
        field = cursor.parse_field()
    else:
        field = parse_order_field(cursor, words, lookup)
    if field.kind is FieldKind.DATASET:
        raise cursor.error("Runs cannot be sorted by their datasets.", name)
    direction = cursor.next_token
    ascending = _DIRECTIONS.get(direction.source.upper())
    if ascending is None:
        raise cursor.error(f"Expected ASC, DESC or nothing after {cursor.previous.source}, not {direction.source}.")
    cursor.advance()
    if not cursor.at(TokenKind.END):
        raise cursor.error(f"Expected nothing after {cursor.previous.source}; pass further sort keys separately.")
    return OrderBy(field, ascending)


def _words_before_direction(words: Sequence[Token]) -> Sequence[Token]:
    """Return the words of a name before ASC or DESC."""
    return [*words[:1], *takewhile(lambda word: word.source.upper() not in _DIRECTIONS, words[1:])]


def sort_runs(runs: Iterable[Run], order_by: Sequence[OrderBy] = (), *, now: int | None = None) -> list[Run]:
    """Return the runs in this order, then newest first; the duration of a running run ends at `now` (Unix ms)."""
    now = now_ms() if now is None else now
    ordered = list(runs)
    for key in reversed((*order_by, *TIE_BREAKERS)):
        ordered = _sort_by(ordered, field_getter(key.field, now), key.ascending)
    return ordered


def _sort_by(runs: list[Run], get: Getter, ascending: bool) -> list[Run]:
    """Return the runs in a stable order; NaN and missing values are set aside, so that plain values are compared."""
    present: list[Run] = []
    nan: list[Run] = []
    missing: list[Run] = []
    for run in runs:
        value = get(run)
        group = missing if value is None else nan if value != value else present
        group.append(run)
    present.sort(key=get, reverse=not ascending)
    return [*present, *nan, *missing]
