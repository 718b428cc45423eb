"""Tests of concurrent use and closing of one store by many threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from qtui.entities import ViewType
from qtui.query import parse_filter
from qtui.store.protocol import RunQuery
from qtui.store.sql import SqlStore


def results(store: SqlStore) -> str:
    """Return the results of several methods as text."""
    infos = [info for batch in store.infos(view=ViewType.ALL) for info in batch.items]
    runs = [run for batch in store.runs(infos) for run in batch.items]
    page = store.search(RunQuery(filter=parse_filter("params.lr > 0.01 OR alive")))
    return repr((store.experiments(), store.counts(), runs, page))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_threads_get_the_same_results_as_one(request: pytest.FixtureRequest, kind: str) -> None:
    store = SqlStore(request.getfixturevalue(f"{kind}_uri"))
    alone = results(store)
    with ThreadPoolExecutor(8) as threads:
        together = [threads.submit(results, store) for _ in range(24)]
        closing = [threads.submit(store.close) for _ in range(8)]
        assert {future.result() for future in together} == {alone}
        assert {future.result() for future in closing} == {None}
    store.close()
