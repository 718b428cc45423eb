"""Tells whether the schema of a database is the one that the installed MLflow writes, without importing MLflow."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

_REVISION = re.compile(r"^revision\s*=\s*[\"'](\w+)[\"']", re.MULTILINE)
_ORIGIN = re.compile(r"^down_revision\s*=\s*(.+)$", re.MULTILINE)


class Age(Enum):
    """How a schema stands to the installed MLflow."""

    SAME = "same"
    OLDER = "older"
    NEWER = "newer"


@cache
def known_revisions() -> tuple[frozenset[str], frozenset[str]]:
    """The revisions that the installed MLflow can come from, and those that it writes."""
    spec = find_spec("mlflow")
    origin = spec.origin if spec else None
    if origin is None:
        return frozenset(), frozenset()
    folder = Path(origin).parent / "store" / "db_migrations" / "versions"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))]
    revisions = frozenset(match[1] for text in texts for match in _REVISION.finditer(text))
    origins = frozenset(
        name for text in texts for match in _ORIGIN.finditer(text) for name in re.findall(r"\w{6,}", match[1])
    )
    return revisions & origins, revisions - origins


def revision_of(connection: sa.Connection) -> str:
    """The revision that a database says it has; empty when it is from before MLflow counted them."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return ""
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return str(row[0]) if row else ""


def age_of(revision: str) -> Age:
    """How a revision stands to the installed MLflow."""
    older, newest = known_revisions()
    if revision in newest:
        return Age.SAME
    return Age.OLDER if revision in older or not revision else Age.NEWER


def is_empty(connection: sa.Connection) -> bool:
    """Whether a database has no table at all yet."""
    try:
        return not [name for name in sa.inspect(connection).get_table_names() if name != "alembic_version"]
    except DBAPIError:
        return False
