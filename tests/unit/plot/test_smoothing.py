"""Smoothing and normalising."""

from __future__ import annotations

import math

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtui.plot.smoothing import CHUNK_VALUES, normalise, smooth
from tests.unit.plot.strategies import values

weights = st.floats(0.001, 0.999)


def one_by_one(numbers: list[float], weight: float) -> list[float]:
    """The debiased moving average as it is defined, value by value."""
    last, count, means = 0.0, 0, []
    for value in numbers:
        if math.isfinite(value):
            last, count = last * weight + (1 - weight) * value, count + 1
            value = last / (1 - weight**count)
        means.append(value)
    return means


@given(st.lists(st.one_of(st.floats(-1e6, 1e6), st.sampled_from((math.nan, math.inf))), max_size=50), weights)
def test_a_smoothed_value_is_the_weighted_mean_of_earlier_values(numbers: list[float], weight: float) -> None:
    expected = one_by_one(numbers, weight)
    assert smooth(numpy.array(numbers), weight) == pytest.approx(expected, rel=1e-9, abs=1e-6, nan_ok=True)


def test_smoothing_works_for_long_series() -> None:
    numbers = numpy.random.default_rng(1).normal(size=3 * CHUNK_VALUES + 17)
    for weight in (0.3, 0.9, 0.999, 0.99999):
        assert smooth(numbers, weight) == pytest.approx(one_by_one(numbers.tolist(), weight), rel=1e-6, abs=1e-9)


@given(values, weights)
def test_a_smoothed_value_lies_between_the_least_and_the_greatest(numbers: list[float], weight: float) -> None:
    finite = [value for value in numbers if math.isfinite(value)]
    result = smooth(numpy.array(numbers, float), weight)
    assert [math.isfinite(value) for value in result] == [math.isfinite(value) for value in numbers]
    assert all(min(finite) <= value <= max(finite) for value in result if math.isfinite(value))


def test_no_smoothing_changes_nothing() -> None:
    numbers = numpy.array([1.0, math.nan, 3.0])
    assert smooth(numbers, 0) is numbers


@given(values)
def test_normalised_values_fill_zero_to_one(numbers: list[float]) -> None:
    result = normalise(numpy.array(numbers, float))
    finite = result[numpy.isfinite(result)]
    assert len(finite) == sum(map(math.isfinite, numbers))
    assert ((finite >= 0) & (finite <= 1)).all()
    if len({value for value in numbers if math.isfinite(value)}) > 1:
        assert finite.min() == 0 and finite.max() == 1
