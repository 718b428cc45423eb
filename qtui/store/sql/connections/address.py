"""Where a database is: a file of sqlite, or a server with a driver that this machine has for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from qtui.errors import MissingExtra, UsageError
from qtui.text import redact

SQLITE = re.compile(r"sqlite(\+\w+)?://(/(?P<path>.*))?", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of server: SQLAlchemy's names of what can speak with it and their modules, the best first."""

    name: str
    extra: str
    drivers: Mapping[str, str]


POSTGRESQL = Kind("postgresql", "postgres", {"psycopg": "psycopg", "psycopg2": "psycopg2", "pg8000": "pg8000"})
MYSQL = Kind("mysql", "mysql", {"pymysql": "pymysql", "mysqldb": "MySQLdb", "mysqlconnector": "mysql.connector"})
SERVERS: Mapping[str, Kind] = {
    "postgresql": POSTGRESQL,
    "postgres": POSTGRESQL,
    "mysql": MYSQL,
    "mariadb": MYSQL,
}
"""The kinds of server by the scheme of their addresses."""


def sqlite_path(uri: str) -> Path | None:
    """The file that an address means if it is one of sqlite; a question mark may be part of a file's name."""
    match = SQLITE.fullmatch(uri)
    if match is None:
        return None
    name = match["path"] or ""
    if not Path(name).exists():
        name = name.partition("?")[0]
    if name.startswith("file:"):
        name = unquote(name.removeprefix("file:"))
    if name in ("", ":memory:"):
        raise UsageError(f"{uri} is a database in memory: there is nothing in it to look at.")
    return Path(name)


def server_url(uri: str) -> tuple[Kind, URL]:
    """The kind of server that an address means, and the address with a driver that is installed."""
    try:
        url = make_url(uri)
        kind = SERVERS[url.drivername.partition("+")[0].lower()]
    except (ArgumentError, ValueError, KeyError):
        raise UsageError(
            f"{redact(uri)} is not the address of a database: write sqlite:///path/to/mlflow.db, "
            "postgresql://user@host/name or mysql://user@host/name."
        ) from None
    return kind, url.set(drivername=f"{kind.name}+{driver_for(kind, url.drivername.partition('+')[2])}")


def driver_for(kind: Kind, named: str) -> str:
    """The driver that the address names if it is installed, else the best that is."""
    for driver in sorted(kind.drivers, key=lambda driver: driver != named):
        if find_spec(kind.drivers[driver].partition(".")[0]):
            return driver
    raise MissingExtra(f"Reading a {kind.name} database needs a driver: pip install 'qtui[{kind.extra}]'")
