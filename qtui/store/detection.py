"""Looks at a place on disk and says which store it is, in one sentence if it is none."""

from __future__ import annotations

import os
import stat
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

from qtui.errors import StoreNotFound, StoreUnreadable

TREE = "mlruns"
DATABASE = "mlflow.db"
META = "meta.yaml"
TRASH = ".trash"
MODELS = "models"
DATABASE_MAGIC = b"SQLite format 3\0"
EXPERIMENT_MARK = b"artifact_location:"
RUN_MARK = b"artifact_uri:"
LOOKED_AT = 1000
"""How many entries of a folder are looked at before it is taken for something else."""


class Place(NamedTuple):
    """A store on disk: the folder of a tree of files, or a database file."""

    kind: Literal["files", "sqlite"]
    path: Path


def place_at(path: Path) -> Place:
    """The store at this path, or in this folder."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return place_in(path)
        if stat.S_ISREG(mode):
            return database_at(path)
    except (FileNotFoundError, NotADirectoryError):
        raise StoreNotFound(f"There is nothing at {path}.{did_you_mean(path)}") from None
    except PermissionError:
        raise StoreUnreadable(f"You are not allowed to read {path}.") from None
    except (OSError, ValueError) as error:
        raise StoreNotFound(f"{path} cannot be looked at: {error}.") from None
    raise StoreNotFound(f"{path} is neither a folder nor a file.")


def place_in(folder: Path) -> Place:
    """The store that a folder is, or the one it holds; a tree of files goes before a database, as in MLflow."""
    if whole := store_around(folder):
        raise StoreNotFound(f"{folder} is a part of the store {whole}. Open the whole store: --uri {whole}")
    for tree in (folder, folder / TREE):
        if is_tree(tree):
            return Place("files", tree)
    if is_file(folder / DATABASE):
        return database_at(folder / DATABASE)
    if not os.listdir(folder):
        raise StoreNotFound(f"{folder} is empty: there is no store in it.")
    raise StoreNotFound(f"{folder} is no store: it holds no experiments, no {TREE} folder with any, and no {DATABASE}.")


def database_at(path: Path) -> Place:
    """The database in this file."""
    with path.open("rb") as file:
        magic = file.read(len(DATABASE_MAGIC))
    if not magic:
        raise StoreNotFound(f"{path} is an empty file, no database.")
    if magic != DATABASE_MAGIC:
        raise StoreNotFound(f"{path} is not an SQLite database.")
    return Place("sqlite", path)


def is_tree(folder: Path) -> bool:
    """Whether a folder is the top of MLflow's tree of files, be it empty or damaged.

    A folder of artifacts beside a database has the same shape, but not one description in it.
    """
    if not folder.is_dir():
        return False
    names = set(os.listdir(folder))
    if TRASH in names and names <= {TRASH, MODELS}:
        return True
    children = subfolders(folder)
    if any(EXPERIMENT_MARK in head_of(each / META) for each in (*children, *subfolders(folder / TRASH))):
        return True
    numbered = (each for each in children if each.name.isdecimal())
    return any(is_file(run / META) for each in numbered for run in subfolders(each))


def subfolders(folder: Path) -> list[Path]:
    """The folders in a folder, of its first entries; none if it is none."""
    if not folder.is_dir():
        return []
    return [each for each in islice(folder.iterdir(), LOOKED_AT) if each.is_dir()]


def store_around(folder: Path) -> Path | None:
    """The store that this folder is a run or an experiment of."""
    description = head_of(folder / META)
    if EXPERIMENT_MARK in description:
        above = folder.parent
    elif RUN_MARK in description:
        above = folder.parent.parent
    else:
        return None
    return above.parent if above.name == TRASH else above


def head_of(path: Path) -> bytes:
    """The beginning of a file; nothing if there is no such file."""
    if not is_file(path):
        return b""
    with path.open("rb") as file:
        return file.read(4096)


def is_file(path: Path) -> bool:
    """Whether this is an ordinary file; a pipe or a device would never end."""
    return path.is_file()


def did_you_mean(path: Path) -> str:
    """A question after the entry beside a missing one that it is most like, if there is one."""
    try:
        names = os.listdir(path.parent)[:LOOKED_AT]
    except (OSError, ValueError):
        return ""
    close = get_close_matches(path.name, names, n=1)
    return f" Did you mean {path.parent / close[0]}?" if close else ""
