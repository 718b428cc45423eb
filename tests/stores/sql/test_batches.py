"""The batches in which the runs of a database are read."""

from __future__ import annotations

import pytest

from qtui.entities import ViewType
from qtui.store.sql import SqlStore
from qtui.store.sql import store as store_module


def test_most_runs_are_read_in_one_batch_after_the_first_and_have_the_same_values(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    infos = [info for batch in store.infos(view=ViewType.ALL) for info in batch.items]
    expected = [run for info in infos for batch in store.runs([info]) for run in batch.items]
    monkeypatch.setattr(store_module, "FIRST_BATCH_RUNS", 1)
    monkeypatch.setattr(store_module, "BATCH_RUNS", 2)
    assert len(infos) > 3
    batches = [batch.items for batch in store.runs(infos)]
    assert list(map(len, batches)) == [1, len(infos) - 1]
    assert repr([run for batch in batches for run in batch]) == repr(expected)


def test_more_runs_than_the_largest_batch_are_read_in_small_batches(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    infos = [info for batch in store.infos(view=ViewType.ALL) for info in batch.items][:4]
    monkeypatch.setattr(store_module, "FIRST_BATCH_RUNS", 1)
    monkeypatch.setattr(store_module, "BATCH_RUNS", 2)
    monkeypatch.setattr(store_module, "MAX_BATCH_RUNS", 3)
    assert [len(batch.items) for batch in store.runs(infos)] == [1, 2, 1]
