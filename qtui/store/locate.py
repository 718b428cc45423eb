"""Finds out which store is meant and opens it; nothing is created, migrated or imported needlessly by that."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import unquote

from qtui.errors import SettingsError, StoreNotFound, UsageError
from qtui.store.detection import DATABASE, TREE, Place, is_tree, place_at
from qtui.store.protocol import Store
from qtui.text import redact

VARIABLES = ("QTUI_URI", "QLIB_MLFLOW_URI", "QLIB_MLFLOW", "MLFLOW_TRACKING_URI")
"""Environment variables that name the store, the first that is set first."""
QLIB_VARIABLE = "QLIB_MLFLOW"
"""Qlib's settings as JSON: an object with `uri` and `default_exp_name`."""

SCHEME = re.compile(r"([a-z][a-z0-9.-]*)(\+\w+)?:", re.IGNORECASE)
SQLITE = re.compile(r"sqlite(\+\w+)?://(/(?P<path>[^?]*)(\?.*)?)?", re.IGNORECASE)

Opener = Callable[[str, Path | None], Store]
"""Opens the store at an address, with a folder for its cache or none."""


def default_uri(environ: Mapping[str, str], folder: Path, setting: str | None = None) -> str:
    """Return the address of the store when none is given, for reading and for recording.

    The order is: the environment, a store in the folder, the user's setting. `StoreNotFound` if there is none of them.
    """
    if uri := environment_uri(environ):
        return uri
    if may_be_tree(folder / TREE):
        return f"file:{folder / TREE}"
    if (folder / DATABASE).is_file():
        return f"sqlite:///{folder / DATABASE}"
    if setting:
        return setting
    raise StoreNotFound(
        f"No store is named, and {folder} holds neither an {TREE} folder with experiments nor an {DATABASE}. "
        "Name one with --uri or QTUI_URI, or try a sample: qtui demo"
    )


def environment_uri(environ: Mapping[str, str]) -> str | None:
    """Return the address that the environment names."""
    for variable in VARIABLES:
        uri = qlib_settings(environ).get("uri") if variable == QLIB_VARIABLE else environ.get(variable)
        if uri:
            return uri
    return None


def qlib_settings(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Return Qlib's settings for its recorder; `SettingsError` when they are not JSON."""
    text = environ.get(QLIB_VARIABLE, "")
    if not text:
        return {}
    try:
        return {str(key): str(value) for key, value in json.loads(text).items()}
    except (ValueError, AttributeError):
        raise SettingsError(f"{QLIB_VARIABLE} is no JSON object: {redact(text)}") from None


def may_be_tree(folder: Path) -> bool:
    """Whether a folder is a tree of files, or cannot be looked into: opening it will then say why."""
    try:
        return is_tree(folder)
    except OSError:
        return True


def open_store(uri: str | None = None, *, cache: Path | None = None) -> Store:
    """The store at an address in any of MLflow's forms, or in a folder or a database file that is simply named."""
    uri = uri or default_uri(os.environ, Path.cwd())
    match = SCHEME.match(uri)
    if uri in SCHEMELESS:
        return SCHEMELESS[uri](uri, cache)
    if match is None or os.path.lexists(uri):
        return open_place(existing(uri), cache)
    return opener_for(match[1].lower())(uri, cache)


def is_on_disk(uri: str) -> bool:
    """Whether an address is of a folder or a file of this machine."""
    match = SCHEME.match(uri)
    if uri in SCHEMELESS:
        return False
    return match is None or os.path.lexists(uri) or match[1].lower() in ("file", "sqlite")


def opener_for(scheme: str) -> Opener:
    """What opens addresses of this scheme: qtui itself, or a plugin of the installed MLflow."""
    if scheme in OPENERS:
        return OPENERS[scheme]
    from importlib.metadata import entry_points

    if scheme in entry_points(group="mlflow.tracking_store").names:
        return open_remote
    close = get_close_matches(scheme, OPENERS, n=1)
    guess = f" Did you mean {close[0]}:?" if close else ""
    raise UsageError(f"{scheme}: is no kind of store that qtui or the installed MLflow knows.{guess}")


def open_file_uri(uri: str, cache: Path | None) -> Store:
    """The store in the folder of a `file:` address, which MLflow takes to be percent-encoded."""
    path = uri.partition(":")[2] or TREE
    if path.startswith("//"):
        host, slash, rest = path[2:].partition("/")
        if host not in ("", "localhost"):
            folder = redact(uri).replace("//", "", 1)
            raise UsageError(f"{redact(uri)} names another machine. A folder of this one is {folder}")
        path = f"{slash}{rest}"
    decoded = unquote(path)
    return open_place(existing(decoded if os.path.lexists(decoded) else path), cache)


def open_sqlite(uri: str, cache: Path | None) -> Store:
    """The store in the database file of an `sqlite:` address."""
    match = SQLITE.fullmatch(uri)
    if match is None:
        raise UsageError(
            f"{redact(uri)} is not the address of a database: write sqlite:///relative.db or sqlite:////absolute.db"
        )
    if match["path"] in (None, "", ":memory:"):
        raise UsageError(f"{redact(uri)} is a database in memory: there is nothing in it to look at.")
    place = existing(match["path"])
    if place.kind != "sqlite":
        raise StoreNotFound(f"{place.path} is a tree of files, no database: --uri {place.path}")
    return open_place(place, cache)


def open_server(uri: str, cache: Path | None) -> Store:
    """The store in a database that a server holds."""
    from qtui.store.sql import SqlStore

    return SqlStore(uri)


def open_remote(uri: str, cache: Path | None) -> Store:
    """The store behind MLflow's own client."""
    from qtui.store.remote import RemoteStore

    return RemoteStore(uri)


def refuse_sql_server(uri: str, cache: Path | None) -> Store:
    """MLflow itself would open this database, but may migrate it by that."""
    raise UsageError(
        f"qtui cannot read {redact(uri)} itself: start `mlflow server` over it and name that server's address."
    )


def existing(text: str) -> Place:
    """The store at a path as a user writes it."""
    path = Path(text)
    if not os.path.lexists(path) and text.startswith("~"):
        path = Path(os.path.expanduser(text))
    return place_at(path.absolute())


def open_place(place: Place, cache: Path | None) -> Store:
    """The store at a place on disk."""
    if place.kind == "sqlite":
        return open_server(f"sqlite:///{place.path}", cache)
    from qtui.store.files import FileStore

    return FileStore(place.path, cache=cache)


OPENERS: Mapping[str, Opener] = {
    "file": open_file_uri,
    "sqlite": open_sqlite,
    "postgresql": open_server,
    "postgres": open_server,
    "mysql": open_server,
    "mssql": refuse_sql_server,
    "http": open_remote,
    "https": open_remote,
    "databricks": open_remote,
    "databricks-uc": open_remote,
    "uc": open_remote,
}
"""What opens the addresses of each scheme."""

SCHEMELESS: Mapping[str, Opener] = {"databricks": open_remote, "databricks-uc": open_remote}
"""Addresses of one word."""
