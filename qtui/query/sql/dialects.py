"""Conditions on texts for each kind of database.

Sqlite evaluates all of them exactly, with functions in Python. Servers differ in case folding and patterns, so their
conditions may match too many rows, which the caller then tests with the predicate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

import sqlalchemy as sa

from qtui.query.ast import COMPARE, Operator
from qtui.query.sql.sqlite_functions import encode_argument
from qtui.query.sql.text_conditions import Column, as_bytes, equals, is_encodable, is_storable
from qtui.value_classes import dataclass

PLAIN_NUMBER = "^[+-]?[0-9]{1,100}([.][0-9]{0,100})?([eE][+-]?[0-9]{1,2})?$"
"""Texts that every database converts to the same number as Python, without an overflow."""


class SqlCondition(NamedTuple):
    """A condition; an inexact one also matches rows that the filter does not match."""

    where: sa.ColumnElement[bool]
    is_exact: bool = True


MATCH_ALL = SqlCondition(sa.true(), is_exact=False)


class Dialect(Protocol):
    """The conditions on texts in one kind of database."""

    def equal(self, column: Column, value: str) -> SqlCondition:
        """Return the condition that a column equals a text."""

    def one_of(self, column: Column, values: tuple[str, ...]) -> SqlCondition:
        """Return the condition that a column equals one of the texts."""

    def matches(self, column: Column, operator: Operator, pattern: str) -> SqlCondition:
        """Return the condition that a column matches a pattern."""

    def numeric(self, column: Column, operator: Operator, value: float) -> SqlCondition:
        """Return the comparison of the number in a column with a value."""

    def contains(self, column: Column, word: str) -> SqlCondition:
        """Return the condition that a column contains a case-folded word."""


class SqliteDialect:
    """Exact conditions, using functions in Python."""

    def equal(self, column: Column, value: str) -> SqlCondition:
        return SqlCondition(equals(column, value, "sqlite"))

    def one_of(self, column: Column, values: tuple[str, ...]) -> SqlCondition:
        others = (equals(column, value, "sqlite") for value in values if not is_encodable(value))
        return SqlCondition(sa.or_(column.in_([value for value in values if is_encodable(value)]), *others))

    def matches(self, column: Column, operator: Operator, pattern: str) -> SqlCondition:
        return SqlCondition(sa.func.qtui_matches(as_bytes(column), operator.value, encode_argument(pattern)) == 1)

    def numeric(self, column: Column, operator: Operator, value: float) -> SqlCondition:
        return SqlCondition(COMPARE[operator](sa.func.qtui_number(as_bytes(column)), value))

    def contains(self, column: Column, word: str) -> SqlCondition:
        python_match = sa.func.qtui_contains(as_bytes(column), encode_argument(word)) == 1
        if not is_plain(word):
            return SqlCondition(python_match)
        # Sqlite's own LIKE folds ASCII only, and stops at a NUL, but is ten times as fast as a function in Python.
        has_non_ascii = sa.func.length(column) != sa.func.length(as_bytes(column))
        return SqlCondition(sa.or_(column.contains(word, autoescape=True), sa.and_(has_non_ascii, python_match)))


@dataclass(frozen=True, slots=True)
class ServerDialect:
    """Inexact conditions that compare ASCII texts in lower case and match all other texts."""

    equality_is_exact: bool
    lower: Callable[[Column], Column]
    number: Callable[[Column], Column]

    def equal(self, column: Column, value: str) -> SqlCondition:
        return SqlCondition(column == value, self.equality_is_exact) if is_storable(value) else SqlCondition(sa.false())

    def one_of(self, column: Column, values: tuple[str, ...]) -> SqlCondition:
        return SqlCondition(column.in_([value for value in values if is_storable(value)]), self.equality_is_exact)

    def matches(self, column: Column, operator: Operator, pattern: str) -> SqlCondition:
        if operator not in (Operator.LIKE, Operator.ILIKE) or not is_plain(pattern):
            return MATCH_ALL
        is_match = self.lower(column).like(pattern.lower(), escape="")
        return SqlCondition(sa.or_(is_match, is_complex(column)), is_exact=False)

    def numeric(self, column: Column, operator: Operator, value: float) -> SqlCondition:
        is_plain_number = column.regexp_match(PLAIN_NUMBER)
        comparison = COMPARE[operator](self.number(column), value)
        return SqlCondition(sa.case((is_plain_number, comparison), else_=sa.true()), is_exact=False)

    def contains(self, column: Column, word: str) -> SqlCondition:
        if not is_plain(word):
            return MATCH_ALL
        return SqlCondition(
            sa.or_(self.lower(column).contains(word, autoescape=True), is_complex(column)), is_exact=False
        )


def is_plain(text: str) -> bool:
    """Return whether a text is ASCII without NUL."""
    return text.isascii() and "\0" not in text


def is_complex(column: Column) -> sa.ColumnElement[bool]:
    """Return the condition that a text on a server has a newline or non-ASCII characters."""
    return sa.or_(sa.func.octet_length(column) != sa.func.char_length(column), column.contains("\n"))


DIALECTS: Mapping[str, Dialect] = {
    "sqlite": SqliteDialect(),
    "postgresql": ServerDialect(
        equality_is_exact=True,
        lower=lambda column: sa.func.lower(sa.collate(column, "C")),
        number=lambda column: sa.cast(column, sa.Double),
    ),
    "mysql": ServerDialect(
        equality_is_exact=False,
        lower=sa.func.lower,
        number=lambda column: column + sa.literal_column("0.0"),
    ),
}
