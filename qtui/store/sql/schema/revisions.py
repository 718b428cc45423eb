"""Comparison of a database's schema revision with the installed MLflow, without importing MLflow."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

_REVISION = re.compile(r"^revision\s*=\s*[\"'](\w+)[\"']", re.MULTILINE)
_DOWN_REVISION = re.compile(r"^down_revision\s*=\s*(.+)$", re.MULTILINE)


class SchemaAge(Enum):
    """The age of a schema relative to the installed MLflow."""

    SAME = "same"
    OLDER = "older"
    NEWER = "newer"


@cache
def known_revisions() -> tuple[frozenset[str], frozenset[str]]:
    """Return the revisions that the installed MLflow can migrate, and those that it writes."""
    spec = find_spec("mlflow")
    origin = spec.origin if spec else None
    if origin is None:
        return frozenset(), frozenset()
    folder = Path(origin).parent / "store" / "db_migrations" / "versions"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))]
    revisions = frozenset(match[1] for text in texts for match in _REVISION.finditer(text))
    predecessors = frozenset(
        name for text in texts for match in _DOWN_REVISION.finditer(text) for name in re.findall(r"\w{6,}", match[1])
    )
    return revisions & predecessors, revisions - predecessors


def read_revision(connection: sa.Connection) -> str:
    """Return the revision that a database records, empty if it is older than MLflow's first revision."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return ""
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return str(row[0]) if row else ""


def schema_age(revision: str) -> SchemaAge:
    """Return the age of a revision relative to the installed MLflow."""
    older, newest = known_revisions()
    if revision in newest:
        return SchemaAge.SAME
    return SchemaAge.OLDER if revision in older or not revision else SchemaAge.NEWER


def is_empty(connection: sa.Connection) -> bool:
    """Return whether a database has no tables."""
    try:
        return not [name for name in sa.inspect(connection).get_table_names() if name != "alembic_version"]
    except DBAPIError:
        return False
