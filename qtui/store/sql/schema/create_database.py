"""Creation and migration of databases, both done by MLflow itself."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from qtui.errors import QtuiError, StoreUnwritable
from qtui.store.dirfd import rename_to_free_name, write_errors
from qtui.store.mlflow_installation import warn_of_mixed_installation
from qtui.text import redact

MLFLOW_LOCK = threading.RLock()
"""Held while MLflow creates or migrates tables: alembic, which does it, keeps its state in global variables."""

NOISY_LOGGERS = ("alembic", "mlflow.store.db.utils", "mlflow.store.tracking.sqlalchemy_store")


def create_sqlite_file(path: Path, artifact_root: str) -> None:
    """Create a database file atomically; do nothing if another thread or process creates it first."""
    part = path.with_name(f".qtui-{os.urandom(8).hex()}.db")
    with MLFLOW_LOCK, write_errors(str(path)):
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            create_tables(f"sqlite:///{part}", artifact_root)
            with suppress(FileExistsError):
                rename_to_free_name(part, path)
        finally:
            for leftover in path.parent.glob(f"{part.name}*"):
                leftover.unlink(missing_ok=True)


def create_tables(uri: str, artifact_root: str) -> None:
    """Create MLflow's tables and its default experiment in an empty database."""
    with calling_mlflow(f"The database {redact(uri)} cannot be created"):
        from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

        SqlAlchemyStore(uri, artifact_root)._dispose_engine()


def migrate(uri: str, path: Path | None, label: str) -> None:
    """Migrate the tables to the schema of the installed MLflow; a backup of a file is kept until that succeeds."""
    backup = None if path is None else back_up(path)
    with calling_mlflow(f"{label} cannot be migrated{f' (backup: {backup})' if backup else ''}"):
        from mlflow.store.db.utils import _upgrade_db, create_sqlalchemy_engine

        engine = create_sqlalchemy_engine(uri)
        try:
            _upgrade_db(engine)
        finally:
            engine.dispose()
    if backup is not None:
        backup.unlink(missing_ok=True)


def back_up(path: Path) -> Path:
    """Copy a database file, with its committed transactions, to a new file beside it."""
    copy = path.with_name(f"{path.name}.before-migration-{os.urandom(4).hex()}")
    with write_errors(str(copy)):
        copy.touch(0o600, exist_ok=False)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


@contextmanager
def calling_mlflow(failure: str) -> Iterator[None]:
    """Silence MLflow's loggers during the block, and raise its exceptions as `StoreUnwritable`.

    Other threads wait until the block ends.
    """
    warn_of_mixed_installation()
    with MLFLOW_LOCK:
        loggers = [logging.getLogger(name) for name in NOISY_LOGGERS]
        levels = [logger.level for logger in loggers]
        for logger in loggers:
            logger.setLevel(logging.ERROR)
        try:
            yield
        except QtuiError:
            raise
        except Exception as error:
            # Drivers, alembic and MLflow have no common exception class.
            raise StoreUnwritable(f"{failure}: {redact(str(error).splitlines()[0] if str(error) else '')}") from error
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)
