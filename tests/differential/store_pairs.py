"""Pairs of stores to compare: the original for qtui, and a copy that MLflow may open and upgrade."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qtui.cli.sample import write_sample
from tests.data.packing import unpack
from tests.data.schema import create_database
from tests.differential.by_client import write_through_client
from tests.differential.by_files import write_files
from tests.differential.by_rows import write_rows
from tests.differential.generated_stores import START, generate_experiments

ARCHIVES = Path(__file__).parent.parent / "data"


@dataclass(frozen=True)
class StorePair:
    """A store and MLflow's copy of it, each in a folder with `mlruns` or `mlflow.db`."""

    name: str
    pristine: Path
    copy: Path
    remote: bool = False
    """Whether qtui reads MLflow's copy through MLflow's client, as for servers."""

    @property
    def is_database(self) -> bool:
        """Whether the store is an sqlite file."""
        return self.name.endswith("sqlite")

    @property
    def uri(self) -> str:
        """The tracking URI for qtui."""
        return uri_in(self.copy if self.remote else self.pristine)

    @property
    def copy_uri(self) -> str:
        """The tracking URI for MLflow."""
        return uri_in(self.copy)


def uri_in(folder: Path) -> str:
    """Return the tracking URI of the store in a folder."""
    database = folder / "mlflow.db"
    return f"sqlite:///{database}" if database.exists() else f"file://{folder}/mlruns"


def _generate_database(folder: Path) -> None:
    create_database(folder / "mlflow.db")
    write_rows(folder / "mlflow.db", generate_experiments())


KINDS = ("file", "sqlite")
"""The suffixes of archives that contain stores."""

GENERATED_STORES: Mapping[str, Callable[[Path], Any]] = {
    "client-file": lambda folder: write_through_client(f"file://{folder}/mlruns", generate_experiments()),
    "client-sqlite": lambda folder: write_through_client(f"sqlite:///{folder}/mlflow.db", generate_experiments()),
    "bare-file": lambda folder: write_files(folder / "mlruns", generate_experiments()),
    "bare-sqlite": _generate_database,
}
SAMPLE = "sample-file"
"""The store that `qtui demo` writes."""
ARCHIVED = tuple(
    sorted(path.name.removesuffix(".tar.xz") for kind in KINDS for path in ARCHIVES.glob(f"*-{kind}.tar.xz"))
)
REMOTE = " through the client"
NAMES = (*GENERATED_STORES, SAMPLE, *ARCHIVED, f"client-file{REMOTE}", f"mlflow-3.17.2-sqlite{REMOTE}")


def make_store_pair(name: str, shared: Path) -> StorePair:
    """Return the stores of this name, created once for all test processes."""
    remote = name.endswith(REMOTE)
    name = name.removesuffix(REMOTE)
    folder = shared / "store_pairs" / name
    pair = StorePair(name, folder / "pristine", folder / "copy", remote)
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder / "lock"):
        if not (folder / "complete").exists():
            _create(pair)
            (folder / "complete").touch()
    return pair


def _create(store_pair: StorePair) -> None:
    store_pair.pristine.mkdir()
    if store_pair.name in GENERATED_STORES:
        GENERATED_STORES[store_pair.name](store_pair.pristine)
    elif store_pair.name == SAMPLE:
        write_sample(store_pair.pristine / "mlruns", store_pair.pristine / "mlruns", now=START)
    else:
        unpack(ARCHIVES / f"{store_pair.name}.tar.xz", store_pair.pristine)
    shutil.copytree(store_pair.pristine, store_pair.copy)
    if store_pair.is_database:
        upgrade(store_pair.copy / "mlflow.db")


def upgrade(database: Path) -> None:
    """Migrate a database to the schema of the installed MLflow, like `mlflow db upgrade`."""
    from mlflow.store.db.utils import _upgrade_db, create_sqlalchemy_engine

    engine = create_sqlalchemy_engine(f"sqlite:///{database}")
    _upgrade_db(engine)
    engine.dispose()


@contextmanager
def _locked(lock: Path) -> Iterator[None]:
    """Hold an exclusive file lock during the block."""
    handle = os.open(lock, os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
