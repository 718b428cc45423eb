"""Finds out which store is to be written into; only what is written makes a store that is not there."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import unquote

from qtui.errors import StoreUnwritable, UsageError
from qtui.store.locate import SCHEME, existing
from qtui.store.places import TREE
from qtui.store.writer import Writer
from qtui.text import redact

Opener = Callable[[str, bool], Writer]
"""Opens an address for writing; MLflow may be allowed to migrate a database."""


def open_writer(uri: str, *, allow_migrate: bool = False) -> Writer:
    """The writer of the store at an address in any of MLflow's forms, or in a folder that is simply named."""
    match = SCHEME.match(uri)
    if match is None or os.path.lexists(uri):
        return open_path(uri, allow_migrate)
    scheme = match[1].lower()
    if scheme not in OPENERS:
        raise UsageError(f"{redact(uri)} is of no kind that can be written into.")
    return OPENERS[scheme](uri, allow_migrate)


def open_file_uri(uri: str, allow_migrate: bool) -> Writer:
    """The tree of files in the folder of a `file:` address."""
    path = uri.partition(":")[2] or TREE
    if path.startswith("//"):
        host, slash, rest = path[2:].partition("/")
        if host not in ("", "localhost"):
            raise UsageError(f"{redact(uri)} names another machine.")
        path = f"{slash}{rest}"
    decoded = unquote(path)
    return open_path(decoded if os.path.lexists(decoded) or not os.path.lexists(path) else path, allow_migrate)


def open_path(text: str, allow_migrate: bool) -> Writer:
    """The store at a path, or a tree of files to be made there."""
    from qtui.store.files.writer import FileWriter

    path = Path(os.path.expanduser(text)).absolute()
    if not os.path.lexists(path) or is_empty_folder(path):
        return FileWriter(path)
    place = existing(text)
    if place.kind != "files":
        raise StoreUnwritable(f"{place.path} is a database.")
    return FileWriter(place.path)


def is_empty_folder(path: Path) -> bool:
    """Whether a folder has nothing in it, and may become a store."""
    return path.is_dir() and os.access(path, os.R_OK) and not os.listdir(path)


OPENERS: Mapping[str, Opener] = {"file": open_file_uri}
"""What opens the addresses of each scheme."""
