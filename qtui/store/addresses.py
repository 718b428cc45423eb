"""Parse store addresses, and open the stores: `STORE_KINDS` has one row for every kind of store.

Opening and parsing create, migrate and import nothing that the store does not need.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import unquote

from qtui.errors import StoreNotFound, UsageError
from qtui.lazy_pattern import lazy_pattern
from qtui.store.detection import META, TRASH, TREE, detect_store
from qtui.store.environment import absolute_path, default_uri, working_folder
from qtui.store.protocol import Store
from qtui.text import redact
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from qtui.store.writer import Writer

SCHEME = re.compile(r"([a-z][a-z0-9.-]*)(\+\w+)?:", re.IGNORECASE)
SQLITE = lazy_pattern(r"sqlite(\+\w+)?://(/(?P<path>[^?]*)(\?.*)?)?", re.IGNORECASE)
RELATIVE_SQLITE = "sqlite:///"
COMBINED, SEPARATOR = "stores:", " + "
"""The scheme of several stores as one, and what separates their addresses."""
FIRST_EXPERIMENT = "0"
GIT_FILES = frozenset({".gitkeep", ".gitignore"})


@dataclass(frozen=True, slots=True)
class Address:
    """A parsed store address."""

    kind: str
    """The key of its row in `STORE_KINDS`."""
    uri: str
    """The address as the user wrote it."""
    path: Path | None = None
    """The absolute path of the file or folder, for kinds on disk."""

    @property
    def local_path(self) -> Path:
        """The path; only for kinds on disk."""
        assert self.path is not None
        return self.path


@dataclass(frozen=True, slots=True)
class SchemaPolicy:
    """How to write to a database that an older MLflow made: by default not at all."""

    allow_migrate: bool = False
    """Migrate it to the schema of the installed MLflow."""
    keep_schema: bool = False
    """Write it in the schema that it has."""


@dataclass(frozen=True, slots=True)
class StoreKind:
    """The schemes of one kind of store, and the functions that open it."""

    schemes: tuple[str, ...]
    open: Callable[[Address, Path | None], Store]
    """Open an existing store for reading, with a folder for its cache or None."""
    open_writer: Callable[[Address, SchemaPolicy], Writer]
    """Open a store for writing. A store that does not exist is created with its first experiment."""
    parse_path: Callable[[str], Path] | None = None
    """Return the local path in an address, for kinds on disk."""
    words: tuple[str, ...] = ()
    """Complete addresses that have no colon."""


def open_store(uri: str | None = None, *, cache: Path | None = None) -> Store:
    """Open a store for reading.

    `uri` is an address in any of MLflow's forms, a folder or a database file; None means the default store.
    `cache` is a folder for cached values. Raise StoreNotFound or UsageError when there is no such store.
    """
    address = parse_address(uri or default_uri(os.environ, working_folder()))
    return STORE_KINDS[address.kind].open(address, cache)


def open_writer(uri: str, *, allow_migrate: bool = False, keep_schema: bool = False) -> Writer:
    """Open a store for writing; it is created with its first experiment if it does not exist.

    A database that an older MLflow made is refused, unless `allow_migrate` or `keep_schema` says how to write it.
    """
    address = parse_address(uri)
    return STORE_KINDS[address.kind].open_writer(address, SchemaPolicy(allow_migrate, keep_schema))


def parse_address(uri: str) -> Address:
    """Parse an address; a text without a scheme, or an existing file of that name, is a local path.

    Raise UsageError for a scheme that neither qtui nor a plugin of the installed MLflow supports.
    """
    for name, kind in STORE_KINDS.items():
        if uri in kind.words:
            return Address(name, uri)
    match = SCHEME.match(uri)
    if match is None or os.path.lexists(uri):
        return Address("local", uri, local_address_path(uri))
    name = kind_of_scheme(match[1].lower())
    parse_path = STORE_KINDS[name].parse_path
    return Address(name, uri, parse_path(uri) if parse_path else None)


def kind_of_scheme(scheme: str) -> str:
    """Return the key of the row for a scheme; MLflow's client opens the schemes of MLflow plugins."""
    kinds = {scheme: name for name, kind in STORE_KINDS.items() for scheme in kind.schemes}
    if scheme in kinds:
        return kinds[scheme]
    from importlib.metadata import entry_points

    if scheme in entry_points(group="mlflow.tracking_store").names:
        return "remote"
    from difflib import get_close_matches

    matches = get_close_matches(scheme, kinds, n=1)
    suggestion = f" Did you mean {matches[0]}:?" if matches else ""
    raise UsageError(f"{scheme}: is not a store address that qtui or the installed MLflow supports.{suggestion}")


def is_on_disk(uri: str) -> bool:
    """Return whether an address names a folder or a file of this machine."""
    try:
        return parse_address(uri).path is not None
    except UsageError:
        return False


def absolute_uri(uri: str, folder: Path | None) -> str:
    """Return an address that does not depend on the working folder; relative paths start at `folder`."""
    scheme, colon, path = uri.partition(":")
    if any(uri in kind.words for kind in STORE_KINDS.values()):
        return uri
    if not colon:
        return f"file:{absolute_path(os.path.expanduser(uri), folder)}"
    if scheme == "file" and not path.startswith("/"):
        return f"file:{absolute_path(path, folder)}"
    if uri.startswith(RELATIVE_SQLITE) and not uri.startswith(f"{RELATIVE_SQLITE}/"):
        return f"{RELATIVE_SQLITE}{absolute_path(uri.removeprefix(RELATIVE_SQLITE), folder)}"
    return uri


def combined_uri(uris: Sequence[str]) -> str:
    """Return the address of several stores as one store."""
    for uri in uris:
        if SEPARATOR in uri:
            raise UsageError(f"{redact(uri)} cannot be opened beside another store, because it contains {SEPARATOR!r}.")
    return uris[0] if len(uris) == 1 else COMBINED + SEPARATOR.join(uris)


def split_uri(uri: str) -> tuple[str, ...]:
    """Return the addresses in the address of a combined store."""
    return tuple(dict.fromkeys(uri.removeprefix(COMBINED).split(SEPARATOR)))


def local_address_path(text: str) -> Path:
    """Return an absolute path; `~` is the home folder unless a file of that name exists."""
    if text.startswith("~") and not os.path.lexists(text):
        text = os.path.expanduser(text)
    return absolute_path(text, working_folder())


def parse_file_path(uri: str) -> Path:
    """Return the path in a `file:` address, which MLflow takes as percent-encoded."""
    path = uri.partition(":")[2] or TREE
    if path.startswith("//"):
        host, slash, rest = path[2:].partition("/")
        if host not in ("", "localhost"):
            local = redact(uri).replace("//", "", 1)
            raise UsageError(f"{redact(uri)} names another machine. For a folder of this machine, write {local}")
        path = f"{slash}{rest}"
    decoded = unquote(path)
    return local_address_path(path if os.path.lexists(path) and not os.path.lexists(decoded) else decoded)


def parse_sqlite_path(uri: str) -> Path:
    """Return the path in a `sqlite:` address."""
    match = SQLITE.fullmatch(uri)
    if match is None:
        raise UsageError(
            f"{redact(uri)} is not a database address. Write sqlite:///relative.db or sqlite:////absolute.db"
        )
    if match["path"] in (None, "", ":memory:"):
        raise UsageError(f"{redact(uri)} is an in-memory database. Name a file: {RELATIVE_SQLITE}mlflow.db")
    return local_address_path(match["path"])


def open_local(address: Address, cache: Path | None) -> Store:
    """Open the file store or the database at a path."""
    store = detect_store(address.local_path)
    if store.kind == "sqlite":
        return open_database(Address("sqlite", f"sqlite:///{store.path}"), cache)
    from qtui.store.files import FileStore

    return FileStore(store.path, cache=cache)


def open_local_writer(address: Address, policy: SchemaPolicy) -> Writer:
    """Open the file store or the database at a path for writing; a file store can be created there."""
    from qtui.store.files.writing.writer import FileWriter

    path = address.local_path
    if not os.path.lexists(path) or can_become_file_store(path):
        return FileWriter(path)
    store = detect_store(path)
    if store.kind == "sqlite":
        return open_database_writer(Address("sqlite", f"sqlite:///{store.path}"), policy)
    return FileWriter(store.path)


def can_become_file_store(path: Path) -> bool:
    """Return whether a file store can be created in a folder: it contains at most a new store, or files of git.

    An `mlruns` folder may also contain other files, and the artifacts of a database in folders named by experiment IDs.
    """
    if not path.is_dir() or not os.access(path, os.R_OK):
        return False
    others = set(os.listdir(path)) - {TRASH, FIRST_EXPERIMENT, *GIT_FILES}
    if path.name != TREE:
        return not others
    return META not in others and all(name.isdecimal() or not (path / name).is_dir() for name in others)


def open_sqlite(address: Address, cache: Path | None) -> Store:
    """Open an SQLite database."""
    store = detect_store(address.local_path)
    if store.kind != "sqlite":
        raise StoreNotFound(f"{store.path} is a file store, not a database. Open it with --uri {store.path}")
    return open_database(Address("sqlite", f"sqlite:///{store.path}"), cache)


def open_database(address: Address, cache: Path | None) -> Store:
    from qtui.store.sql import SqlStore

    return SqlStore(address.uri)


def open_database_writer(address: Address, policy: SchemaPolicy) -> Writer:
    """Open a database for writing."""
    from qtui.store.sql.writing.writer import SqlWriter

    return SqlWriter(address.uri, allow_migrate=policy.allow_migrate, keep_schema=policy.keep_schema)


def open_remote(address: Address, cache: Path | None) -> Store:
    """Open a store through MLflow's client."""
    from qtui.store.remote import RemoteStore

    return RemoteStore(address.uri)


def open_remote_writer(address: Address, policy: SchemaPolicy) -> Writer:
    """Open a store for writing through MLflow's client."""
    from qtui.store.remote.writer import RemoteWriter

    return RemoteWriter(address.uri)


def open_memory(address: Address, cache: Path | None) -> Store:
    """Open the in-memory store of this address in this process."""
    from qtui.store.memory_writer import shared_memory_store

    return shared_memory_store(address.uri)


def open_memory_writer(address: Address, policy: SchemaPolicy) -> Writer:
    """Open the same in-memory store for writing."""
    from qtui.store.memory_writer import shared_memory_store

    return shared_memory_store(address.uri)


def open_combined(address: Address, cache: Path | None) -> Store:
    """Open several stores as one."""
    from qtui.store.combined import CombinedStore, StorePart, store_labels

    uris = split_uri(address.uri)
    parts = [
        StorePart(label, open_store(uri, cache=cache)) for label, uri in zip(store_labels(uris), uris, strict=True)
    ]
    return CombinedStore(address.uri, parts)


def open_combined_writer(address: Address, policy: SchemaPolicy) -> Writer:
    """Open several stores for writing."""
    from qtui.store.combined import CombinedStore
    from qtui.store.combined_writer import CombinedWriter

    store = open_combined(address, None)
    assert isinstance(store, CombinedStore)
    return CombinedWriter(
        store, lambda uri: open_writer(uri, allow_migrate=policy.allow_migrate, keep_schema=policy.keep_schema)
    )


def refuse_database(address: Address, options: object) -> NoReturn:
    """Refuse a database that MLflow would migrate on opening."""
    raise UsageError(
        f"qtui cannot open {redact(address.uri)} directly. "
        "Start `mlflow server` with this database and use the address of the server."
    )


STORE_KINDS: Mapping[str, StoreKind] = {
    "local": StoreKind(("file",), open_local, open_local_writer, parse_file_path),
    "sqlite": StoreKind(("sqlite",), open_sqlite, open_database_writer, parse_sqlite_path),
    "database": StoreKind(("postgresql", "postgres", "mysql"), open_database, open_database_writer),
    "mssql": StoreKind(("mssql",), refuse_database, refuse_database),
    "remote": StoreKind(
        ("http", "https", "databricks", "databricks-uc", "uc"),
        open_remote,
        open_remote_writer,
        words=("databricks", "databricks-uc"),
    ),
    "memory": StoreKind(("memory",), open_memory, open_memory_writer),
    "combined": StoreKind(("stores",), open_combined, open_combined_writer),
}
"""Every kind of store. A new kind is a row here and the module that it opens."""
