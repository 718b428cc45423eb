"""Stores with problems, and the words that the screen shows for each of them."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from tests.stores.files.tree import Tree
from tests.stores.remote.hostile import never_end, say, serving
from tests.stores.specimens import SPECIMENS, database

MakeStore = Callable[[Path], AbstractContextManager[str]]


def specimen(name: str) -> MakeStore:
    """Return a maker of one of the shared stores."""
    return lambda folder: nullcontext(SPECIMENS[name](folder))


def tree_with(damage: Callable[[Path], object], folder: Path) -> AbstractContextManager[str]:
    """Make a file store with a good run and a damaged one."""
    tree = Tree(folder / "mlruns")
    tree.experiment()
    tree.run("good")
    damage(tree.run("bad"))
    return nullcontext(f"file://{folder}/mlruns")


def replace_meta_by_pipe(run: Path) -> None:
    """Replace `meta.yaml` by a named pipe, from which a plain read never returns."""
    (run / "meta.yaml").unlink()
    os.mkfifo(run / "meta.yaml")


def make_unreadable(run: Path) -> None:
    """Take away the permissions of the folder; for root, who needs none, make `meta.yaml` a link to itself."""
    if os.getuid():
        run.chmod(0)
    else:
        (run / "meta.yaml").unlink()
        (run / "meta.yaml").symlink_to("meta.yaml")


def missing(folder: Path) -> AbstractContextManager[str]:
    """Return the path of a store that does not exist."""
    return nullcontext(str(folder / "nowhere"))


def empty(folder: Path) -> AbstractContextManager[str]:
    """Make a store without runs."""
    Tree(folder / "mlruns").experiment("0", name="Default")
    return nullcontext(f"file://{folder}/mlruns")


@contextmanager
def locked(folder: Path) -> Iterator[str]:
    """Make a database that another connection has locked."""
    uri = database(folder)
    with closing(sqlite3.connect(folder / "mlflow.db", isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        yield uri


@contextmanager
def served(answer: Callable[[BaseHTTPRequestHandler], None], folder: Path) -> Iterator[str]:
    """Start a tracking server that gives the same answer to every request."""
    with serving(answer) as address:
        yield f"http://someone:hunter2@{address}"


@contextmanager
def gone_server(folder: Path) -> Iterator[str]:
    """Return the address of a tracking server that has stopped."""
    with serving(say(200, b"{}")) as address:
        pass
    yield f"http://someone:hunter2@{address}"


def silent(request: BaseHTTPRequestHandler) -> None:
    """Never answer a request."""
    while not request.server.closing.wait(0.05):
        time.sleep(0)


PROBLEMS: Mapping[str, tuple[MakeStore, str]] = {
    "missing": (missing, "does not exist"),
    "empty": (empty, "no runs yet"),
    "named pipe": (partial(tree_with, replace_meta_by_pipe), "1 problem"),
    "closed folder": (partial(tree_with, make_unreadable), "1 problem"),
    "half a database": (specimen("damaged sqlite"), "is damaged"),
    "locked database": (locked, "is locked by another program"),
    "dead server": (gone_server, "nothing listens"),
    "broken server": (partial(served, say(500, b"oops")), "cannot answer"),
    "login page": (partial(served, say(200, b"<html>Log in</html>", "text/html")), "The store cannot be read."),
}
"""The makers of stores with problems, and the words that the screen shows."""

ENDLESS: Mapping[str, MakeStore] = {
    "a server that never answers": partial(served, silent),
    "a server whose answer never ends": partial(served, never_end),
    "a locked database": locked,
}
"""The makers of stores that never answer."""
