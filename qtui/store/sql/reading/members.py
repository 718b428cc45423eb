"""Asking for many rows by their ids at once, in the way each kind of database does it best."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from qtui.query.sql import is_encodable, is_storable, same
from qtui.store.sql.connections.database import Look

Column = sa.ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Members:
    """Some runs, and whether they are so many that whole tables are read, which is twice as quick as looking up."""

    ids: Sequence[str]
    are_most: bool
    kind: str

    def hold(self, column: Column) -> sa.ColumnElement[bool]:
        """Whether a column holds one of their ids, or any if whole tables are read."""
        return sa.true() if self.are_most else among(column, self.ids, self.kind)


def members(look: Look, ids: Sequence[str]) -> Members:
    """These runs, as they are best looked up in this database."""
    ((total,),) = look.rows(sa.select(sa.func.count()).select_from(look.tables.runs))
    return Members(ids, 2 * len(ids) > total, look.kind)


def common(condition: sa.ColumnElement[bool], kind: str) -> sa.ColumnElement[bool]:
    """A condition that most rows meet: if sqlite is not told, it reads the points that a metric has in all runs."""
    return sa.func.likely(condition) if kind == "sqlite" else condition


def among(column: Column, values: Collection[str], kind: str) -> sa.ColumnElement[bool]:
    """Whether a column holds one of these values, of which there may be any number."""
    return _MEMBERSHIP[kind](column, list(values))


def _in_json(column: Column, values: list[str]) -> sa.ColumnElement[bool]:
    """Sqlite limits how many values a statement may bind, but not how long one of them is."""
    listed = sa.func.json_each(json.dumps(values)).table_valued("value")
    odd = (same(column, each, "sqlite") for each in values if not is_encodable(each))
    return sa.or_(column.in_(sa.select(listed.c.value)), *odd)


def _in_array(column: Column, values: list[str]) -> sa.ColumnElement[bool]:
    storable = [each for each in values if is_storable(each)]
    return column == sa.any_(sa.bindparam(None, storable, type_=sa.ARRAY(sa.Text)))


def _in_list(column: Column, values: list[str]) -> sa.ColumnElement[bool]:
    return column.in_([each for each in values if is_storable(each)])


_MEMBERSHIP: Mapping[str, Callable[[Column, list[str]], sa.ColumnElement[bool]]] = {
    "sqlite": _in_json,
    "postgresql": _in_array,
    "mysql": _in_list,
}
