"""Tests that filters, sort orders, views and pages give MLflow's runs in MLflow's order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

import pytest
from mlflow.exceptions import MlflowException
from mlflow.utils.search_utils import SearchUtils

from qtui.entities import Run, ViewType
from qtui.errors import QuerySyntaxError
from qtui.query import parse_filter, parse_order
from qtui.query.ast import OrderBy
from qtui.query.projection import NO_VALUES
from qtui.store.protocol import RunQuery, Store
from tests.differential.known_differences import INVALID_FILTERS_OF_MLFLOW, mlflow_stores_disagree
from tests.differential.mlflow_reader import MlflowReader
from tests.differential.normalize import normalize
from tests.differential.search_cases import Case, cases_for
from tests.differential.store_pairs import GENERATED_STORES, StorePair

CASES = {True: 120, False: 60}
"""Number of cases for a generated store, and for an archived one."""

MIN_ANSWERED, MIN_SELECTIVE = 240, 140
"""Minimum number of cases in a generated store that MLflow accepts, and that select some runs but not all."""


def test_filters_and_orders_give_the_runs_of_mlflow(
    store_pair: StorePair,
    mlflow_runs: tuple[Run, ...],
    mlflow: MlflowReader,
    store: Store,
    experiment_ids: tuple[str, ...],
) -> None:
    is_generated = store_pair.name in GENERATED_STORES
    cases = cases_for(mlflow_runs, CASES[is_generated])
    wrong, answered, selective = [], 0, 0
    for case in cases:
        arguments = (experiment_ids, case.text, case.order_by, case.view)
        try:
            expected = _ids(chain.from_iterable(mlflow.pages(*arguments)))
        except MlflowException:
            continue
        answered += 1
        selective += 0 < len(expected) < sum(case.view.admits(run.info.lifecycle_stage) for run in mlflow_runs)
        result = _search(store, case, experiment_ids)
        if result != expected and mlflow_stores_disagree(store_pair, case):
            expected = _ids(mlflow.over_files(*arguments))
        if result != expected:
            wrong.append((case, f"MLflow: {expected}", f"qtui: {result}"))
    assert not wrong, f"{len(wrong)} of {answered} cases differ, the first: {wrong[0]}"
    assert not is_generated or (answered >= MIN_ANSWERED and selective >= MIN_SELECTIVE)


@pytest.mark.parametrize("text", INVALID_FILTERS_OF_MLFLOW)
def test_invalid_filter_that_mlflow_accepts_is_refused(text: str) -> None:
    SearchUtils.parse_search_filter(text)
    with pytest.raises(QuerySyntaxError):
        parse_filter(text)


@pytest.mark.parametrize("size", [1, 7, 20])
@pytest.mark.parametrize("order_by", [(), ("metrics.ic DESC",), ("params.lr", "tags.stage DESC")], ids=str)
def test_pages_equal_those_of_mlflow(
    size: int, order_by: tuple[str, ...], mlflow: MlflowReader, store: Store, experiment_ids: tuple[str, ...]
) -> None:
    pages = list(mlflow.pages(experiment_ids, "", order_by, ViewType.ALL, size))
    total = sum(len(page) for page in pages)
    for number, expected in enumerate(pages):
        query = RunQuery(experiment_ids, ViewType.ALL, order_by=_orders(order_by), offset=number * size, limit=size)
        result = store.search(query)
        assert result.total == total or (result.total is None and not store.capabilities.counts_matches)
        assert normalize(result.runs) == normalize(expected)


def test_single_experiments_have_the_runs_of_mlflow(
    mlflow: MlflowReader, store: Store, experiment_ids: tuple[str, ...]
) -> None:
    for experiment_id in experiment_ids:
        for view in ViewType:
            expected = [run for page in mlflow.pages([experiment_id], view=view) for run in page]
            assert normalize(store.search(RunQuery((experiment_id,), view)).runs) == normalize(expected)


def test_without_experiments_the_active_ones_are_searched(mlflow: MlflowReader, store: Store) -> None:
    active = [experiment.experiment_id for experiment in mlflow.experiments(ViewType.ACTIVE)]
    expected = [run for page in mlflow.pages(active) for run in page]
    assert normalize(store.search(RunQuery()).runs) == normalize(expected)


def _ids(runs: Iterable[Run]) -> list[str]:
    return [run.info.run_id for run in runs]


def _search(store: Store, case: Case, experiment_ids: tuple[str, ...]) -> list[str] | str:
    """Return the ids of the runs, or the error."""
    try:
        run_filter = parse_filter(case.text)
        query = RunQuery(experiment_ids, case.view, run_filter, _orders(case.order_by), projection=NO_VALUES)
    except QuerySyntaxError as error:
        return str(error)
    return _ids(store.search(query).runs)


def _orders(texts: Sequence[str]) -> tuple[OrderBy, ...]:
    return tuple(parse_order(text) for text in texts)
