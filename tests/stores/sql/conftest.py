"""Copies of a database that MLflow wrote."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from qtui.store.sql import SqlStore


@pytest.fixture
def database(sqlite_uri: str, tmp_path: Path) -> Path:
    """Return a private copy of a database that MLflow wrote."""
    folder = tmp_path / "store"
    folder.mkdir()
    return Path(shutil.copy(sqlite_uri.removeprefix("sqlite:///"), folder / "mlflow.db"))


@pytest.fixture
def store(database: Path) -> Iterator[SqlStore]:
    """Return a store over that copy."""
    store = SqlStore(f"sqlite:///{database}")
    yield store
    store.close()
