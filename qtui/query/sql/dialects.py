"""What each kind of database can say of a text.

Sqlite says all of it exactly, by functions in Python. The servers fold case and read patterns in ways of their own,
so they only sort out what cannot match: all that they let through is held against the predicate afterwards.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa

from qtui.query.ast import Operator
from qtui.query.sql.functions import sent
from qtui.query.sql.texts import Column, is_encodable, is_storable, raw, same

COMPARE: Mapping[Operator, Callable[[Any, Any], Any]] = {
    Operator.EQ: operator.eq,
    Operator.NE: operator.ne,
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
    Operator.GT: operator.gt,
    Operator.GE: operator.ge,
}
PLAIN_NUMBER = "^[+-]?[0-9]{1,100}([.][0-9]{0,100})?([eE][+-]?[0-9]{1,2})?$"
"""Texts that every database casts to the number that Python takes them for, without an overflow."""


class Clause(NamedTuple):
    """A condition; one that is not exact also lets through what does not match."""

    where: sa.ColumnElement[bool]
    exact: bool = True


ANYTHING = Clause(sa.true(), exact=False)


class Dialect(Protocol):
    """How one kind of database compares texts."""

    def equal(self, column: Column, value: str) -> Clause:
        """Whether it is this very text."""

    def one_of(self, column: Column, values: tuple[str, ...]) -> Clause:
        """Whether it is one of these very texts."""

    def matches(self, column: Column, operator: Operator, pattern: str) -> Clause:
        """Whether it matches a pattern."""

    def numeric(self, column: Column, operator: Operator, value: float) -> Clause:
        """Whether it holds a number that compares so."""

    def contains(self, column: Column, word: str) -> Clause:
        """Whether a word, case folded, is a part of it."""


class Sqlite:
    """Answers exactly."""

    def equal(self, column: Column, value: str) -> Clause:
        return Clause(same(column, value, "sqlite"))

    def one_of(self, column: Column, values: tuple[str, ...]) -> Clause:
        odd = (same(column, each, "sqlite") for each in values if not is_encodable(each))
        return Clause(sa.or_(column.in_([each for each in values if is_encodable(each)]), *odd))

    def matches(self, column: Column, operator: Operator, pattern: str) -> Clause:
        return Clause(sa.func.qtui_matches(raw(column), operator.value, sent(pattern)) == 1)

    def numeric(self, column: Column, operator: Operator, value: float) -> Clause:
        return Clause(COMPARE[operator](sa.func.qtui_number(raw(column)), value))

    def contains(self, column: Column, word: str) -> Clause:
        asked = sa.func.qtui_contains(raw(column), sent(word)) == 1
        if not is_plain(word):
            return Clause(asked)
        # Sqlite's own LIKE folds ASCII only, and stops at a NUL, but is ten times as quick as asking Python.
        is_beyond_ascii = sa.func.length(column) != sa.func.length(raw(column))
        return Clause(sa.or_(column.contains(word, autoescape=True), sa.and_(is_beyond_ascii, asked)))


@dataclass(frozen=True, slots=True)
class Server:
    """Sorts out what cannot match, by comparing ASCII in small letters; other texts are left to the predicate."""

    equality_is_exact: bool
    lower: Callable[[Column], Column]
    number: Callable[[Column], Column]

    def equal(self, column: Column, value: str) -> Clause:
        return Clause(column == value, self.equality_is_exact) if is_storable(value) else Clause(sa.false())

    def one_of(self, column: Column, values: tuple[str, ...]) -> Clause:
        return Clause(column.in_([each for each in values if is_storable(each)]), self.equality_is_exact)

    def matches(self, column: Column, operator: Operator, pattern: str) -> Clause:
        if operator not in (Operator.LIKE, Operator.ILIKE) or not is_plain(pattern):
            return ANYTHING
        alike = self.lower(column).like(pattern.lower(), escape="")
        return Clause(sa.or_(alike, is_odd(column)), exact=False)

    def numeric(self, column: Column, operator: Operator, value: float) -> Clause:
        is_plain_number = column.regexp_match(PLAIN_NUMBER)
        compared = COMPARE[operator](self.number(column), value)
        return Clause(sa.case((is_plain_number, compared), else_=sa.true()), exact=False)

    def contains(self, column: Column, word: str) -> Clause:
        if not is_plain(word):
            return ANYTHING
        return Clause(sa.or_(self.lower(column).contains(word, autoescape=True), is_odd(column)), exact=False)


def is_plain(text: str) -> bool:
    """Whether a text is ASCII that a server can hold."""
    return text.isascii() and "\0" not in text


def is_odd(column: Column) -> sa.ColumnElement[bool]:
    """Whether a text of a server's is more than one line, or not ASCII."""
    return sa.or_(sa.func.octet_length(column) != sa.func.char_length(column), column.contains("\n"))


DIALECTS: Mapping[str, Dialect] = {
    "sqlite": Sqlite(),
    "postgresql": Server(
        equality_is_exact=True,
        lower=lambda column: sa.func.lower(sa.collate(column, "C")),
        number=lambda column: sa.cast(column, sa.Double),
    ),
    "mysql": Server(
        equality_is_exact=False,
        lower=sa.func.lower,
        number=lambda column: column + sa.literal_column("0.0"),
    ),
}
