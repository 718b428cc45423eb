"""Fixtures for pairs of stores and MLflow's results."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from qtui.entities import Run, ViewType
from qtui.store import open_store
from qtui.store.protocol import Store
from qtui.store.remote import RemoteStore
from tests.differential import store_pairs
from tests.differential.mlflow_reader import MlflowReader
from tests.differential.store_pairs import StorePair

pytest.register_assert_rewrite("tests.differential.one_run")

ALLOW_FILES = "MLFLOW_ALLOW_FILE_STORE"
"""MLflow 3.13 and later refuse a file store without this variable."""


@contextmanager
def quiet() -> Iterator[None]:
    """Disable warnings during the block; other tests check log records."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="session", autouse=True)
def allow_file_stores_in_session() -> Iterator[None]:
    """Allow MLflow to use file stores in session fixtures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ALLOW_FILES, "true")
        yield


@pytest.fixture(autouse=True)
def allow_file_stores(own_world: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Allow MLflow to use file stores in tests, which have their own environment."""
    monkeypatch.setenv(ALLOW_FILES, "true")
    with quiet():
        yield


@pytest.fixture(scope="session", params=store_pairs.NAMES)
def store_pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> StorePair:
    """Return a store and MLflow's copy of it."""
    base = tmp_path_factory.getbasetemp()
    with quiet():
        return store_pairs.make_store_pair(request.param, base if worker_id == "master" else base.parent)


@pytest.fixture(scope="session")
def mlflow(store_pair: StorePair) -> MlflowReader:
    """Return a reader of MLflow's copy."""
    return MlflowReader(store_pair.copy_uri)


@pytest.fixture(scope="session")
def store(store_pair: StorePair) -> Iterator[Store]:
    """Return qtui's store over the original."""
    opened = RemoteStore(store_pair.uri) if store_pair.remote else open_store(store_pair.uri)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def experiment_ids(mlflow: MlflowReader) -> tuple[str, ...]:
    """Return the ids of all experiments, including deleted ones."""
    return tuple(experiment.experiment_id for experiment in mlflow.experiments(ViewType.ALL))


@pytest.fixture(scope="session")
def mlflow_runs(mlflow: MlflowReader, experiment_ids: tuple[str, ...]) -> tuple[Run, ...]:
    """Return all runs with their values, as read by MLflow."""
    return tuple(mlflow.runs(experiment_ids))
