"""The stores to compare on, each twice: as it is, for qtui; and a copy that MLflow may open, upgrade and mark."""

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
from tests.differential.invent import START, invent

ARCHIVES = Path(__file__).parent.parent / "data"


@dataclass(frozen=True)
class Stand:
    """One store and MLflow's copy of it, each in a folder with `mlruns` or `mlflow.db`."""

    name: str
    pristine: Path
    copy: Path
    remote: bool = False
    """Whether qtui is to read MLflow's copy through MLflow's client, as it does with servers."""

    @property
    def is_database(self) -> bool:
        """Whether the store is an sqlite file."""
        return self.name.endswith("sqlite")

    @property
    def uri(self) -> str:
        """Where qtui is to look."""
        return uri_in(self.copy if self.remote else self.pristine)

    @property
    def copy_uri(self) -> str:
        """Where MLflow is to look."""
        return uri_in(self.copy)


def uri_in(folder: Path) -> str:
    """The tracking URI of the store in a folder."""
    database = folder / "mlflow.db"
    return f"sqlite:///{database}" if database.exists() else f"file://{folder}/mlruns"


def _invented_database(folder: Path) -> None:
    create_database(folder / "mlflow.db")
    write_rows(folder / "mlflow.db", invent())


KINDS = ("file", "sqlite")
"""How the names of packed stores end; other archives hold no stores."""

INVENTED: Mapping[str, Callable[[Path], Any]] = {
    "client-file": lambda folder: write_through_client(f"file://{folder}/mlruns", invent()),
    "client-sqlite": lambda folder: write_through_client(f"sqlite:///{folder}/mlflow.db", invent()),
    "bare-file": lambda folder: write_files(folder / "mlruns", invent()),
    "bare-sqlite": _invented_database,
}
SAMPLE = "sample-file"
"""What `qtui demo` writes."""
KEPT = tuple(sorted(path.name.removesuffix(".tar.xz") for kind in KINDS for path in ARCHIVES.glob(f"*-{kind}.tar.xz")))
REMOTE = " through the client"
NAMES = (*INVENTED, SAMPLE, *KEPT, f"client-file{REMOTE}", f"mlflow-3.17.2-sqlite{REMOTE}")


def stand(name: str, shared: Path) -> Stand:
    """The store of this name, made once for all test processes."""
    remote = name.endswith(REMOTE)
    name = name.removesuffix(REMOTE)
    folder = shared / "stands" / name
    made = Stand(name, folder / "pristine", folder / "copy", remote)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder / "lock"):
        if not (folder / "made").exists():
            _make(made)
            (folder / "made").touch()
    return made


def _make(stand: Stand) -> None:
    stand.pristine.mkdir()
    if stand.name in INVENTED:
        INVENTED[stand.name](stand.pristine)
    elif stand.name == SAMPLE:
        write_sample(stand.pristine / "mlruns", stand.pristine / "mlruns", now=START)
    else:
        unpack(ARCHIVES / f"{stand.name}.tar.xz", stand.pristine)
    shutil.copytree(stand.pristine, stand.copy)
    if stand.is_database:
        upgrade(stand.copy / "mlflow.db")


def upgrade(database: Path) -> None:
    """Bring MLflow's copy to the schema of the installed MLflow, as `mlflow db upgrade` does."""
    from mlflow.store.db.utils import _upgrade_db, create_sqlalchemy_engine

    engine = create_sqlalchemy_engine(f"sqlite:///{database}")
    _upgrade_db(engine)
    engine.dispose()


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Keep other test processes out for so long."""
    handle = os.open(lock, os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
