"""How numbers, times and amounts are written."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtui.formatting import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    format_age,
    format_count,
    format_deviation,
    format_duration,
    format_number,
    format_size,
    format_time,
    number_format,
    shared_decimals,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.03, "0.030"), (0.0036129, "0.0036"), (1.414, "1.4"), (12.3, "12"), (0.0, "0"), (4e-7, "4.0e-07")],
)
def test_a_deviation_has_two_significant_digits(value: float, text: str) -> None:
    assert format_deviation(value) == text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (3.0, "3"),
        (0.0631234567, "0.063123"),
        (1234.5678, "1234.6"),
        (123456.789, "123456.8"),
        (1e6, "1000000"),
        (1.23456e-7, "1.235e-7"),
        (5e-324, "4.941e-324"),
        (1e308, "1e308"),
        (-2.5, "-2.5"),
        (math.nan, "NaN"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
    ],
)
def test_a_number_shows_the_digits_that_matter(value: float, written: str) -> None:
    assert format_number(value) == written


@given(st.floats(-1e300, 1e300))
def test_a_number_can_be_read_back_nearly_and_is_short(value: float) -> None:
    assert math.isclose(float(format_number(value)), value, rel_tol=1e-3)
    assert len(format_number(value)) <= 16


@pytest.mark.parametrize(
    ("milliseconds", "written"),
    [
        (None, "–"),
        (0, "0ms"),
        (320, "320ms"),
        (12_400, "12s"),
        (3 * MINUTE_MS + 5000, "3m 05s"),
        (2 * HOUR_MS + 5 * MINUTE_MS, "2h 05m"),
        (3 * DAY_MS + 4 * HOUR_MS, "3d 04h"),
        (-1000, "-1s"),
    ],
)
def test_a_duration_shows_its_two_largest_units(milliseconds: int | None, written: str) -> None:
    assert format_duration(milliseconds) == written


@pytest.mark.parametrize(
    ("past", "written"),
    [
        (0, "just now"),
        (-5, "just now"),
        (5 * MINUTE_MS, "5m ago"),
        (3 * HOUR_MS + 1, "3h ago"),
        (29 * DAY_MS, "29d ago"),
        (40 * DAY_MS, "2026-01-10"),
        (-2 * DAY_MS, "2026-02-21"),
    ],
)
def test_an_age_becomes_a_day_after_a_month(past: int, written: str) -> None:
    now = 1_771_488_000_000
    assert format_age(now - past, now) == written


def test_an_invalid_time_is_shown_as_a_number() -> None:
    assert format_time(1_771_488_000_000) == "2026-02-19 08:00:00"
    assert format_time(10**30) == "1" + "0" * 30
    assert format_time(None) == format_age(None, 0) == "–"


@pytest.mark.parametrize(
    ("amount", "written"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (9_960, "10 kB"), (999_600, "1.0 MB"), (3 * 10**18, "3000 PB")],
)
def test_a_size_is_short(amount: int, written: str) -> None:
    assert format_size(amount) == written


def test_an_amount_agrees_with_its_noun() -> None:
    assert [format_count(count, "run") for count in (0, 1, 12_000)] == ["0 runs", "1 run", "12,000 runs"]


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        ((0.633, 0.6602, 0.36211), 5),
        ((0.1, 0.25), 2),
        ((0.123456789, 0.2), 5),
        ((12.3456789, 0.5), 3),
        ((12345.678, 1.5), 1),
        ((1.0, 2.0), None),
        ((1e-7, 2e-7), None),
        ((0.5, 1e12), None),
        ((math.nan, math.inf, 0.5), 1),
        ((), None),
    ],
)
def test_values_of_one_size_share_the_decimals_that_the_longest_of_them_needs(
    values: tuple[float, ...], decimals: int | None
) -> None:
    assert shared_decimals(values) == decimals


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.5, "0.500"), (0.0, "0"), (1e-9, "1e-9"), (1e12, "1000000000000"), (math.nan, "NaN"), (-0.25, "-0.250")],
)
def test_a_number_of_decimals_never_hides_a_value(value: float, written: str) -> None:
    assert number_format(3)(value) == written
