"""Makes a database and brings an old one up to date: both by MLflow itself, whose schema it is."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from qtui.errors import QtuiError, StoreUnwritable
from qtui.store.dirfd import NO_HARD_LINKS, write_errors
from qtui.store.mlflow_installation import warn_of_mixed_installation
from qtui.text import redact

NOISY = ("alembic", "mlflow.store.db.utils", "mlflow.store.tracking.sqlalchemy_store")


def make_file(path: Path, artifact_root: str) -> None:
    """A new database file, unless another process was quicker: it appears when all of it is there."""
    part = path.with_name(f".qtui-{os.urandom(8).hex()}.db")
    with write_errors(str(path)):
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
        except OSError as error:
            if error.errno not in NO_HARD_LINKS:
                raise
            if not path.exists():
                part.rename(path)


def make_tables(uri: str, artifact_root: str) -> None:
    """MLflow's tables and its default experiment in an empty database."""
    with by_mlflow(f"The database {redact(uri)} cannot be made"):
        from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

        SqlAlchemyStore(uri, artifact_root)._dispose_engine()


def migrate(uri: str, path: Path | None, place: str) -> None:
    """Bring the tables to the schema of the installed MLflow; a file is kept as it was until that is done."""
    kept = None if path is None else copied(path)
    with by_mlflow(f"{place} cannot be migrated{f'; as it was before it is kept at {kept}' if kept else ''}"):
        from mlflow.store.db.utils import _upgrade_db, create_sqlalchemy_engine

        engine = create_sqlalchemy_engine(uri)
        try:
            _upgrade_db(engine)
        finally:
            engine.dispose()
    if kept is not None:
        kept.unlink(missing_ok=True)


def copied(path: Path) -> Path:
    """A copy of a database file beside it, whatever its writers are about to do."""
    copy = path.with_name(f"{path.name}.before-migration-{os.urandom(4).hex()}")
    with write_errors(str(copy)):
        copy.touch(0o600, exist_ok=False)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


@contextmanager
def by_mlflow(failing: str) -> Iterator[None]:
    """Let MLflow work without its running commentary; what it raises comes out as ours."""
    warn_of_mixed_installation()
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
