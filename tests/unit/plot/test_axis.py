"""Axes: they cover the data, and their ticks are round, in place, and told apart."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtui.plot.axes.axis import DEFAULT_AXIS, Axis, Ruler, Unit, format_value, horizontal_ruler, vertical_ruler
from qtui.plot.axes.limits import AxisLimits, clip_limits, widen_limits
from qtui.plot.axes.tick_labels import tick_labels
from qtui.plot.scale import LINEAR, LOG, Scale, Symlog, logarithmic_scale

HOUR = 3_600_000
DAY = 24 * HOUR
GREATEST = 1.7976931348623157e308

numbers = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(-1000, 1000),
    st.sampled_from((0.0, 5e-324, GREATEST, -GREATEST, 1e-308, 1e15, 123456.789)),
)
scales = st.sampled_from((LINEAR, LOG, Symlog(0.01), Symlog(1e100)))
near = st.tuples(st.floats(1, 1e15), st.floats(1e-14, 1e-6)).map(lambda drawn: (drawn[0], drawn[0] * (1 + drawn[1])))
pairs = st.one_of(st.tuples(numbers, numbers), near)


def told(ruler: Ruler) -> list[str]:
    return [mark.label for mark in ruler.marks]


def of_y(low: float, high: float, rows: int = 13, axis: Axis = DEFAULT_AXIS) -> Ruler:
    return vertical_ruler(axis, AxisLimits(low, high), rows, 4)


def of_x(low: float, high: float, cells: int = 60, unit: Unit = Unit.COUNT) -> list[str]:
    axis = Axis(unit=unit)
    return told(horizontal_ruler(axis, axis.limits_for(AxisLimits(low, high)), cells, 2))


@given(ends=pairs, scale=scales, rows=st.integers(1, 60), down=st.sampled_from((1, 2, 4)))
def test_an_axis_covers_the_data(ends: tuple[float, float], scale: Scale, rows: int, down: int) -> None:
    low, high = min(ends), max(ends)
    if scale.positive_only:
        low, high = max(low, 5e-324), max(high, 5e-324)
    ruler = vertical_ruler(Axis(scale), AxisLimits(low, high), rows, down)
    assert ruler.limits.low <= low <= high <= ruler.limits.high
    assert ruler.limits.low < ruler.limits.high
    fractions = scale.fraction(numpy.array([low, high]), *ruler.limits)
    assert ((fractions >= 0) & (fractions <= 1)).all()


@given(ends=pairs, scale=scales, rows=st.integers(1, 60))
def test_ticks_at_the_side_have_rows_and_labels_of_their_own(
    ends: tuple[float, float], scale: Scale, rows: int
) -> None:
    low, high = min(ends), max(ends)
    if scale.positive_only:
        low, high = max(low, 5e-324), max(high, 5e-324)
    marks = vertical_ruler(Axis(scale), AxisLimits(low, high), rows, 4).marks
    assert all(0 <= mark.cell < rows for mark in marks)
    assert all(before.cell - after.cell > 1 for before, after in pairwise(marks))
    assert len({mark.label for mark in marks}) == len(marks)
    assert all(len(mark.label) <= 12 for mark in marks)


@given(ends=pairs, unit=st.sampled_from(Unit), cells=st.integers(2, 200))
def test_labels_below_never_touch_and_are_never_the_same(ends: tuple[float, float], unit: Unit, cells: int) -> None:
    axis = Axis(unit=unit)
    marks = horizontal_ruler(axis, axis.limits_for(AxisLimits(min(ends), max(ends))), cells, 2).marks
    spans = [(mark.cell - len(mark.label) // 2, mark.cell + (len(mark.label) + 1) // 2) for mark in marks]
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    assert all(0 <= mark.cell < cells for mark in marks)
    # The same time of another day is the same.
    assert unit is Unit.TIMESTAMP or len({mark.label for mark in marks}) == len(marks)


@given(st.integers(-(10**17), 10**17), st.integers(1, 20), st.sampled_from((1, 2, 5)), st.integers(-330, 300))
def test_labels_of_different_numbers_differ(first: int, count: int, digit: int, exponent: int) -> None:
    texts = tick_labels([(first + index) * digit for index in range(count)], exponent).texts
    assert len(set(texts)) == count


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.0, 1.0, ["0", "0.25", "0.50", "0.75", "1.00"]),
        (0.11, 2.4, ["0", "1", "2"]),
        (-3, 3, ["-2", "0", "2"]),
        (0, 90_000, ["0", "25k", "50k", "75k", "100k"]),
        (1e-5, 9e-5, ["2e-5", "4e-5", "6e-5", "8e-5"]),
        (2e20, 8e20, ["2e20", "4e20", "6e20", "8e20"]),
        (-GREATEST, GREATEST, ["-1e308", "0", "1e308"]),
        (5, 5, ["4.50", "4.75", "5.00", "5.25", "5.50"]),
        (0, 0, ["-1.0", "-0.5", "0", "0.5", "1.0"]),
    ],
)
def test_ticks_are_round_and_labels_short(low: float, high: float, expected: list[str]) -> None:
    assert told(of_y(low, high)) == expected


def test_a_nearly_constant_series_is_labelled_with_offsets_from_a_round_number() -> None:
    ruler = of_y(100_000.0001, 100_000.0004)
    assert ruler.note == "100000 + …"
    assert told(ruler) == ["+1e-4", "+2e-4", "+3e-4", "+4e-4"]


def test_ticks_of_an_axis_that_follows_the_data_are_equally_many_rows_apart() -> None:
    cells = [mark.cell for mark in of_y(0.13, 2.71, rows=23).marks]
    assert len({before - after for before, after in pairwise(cells)}) == 1


def test_a_loss_near_zero_gets_an_axis_that_ends_at_zero() -> None:
    lowest = of_y(0.02, 2.3).marks[0]
    assert (lowest.label, lowest.cell) == ("0", 12)


def test_typed_ends_are_kept_to_the_letter_and_either_way_round() -> None:
    assert of_y(0, 1, axis=Axis(low=0.123, high=0.777)).limits == (0.123, 0.777)
    assert of_y(0, 1, axis=Axis(low=0.777, high=0.123)).limits == (0.123, 0.777)
    assert of_y(0, 1, axis=Axis(high=3.3)).limits == (0, 3.3)
    beyond = of_y(0, 1, axis=Axis(low=7)).limits
    assert beyond.low < 7 < beyond.high


@pytest.mark.parametrize("end", [math.nan, math.inf, -math.inf])
def test_a_limit_that_is_no_number_is_ignored(end: float) -> None:
    assert of_y(0, 1, axis=Axis(low=end)) == of_y(0, 1)
    assert of_y(1, 10, axis=Axis(LOG, low=-5)).limits == (1, 10)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.02, 3, ["0.02", "0.05", "0.1", "0.2", "0.5", "1", "2"]),
        (1e-5, 1e3, ["1e-4", "1e-2", "1e0", "1e2"]),
        (1, 9, ["1", "2", "5"]),
        (3.1, 3.3, ["3.10", "3.15", "3.20", "3.25", "3.30"]),
        (5e-324, 1e308, ["1e-300", "1e-200", "1e-100", "1e0", "1e100", "1e200", "1e300"]),
    ],
)
def test_a_logarithmic_axis_has_powers_of_ten_or_parts_of_them(low: float, high: float, expected: list[str]) -> None:
    marks = of_y(low, high, rows=21, axis=Axis(LOG)).marks
    assert [mark.label for mark in marks] == expected


def test_a_symmetric_axis_has_zero_and_powers_of_ten_on_both_sides() -> None:
    assert told(of_y(-100, 1000, rows=30, axis=Axis(Symlog(1)))) == ["-100", "-10", "0", "10", "100", "1000"]


def test_the_logarithmic_scale_is_symmetric_only_where_it_must_be() -> None:
    assert logarithmic_scale([numpy.array([1.0, math.nan, 3.0])]) == LOG
    assert logarithmic_scale([numpy.array([0.5, 20.0]), numpy.array([0.0, -3.0])]) == Symlog(0.1)
    assert logarithmic_scale([numpy.array([0.0])]) == LINEAR
    assert logarithmic_scale([]) == LOG


@given(ends=pairs, scale=scales, fraction=st.floats(0, 1))
def test_a_scale_goes_there_and_back(ends: tuple[float, float], scale: Scale, fraction: float) -> None:
    low, high = min(ends), max(ends)
    if scale.positive_only:
        low, high = max(low, 1e-300), max(high, 1e-300)
    limits = widen_limits(AxisLimits(low, high), scale)
    there = scale.value(numpy.array([fraction]), *limits)
    assert scale.fraction(there, *limits)[0] == pytest.approx(fraction, abs=0.01)


def test_steps_have_no_ticks_between_them() -> None:
    assert of_x(0, 3) == ["0", "1", "2", "3"]
    assert of_x(0, 1_000_000, cells=40) == ["0", "200k", "400k", "600k", "800k", "1M"]


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (100, ["0", "0.02s", "0.04s", "0.06s", "0.08s", "0.10s"]),
        (90_000, ["0", "15s", "30s", "45s", "1m", "1m15s", "1m30s"]),
        (3 * HOUR, ["0", "30m", "1h", "1h30m", "2h", "2h30m", "3h"]),
        (3 * DAY, ["0", "12h", "1d", "1d12h", "2d", "2d12h", "3d"]),
        (4000 * DAY, ["0", "1000d", "2000d", "3000d", "4000d"]),
    ],
)
def test_relative_time_has_the_units_of_clocks(span: float, expected: list[str]) -> None:
    assert of_x(0, span, unit=Unit.DURATION) == expected


@pytest.mark.parametrize(
    ("start", "span", "expected"),
    [
        (1_760_000_000_000, 2 * HOUR, ["09:00", "09:30", "10:00", "10:30"]),
        (1_760_000_000_000, 30_000, ["08:53:20", "08:53:30", "08:53:40", "08:53:50"]),
        (1_760_000_000_000, 2 * DAY, ["12:00", "10-10", "12:00", "10-11"]),
        (1_760_000_000_000, 30 * DAY, ["10-13", "10-20", "10-27", "11-03"]),
        (1_760_000_000_000, 1000 * DAY, ["2026-01", "2026-07", "2027-01", "2027-07", "2028-01", "2028-07"]),
        (0, 20_000 * DAY, ["1970", "1980", "1990", "2000", "2010", "2020"]),
    ],
)
def test_moments_have_round_times_of_clock_and_calendar(start: float, span: float, expected: list[str]) -> None:
    assert of_x(start, start + span, unit=Unit.TIMESTAMP) == expected


def test_a_moment_that_no_calendar_knows_stays_a_number() -> None:
    assert of_x(1e17, 9e17, unit=Unit.TIMESTAMP, cells=30) == ["2e17", "4e17", "6e17", "8e17"]


def test_the_date_of_times_of_day_is_shown() -> None:
    axis = Axis(unit=Unit.TIMESTAMP)
    assert horizontal_ruler(axis, AxisLimits(1_760_000_000_000, 1_760_003_600_000), 60, 2).note == "2025-10-09"


def test_outliers_are_clipped_and_even_series_are_not() -> None:
    falling = numpy.concatenate([numpy.linspace(2, 1, 100), [1e6, math.inf, math.nan]])
    limits = clip_limits([falling], LINEAR)
    assert limits is not None
    assert limits.low == 1 and limits.high < 3
    assert clip_limits([numpy.linspace(2, 1, 100)], LINEAR) == (1, 2)
    assert clip_limits([numpy.array([math.nan])], LINEAR) is None


def test_a_place_is_written_in_full() -> None:
    assert format_value(Unit.COUNT, 1234567.0) == "1,234,567"
    assert format_value(Unit.TIMESTAMP, 1_760_000_000_000.0) == "2025-10-09 08:53:20"
    assert format_value(Unit.DURATION, 5_400_000.0) == "1h 30m"
    assert format_value(Unit.NUMBER, math.nan) == "NaN"
