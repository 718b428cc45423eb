"""The garbage collector is paused, and restored afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from qtui.store.gc_pause import paused_gc


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
