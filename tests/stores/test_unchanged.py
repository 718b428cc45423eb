"""Looking at a store changes nothing: no byte, no file, no folder, no modification time."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path

import pytest

from qtui.entities import View
from qtui.errors import QtuiError
from qtui.query.order import parse_order
from qtui.query.parser import parse_filter
from qtui.store import open_store
from qtui.store.protocol import RunQuery, Store
from tests.data.packing import unpack

ARCHIVES = Path(__file__).parent.parent / "data"
Trace = Mapping[str, tuple[int, int, str]]


def trace_of(folder: Path) -> Trace:
    """Mode, modification time and content of everything in a folder, and of the folder."""
    return {
        path.relative_to(folder).as_posix(): (path.lstat().st_mode, path.lstat().st_mtime_ns, _content(path))
        for path in (folder, *folder.rglob("*"))
    }


def _content(path: Path) -> str:
    if path.is_symlink():
        return os.readlink(path)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _files(folder: Path) -> str:
    unpack(ARCHIVES / "mlflow-3.17.2-file.tar.xz", folder)
    return f"file://{folder}/mlruns"


def _damaged_files(folder: Path) -> str:
    uri = _files(folder)
    metas = sorted(folder.glob("mlruns/[0-9]*/*/meta.yaml"))
    metas[0].write_bytes(b"")
    metas[1].write_bytes(b"run_id: [")
    metas[2].unlink()
    with next(folder.glob("mlruns/*/*/metrics/ic")).open("ab") as metric:
        metric.write(b"160000")
    next(folder.glob("mlruns/*/*/params/lr")).write_bytes("学习率".encode("gbk"))
    shutil.rmtree(next(folder.glob("mlruns/*/*/tags")))
    (folder / "mlruns" / ".ipynb_checkpoints").mkdir()
    (folder / "mlruns" / "loop").symlink_to(folder / "mlruns")
    return uri


def _sqlite(folder: Path, archive: str = "mlflow-3.17.2-sqlite") -> str:
    unpack(ARCHIVES / f"{archive}.tar.xz", folder)
    return f"sqlite:///{folder}/mlflow.db"


def _old_sqlite(folder: Path) -> str:
    return _sqlite(folder, "mlflow-1.30.1-sqlite")


def _settled_wal(folder: Path) -> str:
    """A database in WAL mode whose last writer closed it: no side files."""
    uri = _sqlite(folder)
    with sqlite3.connect(folder / "mlflow.db") as database:
        database.execute("PRAGMA journal_mode = WAL")
    database.close()
    return uri


def _killed_wal(folder: Path) -> str:
    """A database whose writer was killed: what it wrote last is in the side file only."""
    uri = _settled_wal(folder)
    writer = sqlite3.connect(folder / "mlflow.db")
    with writer:
        writer.execute("UPDATE params SET value = '0.5' WHERE key = 'lr'")
    left = {name: (folder / name).read_bytes() for name in ("mlflow.db", "mlflow.db-wal")}
    writer.close()
    for name, content in left.items():
        (folder / name).write_bytes(content)
    return uri


def _damaged_sqlite(folder: Path) -> str:
    uri = _sqlite(folder)
    database = folder / "mlflow.db"
    os.truncate(database, database.stat().st_size // 2)
    return uri


STORES: Mapping[str, Callable[[Path], str]] = {
    "files": _files,
    "damaged files": _damaged_files,
    "sqlite": _sqlite,
    "sqlite of MLflow 1": _old_sqlite,
    "sqlite, settled WAL": _settled_wal,
    "sqlite, killed writer's WAL": _killed_wal,
    "damaged sqlite": _damaged_sqlite,
}

FILTER = "metrics.ic > 0 OR params.lr = '0.1' OR best(metrics.loss) < 1"


@pytest.fixture(params=STORES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    """A folder with one store in it, and the store's URI; all is long past, so that any touch shows."""
    folder = tmp_path / "place"
    folder.mkdir()
    uri = STORES[request.param](folder)
    for path in (folder, *folder.rglob("*")):
        os.utime(path, ns=(10**18, 10**18), follow_symlinks=False)
    return folder, uri


def test_no_question_to_the_library_changes_the_store(place: tuple[Path, str], tmp_path: Path) -> None:
    folder, uri = place
    before = trace_of(folder)
    with suppress(QtuiError), closing(open_store(uri, cache=tmp_path / "cache")) as store:
        for question in (_list_all, _read_all, _search, _look_into_runs, _examine):
            with suppress(QtuiError):
                question(store)
            assert trace_of(folder) == before, question
    assert trace_of(folder) == before


def _list_all(store: Store) -> None:
    for view in View:
        store.experiments(view)
    store.counts()


def _read_all(store: Store) -> None:
    for batch in store.infos(view=View.ALL):
        list(store.runs(batch.items))


def _search(store: Store) -> None:
    orders = (parse_order("metrics.ic DESC"), parse_order("params.lr"))
    store.search(RunQuery(view=View.ALL, filter=parse_filter(FILTER), order_by=orders, offset=1, limit=3))


def _look_into_runs(store: Store) -> None:
    for run in store.search(RunQuery(view=View.ALL)).runs:
        for key in run.metrics:
            store.history(run.info, key)
        store.find(run.info.run_id[:6])
        store.artifact_root(run.info)
        store.last_write(run.info)
        store.artifacts(run.info)


def _examine(store: Store) -> None:
    list(store.examine())
