"""Databases as MLflow itself writes them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

from qtui.store.sql import SqlStore

START = 1_700_000_000_000


def write_store(store: SqlAlchemyStore) -> None:
    """Write two experiments, some runs in every status and with odd values, and one that is deleted."""
    alpha, beta = store.create_experiment("alpha"), store.create_experiment("beta")
    for number in range(6):
        run = store.create_run(alpha, "ann", START + number, [RunTag("team", "Quant")], f"run-{number}")
        metrics = [Metric("loss", 1 / (step + 1), START + step, step) for step in range(number + 1)]
        params = [Param("lr", str(0.1 * number)), Param("model", "LightGBM" if number % 2 else "lightgbm")]
        store.log_batch(run.info.run_id, metrics, params, [RunTag("number", str(number))])
    run_id = store.create_run(beta, "bob", START, [], "odd").info.run_id
    odd = [("nan", float("nan")), ("inf", float("inf")), ("minus", float("-inf")), ("small", 5e-324)]
    store.log_batch(run_id, [Metric(key, value, START, 0) for key, value in odd], [Param("empty", "")], [])
    dataset = Dataset("prices", "abc", "local", "{}", "schema", None)
    store.log_inputs(run_id, [DatasetInput(dataset, [InputTag("mlflow.data.context", "train")])])
    gone = store.create_run(beta, "bob", START, [], "gone").info.run_id
    store.delete_run(gone)


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that MLflow wrote; read it only, or take a copy."""
    folder = tmp_path_factory.mktemp("written")
    store = SqlAlchemyStore(f"sqlite:///{folder / 'mlflow.db'}", str(folder / "mlruns"))
    write_store(store)
    store._dispose_engine()
    return folder / "mlflow.db"


@pytest.fixture
def database(written: Path, tmp_path: Path) -> Path:
    """A copy of the database of one's own."""
    return Path(shutil.copy(written, tmp_path / "mlflow.db"))


@pytest.fixture
def store(database: Path) -> Iterator[SqlStore]:
    """The store in the copy."""
    store = SqlStore(f"sqlite:///{database}")
    yield store
    store.close()
