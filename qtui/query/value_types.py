"""The operators of every kind of field, and the parsing of its values."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

from qtui.entities import Status
from qtui.errors import QuerySyntaxError
from qtui.formatting import status_word
from qtui.lazy_pattern import lazy_pattern
from qtui.query import times
from qtui.query.ast import STALE, And, Comparison, Expr, Field, FieldKind, IsNull, Not, Operator, Or
from qtui.query.lexer import Token, TokenKind
from qtui.query.patterns import regex
from qtui.value_classes import dataclass

ORDERING = frozenset({Operator.LT, Operator.LE, Operator.GT, Operator.GE})
EQUALITY = frozenset({Operator.EQ, Operator.NE})
PATTERNS = frozenset({Operator.LIKE, Operator.ILIKE, Operator.MATCH, Operator.NOT_MATCH})

_NUMBER = lazy_pattern(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_INTEGER = lazy_pattern(r"[+-]?\d{1,4000}")
_INFINITY = lazy_pattern(r"[+-]?inf(inity)?", re.IGNORECASE)
_FLIPPED = {
    Operator.LT: Operator.GT,
    Operator.LE: Operator.GE,
    Operator.GT: Operator.LT,
    Operator.GE: Operator.LE,
}


@dataclass(frozen=True, slots=True)
class RawComparison:
    """A comparison whose value is not parsed yet."""

    field: Field
    operator: Operator
    value: Token
    text: str
    now: int

    def build(self, value: str | int | float, operator: Operator | None = None) -> Comparison:
        """Return the comparison with a parsed value."""
        return Comparison(self.field, operator or self.operator, value)

    def error(self, reason: str) -> QuerySyntaxError:
        return QuerySyntaxError(reason, self.text, self.value.start, self.value.length)

    @property
    def is_unquoted(self) -> bool:
        """Whether the value is unquoted and may be a number, a date or a duration."""
        return self.value.kind is TokenKind.WORD


@dataclass(frozen=True, slots=True)
class ValueType:
    """A type of value: its name in error messages, its operators, and the parser of its comparisons."""

    noun: str
    operators: frozenset[Operator]
    build: Callable[[RawComparison], Expr]
    has_time_of_day: bool = False
    """Whether a time of day after a date belongs to the value."""


def value_type_of(field: Field) -> ValueType:
    if field.kind is FieldKind.ATTRIBUTE:
        return _ATTRIBUTE_TYPES[field.key]
    return _TYPES_BY_KIND[field.kind]


def literal_text(token: Token) -> str:
    """Return a value as text, without quotes."""
    return token.value if token.kind is TokenKind.QUOTED else token.source


def _build_number(raw: RawComparison) -> Expr:
    word = raw.value.source
    if raw.is_unquoted and (_NUMBER.fullmatch(word) or _INFINITY.fullmatch(word)):
        return raw.build(float(word))
    if raw.is_unquoted and word.lower() == "nan":
        return _build_nan(raw)
    raise raw.error(f"Compare a metric with an unquoted number, not with {word}.")


def _build_nan(raw: RawComparison) -> Expr:
    """Build a test for NaN: the metric exists, but is not less than or equal to infinity."""
    if raw.operator not in EQUALITY:
        raise raw.error("NaN has no order; compare it with = or !=.")
    is_number = raw.build(math.inf, Operator.LE)
    if raw.operator is Operator.NE:
        return is_number
    return And((IsNull(raw.field, negated=True), Not(is_number)))


def _build_text(raw: RawComparison) -> Expr:
    value = literal_text(raw.value)
    if raw.operator in (Operator.MATCH, Operator.NOT_MATCH):
        _check_regex(raw, value)
    return raw.build(value)


def _build_text_or_number(raw: RawComparison) -> Expr:
    if raw.operator in PATTERNS:
        return _build_text(raw)
    if raw.is_unquoted and _NUMBER.fullmatch(raw.value.source):
        return raw.build(float(raw.value.source))
    if raw.operator in ORDERING:
        raise raw.error(
            f"{raw.operator} needs an unquoted number; compare the text {raw.value.source} with = != LIKE ~."
        )
    return _build_text(raw)


def _build_status(raw: RawComparison) -> Expr:
    short = {status_word(status).upper(): status.value for status in Status}
    return _build_one_of(raw, short | {word: word for word in (*(status.value for status in Status), STALE)})


def _build_stage(raw: RawComparison) -> Expr:
    return _build_one_of(raw, {"ACTIVE": "active", "DELETED": "deleted"})


def _build_one_of(raw: RawComparison, choices: Mapping[str, str]) -> Expr:
    """Build a comparison with one of a few words in any case; a quoted value is any text, as in MLflow."""
    if not raw.is_unquoted or raw.operator in PATTERNS:
        return _build_text(raw)
    if (choice := choices.get(raw.value.source.upper())) is not None:
        return raw.build(choice)
    raise raw.error(f"Unknown {raw.field.key} {raw.value.source}; use {', '.join(dict.fromkeys(choices.values()))}.")


def _build_duration(raw: RawComparison) -> Expr:
    milliseconds = times.parse_duration(literal_text(raw.value))
    if milliseconds is None:
        raise raw.error(f"{raw.value.source} is not a duration; write 90s, 10m, 1h30m or 2d.")
    return raw.build(milliseconds)


def _build_time(raw: RawComparison) -> Expr:
    """Build a comparison with a time: Unix ms, a day, a time of day, or an age, which flips less and greater."""
    text = literal_text(raw.value)
    if raw.is_unquoted and _INTEGER.fullmatch(text):
        return raw.build(int(text))
    if raw.is_unquoted and _NUMBER.fullmatch(text):
        return raw.build(float(text))
    if (age := times.parse_duration(text)) is not None:
        if raw.operator not in _FLIPPED:
            raise raw.error(f"An age like {text} is not exact; compare with < or >.")
        return raw.build(raw.now - age, _FLIPPED[raw.operator])
    if (day := times.parse_day(text, raw.now)) is not None:
        return _build_within_day(raw, *day)
    if (instant := times.parse_instant(text, raw.now)) is not None:
        return raw.build(instant)
    raise raw.error(
        f"{raw.value.source} is not a time; write 2026-01-31, '2026-01-31 18:30', yesterday, or 2d for two days ago."
    )


def _build_within_day(raw: RawComparison, begin: int, end: int) -> Expr:
    """Build a comparison with a day: with its start for less and greater, with the whole day for equal."""
    if raw.operator is Operator.EQ:
        return And((raw.build(begin, Operator.GE), raw.build(end, Operator.LT)))
    if raw.operator is Operator.NE:
        return Or((raw.build(begin, Operator.LT), raw.build(end, Operator.GE)))
    return raw.build(begin)


def _check_regex(raw: RawComparison, pattern: str) -> None:
    try:
        regex(pattern)
    except re.error as error:
        reason = f"Invalid regular expression: {error.msg}."
        position = raw.value.start
        if not raw.value.is_escaped:
            position = min(position + (not raw.is_unquoted) + (error.pos or 0), raw.value.end - 1)
        raise QuerySyntaxError(reason, raw.text, position) from None


_TEXT = ValueType("text", EQUALITY | PATTERNS, _build_text)
_TIME = ValueType("a time", EQUALITY | ORDERING, _build_time, has_time_of_day=True)
_TYPES_BY_KIND: Mapping[FieldKind, ValueType] = {
    FieldKind.METRIC: ValueType("a metric", EQUALITY | ORDERING, _build_number),
    FieldKind.PARAM: ValueType("a param", EQUALITY | ORDERING | PATTERNS, _build_text_or_number),
    FieldKind.TAG: ValueType("a tag", EQUALITY | ORDERING | PATTERNS, _build_text_or_number),
    FieldKind.DATASET: ValueType("text", EQUALITY | PATTERNS, _build_text),
}
_ATTRIBUTE_TYPES: Mapping[str, ValueType] = {
    "run_id": _TEXT,
    "run_name": _TEXT,
    "user_id": _TEXT,
    "artifact_uri": _TEXT,
    "experiment_id": _TEXT,
    "status": ValueType("text", EQUALITY | PATTERNS, _build_status),
    "lifecycle_stage": ValueType("text", EQUALITY | PATTERNS, _build_stage),
    "start_time": _TIME,
    "end_time": _TIME,
    "duration": ValueType("a duration", EQUALITY | ORDERING, _build_duration),
}
