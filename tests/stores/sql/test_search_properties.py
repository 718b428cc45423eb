"""Property tests: searches in a database equal the predicate, and MLflow for MLflow's grammar."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from mlflow.entities import ViewType as MLflowViewType
from mlflow.exceptions import MlflowException
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

from qtui.entities import ViewType
from qtui.query import parse_filter, parse_order
from qtui.query.ast import Comparison, Field, FieldKind, Filter, Operator
from qtui.query.projection import NO_VALUES
from qtui.store.protocol import RunQuery
from qtui.store.search import search
from qtui.store.sql import SqlStore
from tests.stores.sql.generated import fill, queries
from tests.unit.query.strategies import mlflow_filters, mlflow_orders

THEIR_VIEWS = {
    ViewType.ACTIVE: MLflowViewType.ACTIVE_ONLY,
    ViewType.DELETED: MLflowViewType.DELETED_ONLY,
    ViewType.ALL: MLflowViewType.ALL,
}


@pytest.fixture(scope="module")
def odd_sqlite(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return an sqlite database with unusual runs."""
    uri = f"sqlite:///{shutil.copy(empty_database, tmp_path_factory.mktemp('odd'))}"
    fill(uri)
    return uri


@pytest.fixture(scope="module")
def odd_postgresql(empty_postgresql: Callable[[], str]) -> str:
    """Return a PostgreSQL database with the same runs."""
    uri = empty_postgresql()
    fill(uri)
    return uri


@pytest.fixture(scope="module", params=["odd_sqlite", "odd_postgresql"])
def odd_store(request: pytest.FixtureRequest) -> Iterator[SqlStore]:
    """Return a store over each of them."""
    store = SqlStore(request.getfixturevalue(request.param))
    yield store
    store.close()


@given(query=queries)
def test_search_equals_the_predicate(odd_store: SqlStore, query: RunQuery) -> None:
    ours, theirs = odd_store.search(query), search(odd_store, query)
    assert [run.info.name for run in ours.runs] == [run.info.name for run in theirs.runs]
    assert [run.info.run_id for run in ours.runs] == [run.info.run_id for run in theirs.runs]
    assert ours.total == theirs.total


def test_filter_with_thousands_of_ids(odd_store: SqlStore) -> None:
    ids = [info.run_id for batch in odd_store.infos() for info in batch.items]
    asked = (*ids, *(f"{number:032x}" for number in range(5000)))
    among = Comparison(Field(FieldKind.ATTRIBUTE, "run_id"), Operator.IN, asked)
    assert odd_store.search(RunQuery(filter=Filter(among, 0), limit=1)).total == len(ids)
    none = Comparison(Field(FieldKind.ATTRIBUTE, "run_id"), Operator.NOT_IN, asked)
    assert odd_store.search(RunQuery(filter=Filter(none, 0))).total == 0


@pytest.fixture(scope="module")
def both(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SqlStore, SqlAlchemyStore]]:
    """Return our store and MLflow's over one file, without texts that MLflow's two stores treat differently."""
    uri = f"sqlite:///{shutil.copy(empty_database, tmp_path_factory.mktemp('plain'))}"
    fill(uri, plain=True)
    ours, theirs = SqlStore(uri), SqlAlchemyStore(uri, "artifacts")
    yield ours, theirs
    ours.close()
    theirs._dispose_engine()


@given(text=mlflow_filters(), orders=st.lists(mlflow_orders(), max_size=2), view=st.sampled_from(ViewType))
def test_search_equals_mlflow(
    both: tuple[SqlStore, SqlAlchemyStore], text: str, orders: list[str], view: ViewType
) -> None:
    # MLflow takes what stands for infinity in its databases for a number like any other.
    assume("e308" not in text)
    ours, theirs = both
    try:
        expected = theirs.search_runs(["1", "2"], text, THEIR_VIEWS[view], 1000, orders)
    except MlflowException as error:
        assert "duplicate" in str(error)
        return
    order_by = tuple(map(parse_order, orders))
    page = ours.search(RunQuery(("1", "2"), view, parse_filter(text), order_by, projection=NO_VALUES))
    assert [run.info.run_id for run in page.runs] == [run.info.run_id for run in expected]
