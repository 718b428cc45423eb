"""Reading a store changes no byte, file, folder or modification time."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

import qtui
from qtui.entities import ViewType
from qtui.errors import QtuiError
from qtui.query.order import parse_order
from qtui.query.parser import parse_filter
from qtui.store import open_store
from qtui.store.protocol import RunQuery, Store
from tests.stores.specimens import FOR_COMMANDS, SPECIMENS

FolderState = Mapping[str, tuple[int, int, str]]


def folder_state(folder: Path) -> FolderState:
    """Return mode, modification time and content of a folder and everything in it."""
    return {
        path.relative_to(folder).as_posix(): (path.lstat().st_mode, path.lstat().st_mtime_ns, _content(path))
        for path in (folder, *folder.rglob("*"))
    }


def _content(path: Path) -> str:
    if path.is_symlink():
        return os.readlink(path)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


FILTER = "metrics.ic > 0 OR params.lr = '0.1' OR best(metrics.loss) < 1"
COMMANDS = (
    ("experiments", "--view", "all", "--json"),
    ("runs", "--filter", FILTER, "--sort", "metrics.ic DESC"),
    ("runs", "--view", "all", "--json"),
    ("show", "RUN"),
    ("history", "RUN", "ic"),
    ("artifacts", "RUN", "-r"),
    ("doctor",),
)


@dataclass(frozen=True)
class ExampleStore:
    """A folder that contains one store."""

    folder: Path
    uri: str
    is_intact: bool


@pytest.fixture(params=SPECIMENS)
def example(request: pytest.FixtureRequest, tmp_path: Path) -> ExampleStore:
    """Return a store of every kind, with old modification times, so that any change is visible."""
    folder = tmp_path / "store"
    folder.mkdir()
    uri = SPECIMENS[request.param](folder)
    for path in (folder, *folder.rglob("*")):
        os.utime(path, ns=(10**18, 10**18), follow_symlinks=False)
    return ExampleStore(folder, uri, is_intact="damaged" not in request.param)


@pytest.mark.parametrize("example", FOR_COMMANDS, indirect=True)
def test_commands_that_read_do_not_change_the_store(example: ExampleStore, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(Path(qtui.__file__).parent.parent)}
    before = folder_state(example.folder)
    run_id = _odd_run(example.uri)
    for command in COMMANDS:
        words = [run_id if word == "RUN" else word for word in command]
        called = [sys.executable, "-m", "qtui", "--uri", example.uri, *words]
        done = subprocess.run(called, cwd=elsewhere, env=environment, capture_output=True, text=True)
        assert done.returncode == 0 or (not example.is_intact and "Traceback" not in done.stderr), (
            command,
            done.stderr,
        )
        assert folder_state(example.folder) == before, command
        assert not list(elsewhere.iterdir()), command


def test_the_library_does_not_change_the_store(example: ExampleStore, tmp_path: Path) -> None:
    before = folder_state(example.folder)
    ignored_errors = () if example.is_intact else (QtuiError,)
    with suppress(*ignored_errors), closing(open_store(example.uri, cache=tmp_path / "cache")) as store:
        for operation in (_list_all, _read_all, _search, _read_run_details, _examine):
            with suppress(*ignored_errors):
                operation(store)
            assert folder_state(example.folder) == before, operation
    assert folder_state(example.folder) == before


def _odd_run(uri: str) -> str:
    """Return the id of the run with artifacts, or an unknown id if it is unreadable."""
    with suppress(QtuiError), closing(open_store(uri)) as store:
        for run in store.search(RunQuery(filter=parse_filter("run_name LIKE 'odd%'"))).runs:
            return run.info.run_id
    return "0" * 32


def _list_all(store: Store) -> None:
    for view in ViewType:
        store.experiments(view)
    store.counts()


def _read_all(store: Store) -> None:
    for batch in store.infos(view=ViewType.ALL):
        list(store.runs(batch.items))


def _search(store: Store) -> None:
    orders = (parse_order("metrics.ic DESC"), parse_order("params.lr"))
    store.search(RunQuery(view=ViewType.ALL, filter=parse_filter(FILTER), order_by=orders, offset=1, limit=3))


def _read_run_details(store: Store) -> None:
    for run in store.search(RunQuery(view=ViewType.ALL)).runs:
        for key in run.metrics:
            store.history(run.info, key)
        store.find(run.info.run_id[:6])
        store.artifact_root(run.info)
        store.last_write(run.info)
        store.artifacts(run.info)


def _examine(store: Store) -> None:
    list(store.examine())
