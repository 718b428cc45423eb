"""Tests that filters and sort orders of the corpus give the same runs as in MLflow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from mlflow.utils.search_utils import SearchUtils

from qtui.entities import Run
from qtui.query import parse_filter, parse_order, predicate, render, sort_runs
from tests.unit.query.corpus import FILTERS, ORDERS, ORDERS_OF_SEVERAL
from tests.unit.query.mlflow_runs import mlflow_run
from tests.unit.query.sample import sample_runs


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    return sample_runs()


@pytest.fixture(scope="module")
def theirs(runs: list[Run]) -> list[Any]:
    return [mlflow_run(run) for run in runs]


def our_ids(runs: Sequence[Run]) -> list[str]:
    return [run.info.run_id for run in runs]


def their_ids(runs: Sequence[Any]) -> list[str]:
    return [run.info.run_id for run in runs]


def found(text: str, runs: Sequence[Run]) -> list[str]:
    query = parse_filter(text)
    assert query is not None
    return our_ids(list(filter(predicate(query), runs)))


@pytest.mark.parametrize("text", FILTERS)
def test_filter_matches_like_mlflow(text: str, runs: list[Run], theirs: list[Any]) -> None:
    assert found(text, runs) == their_ids(SearchUtils.filter(theirs, text))


@pytest.mark.parametrize("text", FILTERS)
def test_rendered_filter_parses_into_the_same_tree(text: str) -> None:
    query = parse_filter(text, now=0)
    assert query is not None
    assert parse_filter(render(query), now=0) == query


@pytest.mark.parametrize("orders", [[order] for order in ORDERS] + ORDERS_OF_SEVERAL, ids=" then ".join)
def test_order_equals_mlflow(orders: list[str], runs: list[Run], theirs: list[Any]) -> None:
    ours = sort_runs(runs, [parse_order(text) for text in orders])
    assert our_ids(ours) == their_ids(SearchUtils.sort(theirs, orders))


def test_most_filters_match_some_runs_but_not_all(runs: list[Run]) -> None:
    dividing = [text for text in FILTERS if 0 < len(found(text, runs)) < len(runs)]
    assert len(dividing) >= 0.7 * len(FILTERS)


def test_corpus_is_large_without_duplicates() -> None:
    assert len(set(FILTERS)) == len(FILTERS) >= 300
    assert len(set(ORDERS)) == len(ORDERS) >= 60
