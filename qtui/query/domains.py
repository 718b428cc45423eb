"""What each kind of field can be compared with: which operators it knows, and how a value is read for it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from qtui.entities import Status
from qtui.errors import QuerySyntaxError
from qtui.figures import status_word
from qtui.query import moments
from qtui.query.ast import STALE, And, Comparison, Expr, Field, IsNull, Kind, Not, Operator, Or
from qtui.query.lexer import Lexeme, Token
from qtui.query.patterns import regex

ORDERING = frozenset({Operator.LT, Operator.LE, Operator.GT, Operator.GE})
EQUALITY = frozenset({Operator.EQ, Operator.NE})
PATTERNS = frozenset({Operator.LIKE, Operator.ILIKE, Operator.MATCH, Operator.NOT_MATCH})

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_INTEGER = re.compile(r"[+-]?\d{1,4000}")
_INFINITY = re.compile(r"[+-]?inf(inity)?", re.IGNORECASE)
_FLIPPED = {
    Operator.LT: Operator.GT,
    Operator.LE: Operator.GE,
    Operator.GT: Operator.LT,
    Operator.GE: Operator.LE,
}


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison on its way into the tree."""

    field: Field
    operator: Operator
    value: Token
    text: str
    now: int

    def compared(self, value: str | int | float, operator: Operator | None = None) -> Comparison:
        """The finished comparison."""
        return Comparison(self.field, operator or self.operator, value)

    def error(self, reason: str) -> QuerySyntaxError:
        """A mistake in the value."""
        return QuerySyntaxError(reason, self.text, self.value.start, self.value.length)

    @property
    def unquoted(self) -> bool:
        """Whether the value is a bare word, which may mean a number, a date or a duration."""
        return self.value.kind is Lexeme.WORD


@dataclass(frozen=True, slots=True)
class Domain:
    """A kind of value: its name in a sentence, its operators, and how a clause of it is read."""

    noun: str
    operators: frozenset[Operator]
    read: Callable[[Clause], Expr]
    takes_clock: bool = False
    """Whether a time of day behind a date belongs to the value."""


def domain_of(field: Field) -> Domain:
    """The domain of a field."""
    if field.kind is Kind.ATTRIBUTE:
        return _ATTRIBUTES[field.key]
    return _KINDS[field.kind]


def literal(token: Token) -> str:
    """A value as text: what the quotes hold, or the bare word as it was written."""
    return token.value if token.kind is Lexeme.QUOTED else token.source


def _number(clause: Clause) -> Expr:
    word = clause.value.source
    if clause.unquoted and (_NUMBER.fullmatch(word) or _INFINITY.fullmatch(word)):
        return clause.compared(float(word))
    if clause.unquoted and word.lower() == "nan":
        return _nan(clause)
    raise clause.error(f"A metric is compared with a number without quotes, not with {word}.")


def _nan(clause: Clause) -> Expr:
    """Whether a metric is NaN: there, but not even less than or equal to infinity."""
    if clause.operator not in EQUALITY:
        raise clause.error("NaN is neither less nor greater than anything; compare it with = or !=.")
    is_number = clause.compared(math.inf, Operator.LE)
    if clause.operator is Operator.NE:
        return is_number
    return And((IsNull(clause.field, negated=True), Not(is_number)))


def _text(clause: Clause) -> Expr:
    value = literal(clause.value)
    if clause.operator in (Operator.MATCH, Operator.NOT_MATCH):
        _check_regex(clause, value)
    return clause.compared(value)


def _text_or_number(clause: Clause) -> Expr:
    if clause.operator in PATTERNS:
        return _text(clause)
    if clause.unquoted and _NUMBER.fullmatch(clause.value.source):
        return clause.compared(float(clause.value.source))
    if clause.operator in ORDERING:
        raise clause.error(
            f"Less and greater are for numbers without quotes; {clause.value.source} is text, which knows = != LIKE ~."
        )
    return _text(clause)


def _status(clause: Clause) -> Expr:
    short = {status_word(status).upper(): status.value for status in Status}
    return _one_of(clause, short | {word: word for word in (*(status.value for status in Status), STALE)})


def _stage(clause: Clause) -> Expr:
    return _one_of(clause, {"ACTIVE": "active", "DELETED": "deleted"})


def _one_of(clause: Clause, choices: Mapping[str, str]) -> Expr:
    """An unquoted value is one of few words in any case; a quoted one is text, exactly as in MLflow."""
    if not clause.unquoted or clause.operator in PATTERNS:
        return _text(clause)
    if (known := choices.get(clause.value.source.upper())) is not None:
        return clause.compared(known)
    raise clause.error(
        f"{clause.value.source} is no {clause.field.key}; there are {', '.join(dict.fromkeys(choices.values()))}."
    )


def _duration(clause: Clause) -> Expr:
    milliseconds = moments.duration_of(literal(clause.value))
    if milliseconds is None:
        raise clause.error(f"A duration is written like 90s, 10m, 1h30m or 2d, not {clause.value.source}.")
    return clause.compared(milliseconds)


def _moment(clause: Clause) -> Expr:
    """A time: milliseconds, a day, an instant, or an age, which turns less and greater around."""
    written = literal(clause.value)
    if clause.unquoted and _INTEGER.fullmatch(written):
        return clause.compared(int(written))
    if clause.unquoted and _NUMBER.fullmatch(written):
        return clause.compared(float(written))
    if (age := moments.duration_of(written)) is not None:
        if clause.operator not in _FLIPPED:
            raise clause.error(f"No run began or ended exactly {written} ago; compare with < or >.")
        return clause.compared(clause.now - age, _FLIPPED[clause.operator])
    if (day := moments.day_of(written, clause.now)) is not None:
        return _within_day(clause, *day)
    if (instant := moments.instant_of(written, clause.now)) is not None:
        return clause.compared(instant)
    raise clause.error(
        f"{clause.value.source} is no time; write 2026-01-31, '2026-01-31 18:30', yesterday, or 2d for two days ago."
    )


def _within_day(clause: Clause, begin: int, end: int) -> Expr:
    """Less and greater mean the day's beginning; equal means anywhere within it."""
    if clause.operator is Operator.EQ:
        return And((clause.compared(begin, Operator.GE), clause.compared(end, Operator.LT)))
    if clause.operator is Operator.NE:
        return Or((clause.compared(begin, Operator.LT), clause.compared(end, Operator.GE)))
    return clause.compared(begin)


def _check_regex(clause: Clause, pattern: str) -> None:
    try:
        regex(pattern)
    except re.error as error:
        reason = f"This regular expression is wrong: {error.msg}."
        place = clause.value.start
        if not clause.value.is_escaped:
            place = min(place + (not clause.unquoted) + (error.pos or 0), clause.value.end - 1)
        raise QuerySyntaxError(reason, clause.text, place) from None


_TEXT = Domain("text", EQUALITY | PATTERNS, _text)
_TIME = Domain("a time", EQUALITY | ORDERING, _moment, takes_clock=True)
_KINDS: Mapping[Kind, Domain] = {
    Kind.METRIC: Domain("a metric", EQUALITY | ORDERING, _number),
    Kind.PARAM: Domain("a param", EQUALITY | ORDERING | PATTERNS, _text_or_number),
    Kind.TAG: Domain("a tag", EQUALITY | ORDERING | PATTERNS, _text_or_number),
    Kind.DATASET: Domain("text", EQUALITY | PATTERNS, _text),
}
_ATTRIBUTES: Mapping[str, Domain] = {
    "run_id": _TEXT,
    "run_name": _TEXT,
    "user_id": _TEXT,
    "artifact_uri": _TEXT,
    "experiment_id": _TEXT,
    "status": Domain("text", EQUALITY | PATTERNS, _status),
    "lifecycle_stage": Domain("text", EQUALITY | PATTERNS, _stage),
    "start_time": _TIME,
    "end_time": _TIME,
    "duration": Domain("a duration", EQUALITY | ORDERING, _duration),
}
