"""Finds out which store is to be written into; only what is written makes a store that is not there."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from qtui.errors import UsageError
from qtui.store.detection import TRASH, TREE
from qtui.store.locate import SCHEME, SCHEMELESS, existing, opener_for
from qtui.store.writer import Writer
from qtui.text import redact

FIRST_EXPERIMENT = "0"
GIT_FILES = frozenset({".gitkeep", ".gitignore"})


@dataclass(frozen=True, slots=True)
class Leave:
    """What may be done to a database whose schema is older than the installed MLflow."""

    allow_migrate: bool = False
    keep_schema: bool = False


Opener = Callable[[str, Leave], Writer]
"""Opens an address for writing."""


def open_writer(uri: str, *, allow_migrate: bool = False, keep_schema: bool = False) -> Writer:
    """The writer of the store at an address in any of MLflow's forms, or in a folder or a file that is simply named."""
    leave = Leave(allow_migrate, keep_schema)
    match = SCHEME.match(uri)
    if uri in SCHEMELESS:
        return open_remote(uri, leave)
    if match is None or os.path.lexists(uri):
        return open_path(uri, leave)
    scheme = match[1].lower()
    if scheme not in OPENERS:
        # Says in a sentence what it does not know; what it knows and we do not is a plugin of MLflow's.
        opener_for(scheme)
        return open_remote(uri, leave)
    return OPENERS[scheme](uri, leave)


def open_file_uri(uri: str, leave: Leave) -> Writer:
    """The tree of files in the folder of a `file:` address."""
    path = uri.partition(":")[2] or TREE
    if path.startswith("//"):
        host, slash, rest = path[2:].partition("/")
        if host not in ("", "localhost"):
            raise UsageError(f"{redact(uri)} names another machine.")
        path = f"{slash}{rest}"
    decoded = unquote(path)
    return open_path(path if os.path.lexists(path) and not os.path.lexists(decoded) else decoded, leave)


def open_path(text: str, leave: Leave) -> Writer:
    """The store at a path, or a tree of files to be made there."""
    from qtui.store.files.writer import FileWriter

    path = Path(os.path.expanduser(text)).absolute()
    if not os.path.lexists(path) or is_new_folder(path):
        return FileWriter(path)
    place = existing(text)
    return FileWriter(place.path) if place.kind == "files" else open_database(f"sqlite:///{place.path}", leave)


def is_new_folder(path: Path) -> bool:
    """Whether a folder may become a store: it holds only the beginning of one, or files of git.

    An `mlruns` may also hold the artifacts of a database, in folders named by the ids of its experiments.
    """
    if not path.is_dir() or not os.access(path, os.R_OK):
        return False
    others = set(os.listdir(path)) - {TRASH, FIRST_EXPERIMENT, *GIT_FILES}
    return all(path.name == TREE and name.isdecimal() and (path / name).is_dir() for name in others)


def open_database(uri: str, leave: Leave) -> Writer:
    """A database."""
    from qtui.store.sql.writing.writer import SqlWriter

    return SqlWriter(uri, allow_migrate=leave.allow_migrate, keep_schema=leave.keep_schema)


def open_remote(uri: str, leave: Leave) -> Writer:
    """The store behind MLflow's own client."""
    from qtui.store.remote.writer import RemoteWriter

    return RemoteWriter(uri)


def refuse_sql_server(uri: str, leave: Leave) -> Writer:
    """MLflow itself would open this database, but may migrate it by that."""
    raise UsageError(
        f"qtui cannot write {redact(uri)} itself: start `mlflow server` over it and name that server's address."
    )


OPENERS: Mapping[str, Opener] = {
    "file": open_file_uri,
    "sqlite": open_database,
    "postgresql": open_database,
    "postgres": open_database,
    "mysql": open_database,
    "mssql": refuse_sql_server,
    "http": open_remote,
    "https": open_remote,
    "databricks": open_remote,
    "databricks-uc": open_remote,
    "uc": open_remote,
}
"""What opens the addresses of each scheme."""
