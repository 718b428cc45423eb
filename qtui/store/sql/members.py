"""Asking for many rows by their ids at once, in the way each kind of database does it best."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

Column = sa.ColumnElement[Any]


def among(column: Column, values: Collection[str], kind: str) -> sa.ColumnElement[bool]:
    """Whether a column holds one of these values, of which there may be any number."""
    return _MEMBERSHIP[kind](column, list(values))


def _in_json(column: Column, values: list[str]) -> sa.ColumnElement[bool]:
    """Sqlite limits how many values a statement may bind, but not how long one of them is."""
    listed = sa.func.json_each(json.dumps(values)).table_valued("value")
    return column.in_(sa.select(listed.c.value))


def _in_array(column: Column, values: list[str]) -> sa.ColumnElement[bool]:
    return column == sa.any_(sa.bindparam(None, values, type_=ARRAY(sa.Text)))


def _in_list(column: Column, values: list[str]) -> sa.ColumnElement[bool]:
    return column.in_(values)


_MEMBERSHIP: Mapping[str, Callable[[Column, list[str]], sa.ColumnElement[bool]]] = {
    "sqlite": _in_json,
    "postgresql": _in_array,
    "mysql": _in_list,
}
