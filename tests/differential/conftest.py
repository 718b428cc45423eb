"""One store after the other, with MLflow's answers beside it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from qtui.entities import Run, View
from qtui.store import open_store
from qtui.store.protocol import Store
from qtui.store.remote import RemoteStore
from tests.differential import shelf
from tests.differential.shelf import Stand
from tests.differential.witness import Witness

pytest.register_assert_rewrite("tests.differential.one_run")

ALLOW_FILES = "MLFLOW_ALLOW_FILE_STORE"
"""MLflow 3.13 and later refuse a file store without this variable."""


@contextmanager
def quiet() -> Iterator[None]:
    """MLflow says nothing meanwhile; other tests hear what is logged."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="session", autouse=True)
def mlflow_makes_stands() -> Iterator[None]:
    """While stores are made and opened, MLflow may use files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ALLOW_FILES, "true")
        yield


@pytest.fixture(autouse=True)
def mlflow_opens_files(own_world: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In a test's own world, too, MLflow may use files."""
    monkeypatch.setenv(ALLOW_FILES, "true")
    with quiet():
        yield


@pytest.fixture(scope="session", params=shelf.NAMES)
def stand(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Stand:
    """A store and MLflow's copy of it."""
    base = tmp_path_factory.getbasetemp()
    with quiet():
        return shelf.stand(request.param, base if worker_id == "master" else base.parent)


@pytest.fixture(scope="session")
def witness(stand: Stand) -> Witness:
    """MLflow, over its own copy."""
    return Witness(stand.copy_uri)


@pytest.fixture(scope="session")
def store(stand: Stand) -> Iterator[Store]:
    """Qtui, over the store itself."""
    opened = RemoteStore(stand.uri) if stand.remote else open_store(stand.uri)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def experiment_ids(witness: Witness) -> tuple[str, ...]:
    """Every experiment, deleted ones too."""
    return tuple(experiment.experiment_id for experiment in witness.experiments(View.ALL))


@pytest.fixture(scope="session")
def told(witness: Witness, experiment_ids: tuple[str, ...]) -> tuple[Run, ...]:
    """Every run of the store as MLflow tells it, with all its values."""
    return tuple(witness.runs(experiment_ids))
