"""Filters, orders, views and pages select what MLflow selects, in MLflow's order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

import pytest
from mlflow.exceptions import MlflowException
from mlflow.utils.search_utils import SearchUtils

from qtui.entities import Run, View
from qtui.errors import QuerySyntaxError
from qtui.query import parse_filter, parse_order
from qtui.query.ast import OrderBy
from qtui.query.projection import NO_VALUES
from qtui.store.protocol import RunQuery, Store
from tests.differential.cases import Case, cases_for
from tests.differential.intended import BROKEN_BUT_ACCEPTED, stores_disagree
from tests.differential.plain import plain
from tests.differential.shelf import INVENTED, Stand
from tests.differential.witness import Witness

MADE = {True: 240, False: 60}
"""How many cases are made for a store that is invented for this, and for one that was kept."""

ANSWERED, TELLING = 400, 250
"""How many of them MLflow must answer over an invented store, and how many must take some runs and leave others."""


def test_every_filter_and_order_gives_mlflows_runs_in_mlflows_order(
    stand: Stand, told: tuple[Run, ...], witness: Witness, store: Store, experiment_ids: tuple[str, ...]
) -> None:
    invented = stand.name in INVENTED
    cases = cases_for(told, MADE[invented])
    wrong, answered, telling = [], 0, 0
    for case in cases:
        asked = (experiment_ids, case.text, case.order_by, case.view)
        try:
            expected = _ids(chain.from_iterable(witness.pages(*asked)))
        except MlflowException:
            continue
        answered += 1
        telling += 0 < len(expected) < sum(case.view.admits(run.info.lifecycle_stage) for run in told)
        found = _answer(store, case, experiment_ids)
        if found != expected and stores_disagree(stand, case):
            expected = _ids(witness.over_files(*asked))
        if found != expected:
            wrong.append((case, f"MLflow: {expected}", f"qtui: {found}"))
    assert not wrong, f"{len(wrong)} of {answered} cases differ, the first: {wrong[0]}"
    assert not invented or (answered >= ANSWERED and telling >= TELLING)


@pytest.mark.parametrize("text", BROKEN_BUT_ACCEPTED)
def test_a_broken_filter_that_mlflow_lets_through_is_refused(text: str) -> None:
    SearchUtils.parse_search_filter(text)
    with pytest.raises(QuerySyntaxError):
        parse_filter(text)


@pytest.mark.parametrize("size", [1, 7, 20])
@pytest.mark.parametrize("order_by", [(), ("metrics.ic DESC",), ("params.lr", "tags.stage DESC")], ids=str)
def test_pages_are_mlflows_pages(
    size: int, order_by: tuple[str, ...], witness: Witness, store: Store, experiment_ids: tuple[str, ...]
) -> None:
    pages = list(witness.pages(experiment_ids, "", order_by, View.ALL, size))
    total = sum(len(page) for page in pages)
    for number, expected in enumerate(pages):
        query = RunQuery(experiment_ids, View.ALL, order_by=_orders(order_by), offset=number * size, limit=size)
        found = store.search(query)
        assert found.total == total
        assert plain(found.runs) == plain(expected)


def test_each_experiment_alone_has_mlflows_runs(
    witness: Witness, store: Store, experiment_ids: tuple[str, ...]
) -> None:
    for experiment_id in experiment_ids:
        for view in View:
            expected = [run for page in witness.pages([experiment_id], view=view) for run in page]
            assert plain(store.search(RunQuery((experiment_id,), view)).runs) == plain(expected)


def test_no_experiments_named_means_the_active_ones(witness: Witness, store: Store) -> None:
    active = [experiment.experiment_id for experiment in witness.experiments(View.ACTIVE)]
    expected = [run for page in witness.pages(active) for run in page]
    assert plain(store.search(RunQuery()).runs) == plain(expected)


def _ids(runs: Iterable[Run]) -> list[str]:
    return [run.info.run_id for run in runs]


def _answer(store: Store, case: Case, experiment_ids: tuple[str, ...]) -> list[str] | str:
    """The ids of the runs, or the error."""
    try:
        asked = parse_filter(case.text)
        query = RunQuery(experiment_ids, case.view, asked, _orders(case.order_by), projection=NO_VALUES)
    except QuerySyntaxError as error:
        return str(error)
    return _ids(store.search(query).runs)


def _orders(texts: Sequence[str]) -> tuple[OrderBy, ...]:
    return tuple(parse_order(text) for text in texts)
