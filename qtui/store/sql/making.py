"""Makes a database and brings an old one up to date: both by MLflow itself, whose schema it is."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa

from qtui.errors import QtuiError, StoreUnwritable
from qtui.store.folders import writing
from qtui.text import redact

NOISY = ("alembic", "mlflow.store.db.utils", "mlflow.store.tracking.sqlalchemy_store")


def make_file(path: Path, artifact_root: str) -> None:
    """A new database file, unless another process was quicker: it appears when all of it is there."""
    part = path.with_name(f".qtui-{os.urandom(8).hex()}.db")
    with writing(str(path)):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            make_tables(f"sqlite:///{part}", artifact_root)
            put_in_place(part, path)
        finally:
            for leftover in path.parent.glob(f"{part.name}*"):
                leftover.unlink(missing_ok=True)


def put_in_place(part: Path, path: Path) -> None:
    """Give a file its name, unless there is one of this name."""
    with suppress(FileExistsError):
        try:
            os.link(part, path)
        except PermissionError:
            # A file system without hard links.
            if not path.exists():
                part.rename(path)


def make_tables(uri: str, artifact_root: str) -> None:
    """MLflow's tables and its default experiment in an empty database."""
    with by_mlflow(f"The database {redact(uri)} cannot be made"):
        from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

        store = SqlAlchemyStore(uri, artifact_root)
        store._dispose_engine()


def migrate(engine: sa.Engine, place: str) -> None:
    """Bring the tables to the schema of the installed MLflow."""
    with by_mlflow(f"{place} cannot be migrated"):
        from mlflow.store.db.utils import _upgrade_db

        _upgrade_db(engine)


@contextmanager
def by_mlflow(failing: str) -> Iterator[None]:
    """Let MLflow work without its running commentary; what it raises comes out as ours."""
    loggers = [logging.getLogger(name) for name in NOISY]
    levels = [each.level for each in loggers]
    for each in loggers:
        each.setLevel(logging.ERROR)
    try:
        yield
    except QtuiError:
        raise
    except Exception as error:
        # Drivers, alembic and MLflow have no common root to catch.
        raise StoreUnwritable(f"{failing}: {redact(str(error).splitlines()[0] if str(error) else '')}") from error
    finally:
        for each, level in zip(loggers, levels, strict=True):
            each.setLevel(level)
