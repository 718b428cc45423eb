"""Detect which store a local path holds, or explain why it holds none."""

from __future__ import annotations

import os
import stat
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

from qtui.errors import StoreNotFound, StoreUnreadable

TREE = "mlruns"
"""Default name of a folder with a file store."""
DATABASE = "mlflow.db"
"""Default name of a SQLite database."""
META = "meta.yaml"
TRASH = ".trash"
MODELS = "models"
SQLITE_MAGIC = b"SQLite format 3\0"
EXPERIMENT_KEY = b"artifact_location:"
"""Key that only the description of an experiment has."""
RUN_KEY = b"artifact_uri:"
"""Key that only the description of a run has."""
MAX_ENTRIES = 1000
"""Entries of a folder that are examined before it is taken for something else than a store."""
MAX_DESCRIPTION_BYTES = 4096
"""Bytes of a description that are searched for its keys."""


class LocalStore(NamedTuple):
    """A store on disk: the root folder of a file store, or a database file."""

    kind: Literal["files", "sqlite"]
    path: Path


def detect_store(path: Path) -> LocalStore:
    """Return the store at this path or in this folder.

    Raise StoreNotFound when there is none, StoreUnreadable when the path may not be read.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return detect_in_folder(path)
        if stat.S_ISREG(mode):
            return detect_database(path)
    except (FileNotFoundError, NotADirectoryError):
        raise StoreNotFound(f"{path} does not exist.{suggest_sibling(path)}") from None
    except PermissionError:
        raise StoreUnreadable(f"You are not allowed to read {path}.") from None
    except (OSError, ValueError) as error:
        raise StoreNotFound(f"{path} cannot be read: {error}.") from None
    raise StoreNotFound(f"{path} is neither a folder nor a file.")


def detect_in_folder(folder: Path) -> LocalStore:
    """Return the store that a folder is or contains; as in MLflow, a file store takes precedence over a database."""
    if parent := enclosing_store(folder):
        raise StoreNotFound(f"{folder} is a part of the store {parent}. Open the whole store: --uri {parent}")
    for tree in (folder, folder / TREE):
        if is_file_store(tree):
            return LocalStore("files", tree)
    if is_regular_file(folder / DATABASE):
        return detect_database(folder / DATABASE)
    if not os.listdir(folder):
        raise StoreNotFound(f"{folder} is empty and contains no store.")
    raise StoreNotFound(
        f"{folder} is not a store: it contains no experiments, no {TREE} folder with experiments, and no {DATABASE}."
    )


def detect_database(path: Path) -> LocalStore:
    """Return the SQLite database in this file."""
    with path.open("rb") as file:
        magic = file.read(len(SQLITE_MAGIC))
    if not magic:
        raise StoreNotFound(f"{path} is an empty file, not a database.")
    if magic != SQLITE_MAGIC:
        raise StoreNotFound(f"{path} is not an SQLite database.")
    return LocalStore("sqlite", path)


def is_file_store(folder: Path) -> bool:
    """Return whether a folder is the root of a file store, even if that is empty or damaged.

    The folder of artifacts beside a database has the same shape, but contains no descriptions.
    """
    if not folder.is_dir():
        return False
    names = set(os.listdir(folder))
    if TRASH in names and names <= {TRASH, MODELS}:
        return True
    children = subfolders(folder)
    experiments = (*children, *subfolders(folder / TRASH))
    if any(EXPERIMENT_KEY in read_description(experiment / META) for experiment in experiments):
        return True
    numbered = (child for child in children if child.name.isdecimal())
    return any(is_regular_file(run / META) for experiment in numbered for run in subfolders(experiment))


def subfolders(folder: Path) -> list[Path]:
    """Return the folders among the first entries of a folder; none if it is not a folder."""
    if not folder.is_dir():
        return []
    return [child for child in islice(folder.iterdir(), MAX_ENTRIES) if child.is_dir()]


def enclosing_store(folder: Path) -> Path | None:
    """Return the root of the file store in which this folder is an experiment or a run."""
    description = read_description(folder / META)
    if EXPERIMENT_KEY in description:
        parent = folder.parent
    elif RUN_KEY in description:
        parent = folder.parent.parent
    else:
        return None
    return parent.parent if parent.name == TRASH else parent


def read_description(path: Path) -> bytes:
    """Return the beginning of a description; empty if there is no such file."""
    if not is_regular_file(path):
        return b""
    with path.open("rb") as file:
        return file.read(MAX_DESCRIPTION_BYTES)


def is_regular_file(path: Path) -> bool:
    """Return whether a path is a regular file: reading a pipe or a device may never end."""
    return path.is_file()


def suggest_sibling(path: Path) -> str:
    """Return " Did you mean …?" with the most similar name in the same folder, or an empty string."""
    try:
        names = os.listdir(path.parent)[:MAX_ENTRIES]
    except (OSError, ValueError):
        return ""
    from difflib import get_close_matches

    matches = get_close_matches(path.name, names, n=1)
    return f" Did you mean {path.parent / matches[0]}?" if matches else ""
