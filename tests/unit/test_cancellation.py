"""Background work ends at its next check after it was cancelled."""

from __future__ import annotations

import pytest

from qtui.artifacts.decompressed import COMPRESSIONS, DecompressedSource
from qtui.cancellation import PROGRESS_INTERVAL_S, Cancelled, ProgressTimer, cancelled_when, check_cancelled
from tests.unit.artifacts.sources import source_of


def test_work_is_cancelled_by_its_own_predicate_and_by_that_of_the_work_around_it() -> None:
    cancelled: set[str] = set()
    with cancelled_when(lambda: "outer" in cancelled):
        with cancelled_when(lambda: "inner" in cancelled):
            check_cancelled()
            cancelled.add("inner")
            with pytest.raises(Cancelled):
                check_cancelled()
        check_cancelled()
        cancelled.add("outer")
        with cancelled_when(lambda: False), pytest.raises(Cancelled):
            check_cancelled()
    check_cancelled()


def test_reading_a_source_stops_when_the_work_is_cancelled() -> None:
    source = source_of(b"text")
    with cancelled_when(lambda: True), pytest.raises(Cancelled):
        source.read(0, 4)
    assert source.read(0, 4) == b"text"


def test_a_cancelled_decompression_can_be_continued() -> None:
    import gzip

    source = DecompressedSource(source_of(gzip.compress(b"text")), COMPRESSIONS[0])
    with cancelled_when(lambda: True), pytest.raises(Cancelled):
        source.read(0, 4)
    assert source.read(0, 4) == b"text"


def test_progress_is_due_after_each_interval_and_on_request_at_once() -> None:
    now = [0.0]
    timers = [ProgressTimer(clock=lambda: now[0]), ProgressTimer(clock=lambda: now[0], starts_due=True)]
    assert [timer.is_due() for timer in timers] == [False, True]
    now[0] += PROGRESS_INTERVAL_S
    assert [timer.is_due() for timer in timers] == [True, True]
    assert not any(timer.is_due() for timer in timers)
