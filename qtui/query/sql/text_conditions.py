"""Conditions on texts, and their sort order, in each kind of database."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeAlias

import sqlalchemy as sa

Column: TypeAlias = sa.ColumnElement[Any]


def equals(column: Column, text: str, kind: str) -> sa.ColumnElement[bool]:
    """Return the condition that a column equals a text, byte by byte."""
    return _EQUALS[kind](column, text)


def is_one_of(column: Column, values: Collection[str], kind: str) -> sa.ColumnElement[bool]:
    """Return the condition that a column equals one of any number of values."""
    return _IS_ONE_OF[kind](column, list(values))


def likely(condition: sa.ColumnElement[bool], kind: str) -> sa.ColumnElement[bool]:
    """Return the condition with a hint that most rows meet it, without which sqlite picks the wrong index.

    It would read the points of a metric in all runs instead of the points of one run.
    """
    return sa.func.likely(condition) if kind == "sqlite" else condition


def by_code_point(column: Column, kind: str) -> Column:
    """Return a text column for sorting by code points, whatever the collation of the database."""
    return _SORT_KEYS[kind](column)


def as_bytes(column: Column) -> Column:
    """Return a text column of sqlite as bytes."""
    return sa.cast(column, sa.LargeBinary)


def is_storable(text: str) -> bool:
    """Return whether a server can store a text: it has no NUL and no surrogate."""
    return "\0" not in text and is_encodable(text)


def is_encodable(text: str) -> bool:
    """Return whether a text has no lone surrogates, by which Python represents invalid UTF-8."""
    try:
        return text.isascii() or bool(text.encode())
    except UnicodeEncodeError:
        return False


def _equals_in_sqlite(column: Column, text: str) -> sa.ColumnElement[bool]:
    """Only sqlite stores texts that are not UTF-8."""
    if is_encodable(text):
        return column == text
    try:
        return as_bytes(column) == text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return sa.false()


def _equals_in_postgresql(column: Column, text: str) -> sa.ColumnElement[bool]:
    return column == text if is_storable(text) else sa.false()


def _equals_in_mysql(column: Column, text: str) -> sa.ColumnElement[bool]:
    """MySQL ignores case and trailing spaces by default."""
    if not is_storable(text):
        return sa.false()
    return sa.and_(column == text, _bytes(column) == _bytes(sa.literal(text)))


def _in_json(column: Column, values: list[str]) -> sa.ColumnElement[bool]:
    """Sqlite limits the number of bound values in a statement, but not the length of a value."""
    elements = sa.func.json_each(json.dumps(values)).table_valued("value")
    others = (equals(column, value, "sqlite") for value in values if not is_encodable(value))
    return sa.or_(column.in_(sa.select(elements.c.value)), *others)


def _in_array(column: Column, values: list[str]) -> sa.ColumnElement[bool]:
    storable = [value for value in values if is_storable(value)]
    return column == sa.any_(sa.bindparam(None, storable, type_=sa.ARRAY(sa.Text)))


def _in_list(column: Column, values: list[str]) -> sa.ColumnElement[bool]:
    return column.in_([value for value in values if is_storable(value)])


def _bytes(column: Column) -> Column:
    return sa.cast(column, sa.BINARY)


_EQUALS: Mapping[str, Callable[[Column, str], sa.ColumnElement[bool]]] = {
    "sqlite": _equals_in_sqlite,
    "postgresql": _equals_in_postgresql,
    "mysql": _equals_in_mysql,
}
_IS_ONE_OF: Mapping[str, Callable[[Column, list[str]], sa.ColumnElement[bool]]] = {
    "sqlite": _in_json,
    "postgresql": _in_array,
    "mysql": _in_list,
}
_SORT_KEYS: Mapping[str, Callable[[Column], Column]] = {
    "sqlite": lambda column: column,
    "postgresql": lambda column: sa.collate(column, "C"),
    "mysql": _bytes,
}
