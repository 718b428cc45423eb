"""The garbage collector is paused, and restored afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from qtui.store.gc_pause import pause_gc_per_batch, paused_gc


@pytest.fixture(autouse=True)
def enabled_collector() -> Iterator[None]:
    """Enable the collector after the test."""
    yield
    gc.enable()


def test_the_collector_is_paused_and_resumed() -> None:
    with paused_gc():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_is_resumed_after_an_error() -> None:
    with pytest.raises(ValueError, match="broken"), paused_gc():
        raise ValueError("broken")
    assert gc.isenabled()


def test_a_disabled_collector_stays_disabled() -> None:
    gc.disable()
    with paused_gc():
        pass
    assert not gc.isenabled()


@pause_gc_per_batch
def collector_states(count: int) -> Iterator[bool]:
    """Yield whether the collector is enabled while a batch is read."""
    for _ in range(count):
        yield gc.isenabled()


def test_the_collector_is_paused_while_a_batch_is_read_and_resumed_between_two() -> None:
    states = collector_states(2)
    assert [(state, gc.isenabled()) for state in states] == [(False, True), (False, True)]
    assert gc.isenabled()


def test_the_collector_is_resumed_when_a_batch_cannot_be_read() -> None:
    @pause_gc_per_batch
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        list(broken())
    assert gc.isenabled()


def test_closing_the_batches_closes_their_reader() -> None:
    closed = []

    @pause_gc_per_batch
    def batches() -> Iterator[int]:
        try:
            yield 1
        finally:
            closed.append(True)

    reader = batches()
    assert next(reader) == 1
    reader.close()
    assert closed
