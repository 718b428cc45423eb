"""Tests of durations and dates in local time."""

from __future__ import annotations

import time

import pytest

from qtui.query import times
from tests.unit.query.runs import HOUR, NOW

DAY = 24 * HOUR


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("90s", 90_000),
        ("250ms", 250),
        ("10M", 600_000),
        ("1h30m", 5_400_000),
        ("1h 30m 5s", 5_405_000),
        ("1.5h", 5_400_000),
        ("2d", 2 * DAY),
        ("1w", 7 * DAY),
        ("0s", 0),
    ],
)
def test_duration_is_amounts_with_units(text: str, milliseconds: int) -> None:
    assert times.parse_duration(text) == milliseconds


@pytest.mark.parametrize("text", ["", "10", "m", "10x", "-1h", "1h30", "h1", "٣h", "1e3s", "9" * 400 + "d", "1 0s"])
def test_other_text_is_not_a_duration(text: str) -> None:
    assert times.parse_duration(text) is None


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-01", "2026-1-1", "2026-02-30", "0000-00-00", "12:30", "2026-01-01 25:00", "noon"]
)
def test_other_text_is_not_a_time(text: str) -> None:
    assert times.parse_instant(text, NOW) is None
    assert times.parse_day(text, NOW) is None


def test_date_is_in_local_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    assert times.parse_day("2026-01-01", NOW) == (NOW - 8 * HOUR, NOW + 16 * HOUR)
    assert times.parse_day("today", NOW + 17 * HOUR) == (NOW + 16 * HOUR, NOW + 40 * HOUR)
    assert times.parse_instant("2026-01-01 08:00", NOW) == NOW
    assert times.parse_instant("2026-01-01T00:00Z", NOW) == NOW


def test_day_with_a_clock_change_has_its_own_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    begin, end = times.parse_day("2026-03-29", NOW) or (0, 0)
    assert end - begin == 23 * HOUR
