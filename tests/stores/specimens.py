"""Example stores: intact, old, damaged, abandoned by a writer that died."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from qtui.cli.sample import write_sample
from tests.data.packing import unpack
from tests.stores.sql import conditions

ARCHIVES = Path(__file__).parent.parent / "data"


def files(folder: Path) -> str:
    """Create a file store."""
    unpack(ARCHIVES / "mlflow-3.17.2-file.tar.xz", folder)
    return f"file://{folder}/mlruns"


def sample(folder: Path) -> str:
    """Create the store of `qtui demo`."""
    write_sample(folder / "mlruns", folder / "mlruns", now=1_750_000_000_000)
    return f"file://{folder}/mlruns"


def damaged_files(folder: Path) -> str:
    """Create a file store with damaged runs, damaged values and foreign folders."""
    uri = files(folder)
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


def database(folder: Path, archive: str = "mlflow-3.17.2-sqlite") -> str:
    """Create an SQLite database, by default with the newest schema."""
    unpack(ARCHIVES / f"{archive}.tar.xz", folder)
    return f"sqlite:///{folder}/mlflow.db"


def database_in(condition: Callable[[Path], None], folder: Path) -> str:
    """Create an SQLite database and change its files."""
    uri = database(folder)
    condition(folder / "mlflow.db")
    return uri


def truncate_to_half(path: Path) -> None:
    """Truncate a file to its first half."""
    os.truncate(path, path.stat().st_size // 2)


SPECIMENS: Mapping[str, Callable[[Path], str]] = {
    "files": files,
    "damaged files": damaged_files,
    "sample files": sample,
    "sqlite": database,
    "old sqlite": partial(database, archive="mlflow-1.30.1-sqlite"),
    "sqlite in WAL mode": partial(database_in, conditions.in_wal_mode),
    "sqlite of a dead writer": partial(database_in, conditions.with_wal_of_dead_writer),
    "sqlite with its log alone": partial(database_in, conditions.with_wal_only),
    "sqlite with a hot journal": partial(database_in, conditions.with_hot_journal),
    "damaged sqlite": partial(database_in, truncate_to_half),
}

FOR_COMMANDS = ("files", "damaged files", "sqlite", "sqlite in WAL mode", "sqlite with its log alone", "damaged sqlite")
"""The stores for the tests of commands, which are slow; the library is tested with all."""
