"""Folders that are written once and read by all processes of a test run."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from qtui.cli.sample import write_sample
from qtui.formatting import now_ms
from qtui.store.sql.schema.create_database import create_sqlite_file


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder shared by all workers of this test run."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def write_once(folder: Path, write: Callable[[Path], object]) -> Path:
    """Return a folder; the first process that asks for it writes its content."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            write(folder)
            (folder / "complete").touch()
    return folder


def shared_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SQLite database with MLflow's tables, which MLflow creates in seconds; tests copy it."""

    def write(folder: Path) -> None:
        create_sqlite_file(folder / "mlflow.db", str(folder / "mlruns"))

    return write_once(shared_folder(tmp_path_factory) / "empty", write) / "mlflow.db"


def shared_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sample store, which no test may change."""

    def write(folder: Path) -> None:
        write_sample(folder / "mlruns", folder / "mlruns", now_ms())

    return write_once(shared_folder(tmp_path_factory) / "sample", write) / "mlruns"
