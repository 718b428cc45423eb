"""Stores that a screen has trouble with: what they are, and what the screen says of each."""

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

Trouble = Callable[[Path], AbstractContextManager[str]]


def specimen(name: str) -> Trouble:
    """One of the stores that all kinds of tests are run over."""
    return lambda folder: nullcontext(SPECIMENS[name](folder))


def tree_with(damage: Callable[[Path], object], folder: Path) -> AbstractContextManager[str]:
    """A tree of a good run and of one that something is done to."""
    tree = Tree(folder / "mlruns")
    tree.experiment()
    tree.run("good")
    damage(tree.run("bad"))
    return nullcontext(f"file://{folder}/mlruns")


def piped(run: Path) -> None:
    """Its description is a named pipe, which a plain read would wait at for ever."""
    (run / "meta.yaml").unlink()
    os.mkfifo(run / "meta.yaml")


def closed(run: Path) -> None:
    """Its folder may not be entered; whoever may everything finds a link that leads in a circle instead."""
    if os.getuid():
        run.chmod(0)
    else:
        (run / "meta.yaml").unlink()
        (run / "meta.yaml").symlink_to("meta.yaml")


def nowhere(folder: Path) -> AbstractContextManager[str]:
    """Return the path of a store that does not exist."""
    return nullcontext(str(folder / "nowhere"))


def empty(folder: Path) -> AbstractContextManager[str]:
    """A store that nothing has been written into."""
    Tree(folder / "mlruns").experiment("0", name="Default")
    return nullcontext(f"file://{folder}/mlruns")


@contextmanager
def locked(folder: Path) -> Iterator[str]:
    """A database that somebody keeps writing to."""
    uri = database(folder)
    with closing(sqlite3.connect(folder / "mlflow.db", isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        yield uri


@contextmanager
def served(answer: Callable[[BaseHTTPRequestHandler], None], folder: Path) -> Iterator[str]:
    """A tracking server that does the same whatever it is asked."""
    with serving(answer) as address:
        yield f"http://someone:hunter2@{address}"


@contextmanager
def gone_server(folder: Path) -> Iterator[str]:
    """A tracking server that has died."""
    with serving(say(200, b"{}")) as address:
        pass
    yield f"http://someone:hunter2@{address}"


def silent(request: BaseHTTPRequestHandler) -> None:
    """Listen, and say nothing."""
    while not request.server.closing.wait(0.05):
        time.sleep(0)


TROUBLES: Mapping[str, tuple[Trouble, str]] = {
    "nowhere": (nowhere, "does not exist"),
    "empty": (empty, "no runs yet"),
    "named pipe": (partial(tree_with, piped), "1 problem"),
    "closed folder": (partial(tree_with, closed), "1 problem"),
    "half a database": (specimen("damaged sqlite"), "is damaged"),
    "locked database": (locked, "is locked by another program"),
    "dead server": (gone_server, "nothing listens"),
    "broken server": (partial(served, say(500, b"oops")), "cannot answer"),
    "login page": (partial(served, say(200, b"<html>Log in</html>", "text/html")), "The store cannot be read."),
}
"""Each trouble, and words that the screen has for it."""

ENDLESS: Mapping[str, Trouble] = {
    "a server that never answers": partial(served, silent),
    "a server whose answer never ends": partial(served, never_end),
    "a locked database": locked,
}
"""Stores that a screen waits for."""
