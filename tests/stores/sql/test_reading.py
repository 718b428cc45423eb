"""What MLflow wrote into a database is read as MLflow reads it."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

from qtui.entities import Point, RunCounts, View
from qtui.errors import MetricNotFound
from qtui.query import parse_filter, parse_order
from qtui.store.protocol import RunQuery, Store
from qtui.store.sql import SqlStore
from tests.stores.sql.conftest import START


def run_named(store: SqlStore, name: str):
    (run,) = store.search(RunQuery(filter=parse_filter(f"name = '{name}'"))).runs
    return run


def test_it_is_a_store(store: SqlStore) -> None:
    assert isinstance(store, Store)
    assert store.kind == "sqlite"


def test_experiments_come_newest_first(store: SqlStore) -> None:
    assert [each.name for each in store.experiments().items] == ["beta", "alpha", "Default"]


def test_runs_are_counted_by_status_without_the_deleted_ones(store: SqlStore) -> None:
    assert store.counts() == {"0": RunCounts(), "1": RunCounts(6, running=6), "2": RunCounts(1, running=1)}


def test_a_view_of_deleted_runs_shows_those_alone(store: SqlStore) -> None:
    assert [info.name for batch in store.infos(view=View.DELETED) for info in batch.items] == ["gone"]


def test_nan_and_the_infinities_come_back_as_they_were_logged(store: SqlStore) -> None:
    metrics = run_named(store, "odd").metrics
    assert math.isnan(metrics["nan"].value)
    assert metrics["inf"] == Point(0, START, math.inf)
    assert metrics["minus"] == Point(0, START, -math.inf)
    assert metrics["small"] == Point(0, START, 5e-324)


def test_datasets_come_with_the_tags_of_their_use(store: SqlStore) -> None:
    (dataset,) = run_named(store, "odd").inputs
    assert (dataset.name, dataset.digest, dataset.tags) == ("prices", "abc", {"mlflow.data.context": "train"})


def test_a_page_is_sorted_by_a_metric_and_knows_how_many_match(store: SqlStore) -> None:
    query = RunQuery(order_by=(parse_order("metrics.loss"),), limit=2, filter=parse_filter("params.lr > 0.05"))
    page = store.search(query)
    assert [run.info.name for run in page.runs] == ["run-5", "run-4"]
    assert page.total == 5


def test_a_history_is_whole_and_in_mlflows_order(store: SqlStore, database: Path) -> None:
    info = run_named(store, "run-5").info
    history, problems = store.history(info, "loss")
    theirs = SqlAlchemyStore(f"sqlite:///{database}", str(database.parent)).get_metric_history(info.run_id, "loss")
    assert history.values.tolist() == [metric.value for metric in theirs]
    assert history.steps.tolist() == [metric.step for metric in theirs]
    assert not problems


def test_a_metric_that_is_not_there_is_an_error(store: SqlStore) -> None:
    with pytest.raises(MetricNotFound):
        store.history(run_named(store, "odd").info, "loss")


def test_a_run_is_found_by_the_beginning_of_its_id(store: SqlStore) -> None:
    info = run_named(store, "odd").info
    assert store.find(info.run_id[:12]) == (info,)
    assert store.find(info.run_id) == (info,)
    assert store.find("%") == ()


def test_infos_come_in_batches_and_values_in_the_order_asked_for(store: SqlStore) -> None:
    infos = [info for batch in store.infos() for info in batch.items][::-1]
    assert [run.info for batch in store.runs(infos) for run in batch.items] == infos
