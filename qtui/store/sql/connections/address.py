"""Addresses of databases: an sqlite file, or a server and the installed driver to use for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from qtui.errors import MissingExtra, UsageError
from qtui.text import redact
from qtui.value_classes import dataclass

SQLITE_URI = re.compile(r"sqlite(\+\w+)?://(/(?P<path>.*))?", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class ServerKind:
    """A kind of database server; `drivers` maps SQLAlchemy's driver names to modules, best first."""

    name: str
    extra: str
    drivers: Mapping[str, str]


POSTGRESQL = ServerKind("postgresql", "postgres", {"psycopg": "psycopg", "psycopg2": "psycopg2", "pg8000": "pg8000"})
MYSQL = ServerKind("mysql", "mysql", {"pymysql": "pymysql", "mysqldb": "MySQLdb", "mysqlconnector": "mysql.connector"})
SERVER_KINDS: Mapping[str, ServerKind] = {
    "postgresql": POSTGRESQL,
    "postgres": POSTGRESQL,
    "mysql": MYSQL,
    "mariadb": MYSQL,
}
"""Server kinds by URI scheme."""


def sqlite_path(uri: str) -> Path | None:
    """Return the file of an sqlite URI, None for other schemes; a file name may contain a question mark.

    Raises:
        UsageError: The URI names an in-memory database.
    """
    match = SQLITE_URI.fullmatch(uri)
    if match is None:
        return None
    name = match["path"] or ""
    if not Path(name).exists():
        name = name.partition("?")[0]
    if name.startswith("file:"):
        name = unquote(name.removeprefix("file:"))
    if name in ("", ":memory:"):
        raise UsageError(f"{uri} is an in-memory database. Name a file: sqlite:///mlflow.db")
    return Path(name)


def parse_server_url(uri: str) -> tuple[ServerKind, URL]:
    """Return the kind of server and the URL with an installed driver.

    Raises:
        UsageError: The URI is not the address of a supported database.
        MissingExtra: No driver for this kind of server is installed.
    """
    try:
        url = make_url(uri)
        kind = SERVER_KINDS[url.drivername.partition("+")[0].lower()]
    except (ArgumentError, ValueError, KeyError):
        raise UsageError(
            f"{redact(uri)} is not a database address. Use sqlite:///path/to/mlflow.db, "
            "postgresql://user@host/name or mysql://user@host/name."
        ) from None
    return kind, url.set(drivername=f"{kind.name}+{choose_driver(kind, url.drivername.partition('+')[2])}")


def choose_driver(kind: ServerKind, preferred: str) -> str:
    """Return the preferred driver if it is installed, otherwise the best installed one."""
    for driver in sorted(kind.drivers, key=lambda driver: driver != preferred):
        if find_spec(kind.drivers[driver].partition(".")[0]):
            return driver
    raise MissingExtra(f"Reading a {kind.name} database needs a driver: pip install 'qtui[{kind.extra}]'")
