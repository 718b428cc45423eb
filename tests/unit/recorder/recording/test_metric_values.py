"""A metric may be given as a number of any kind, an array, or a Series."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy
import pandas
import pytest

from qtui.errors import BadValue
from qtui.recorder.recording.metric_values import points_of


def points(value: object, step: object = None, following: int = 0) -> list[tuple[int, float]]:
    return list(points_of("loss", value, step, lambda key: following))


@pytest.mark.parametrize(
    "value",
    [0.5, Decimal("0.5"), Fraction(1, 2), numpy.float32(0.5), numpy.float64(0.5), numpy.array(0.5)],
)
def test_any_number_is_one_point(value: object) -> None:
    assert points(value, 3) == [(3, 0.5)]


def test_whole_numbers_become_floats_and_numpy_steps_become_whole_numbers() -> None:
    ((step, value),) = points(numpy.int64(7), numpy.int32(2))
    assert (type(step), step, type(value), value) == (int, 2, float, 7.0)


def test_nan_and_infinity_are_logged() -> None:
    assert points(math.inf, 0) == [(0, math.inf)]
    ((_, value),) = points(numpy.nan)
    assert math.isnan(value)


def test_a_step_may_be_a_float_without_a_fraction() -> None:
    ((step, _),) = points(0.5, 3.0)
    assert (type(step), step) == (int, 3)


def test_without_a_step_points_are_numbered_on() -> None:
    assert points(1.0, following=4) == [(4, 1.0)]
    assert points([1, 2], following=4) == [(4, 1.0), (5, 2.0)]


@pytest.mark.parametrize("values", [[1.0, 2.0], (1.0, 2.0), range(1, 3), numpy.array([1, 2]), pandas.array([1, 2])])
def test_an_array_is_numbered_from_its_step(values: object) -> None:
    assert points(values, 10) == [(10, 1.0), (11, 2.0)]


def test_an_array_may_have_a_step_for_every_value() -> None:
    assert points([1.0, 2.0], numpy.array([5, 3])) == [(5, 1.0), (3, 2.0)]


def test_the_index_of_a_series_are_its_steps() -> None:
    assert points(pandas.Series([0.1, 0.2], index=[10, 20])) == [(10, 0.1), (20, 0.2)]


def test_a_series_by_day_is_numbered_on() -> None:
    days = pandas.date_range("2020-01-01", periods=2)
    assert points(pandas.Series([0.1, 0.2], index=days), following=3) == [(3, 0.1), (4, 0.2)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, 1.0), (numpy.True_, 1.0), (numpy.False_, 0.0), ("1.5", 1.5), (" 2 ", 2.0), ("-inf", -math.inf)],
)
def test_numbers_of_mlflow_are_accepted(value: object, expected: float) -> None:
    assert points(value, 3) == [(3, expected)]
    assert points([value, value], 3) == [(3, expected), (4, expected)]


def test_nothing_is_no_point() -> None:
    assert points([]) == []
    assert points(pandas.Series([], dtype=float)) == []


@pytest.mark.parametrize(
    ("value", "step", "reason"),
    [
        (None, 0, "has a value that is not a number: None"),
        ("high", 0, "has a value that is not a number: 'high'"),
        ({"a": 1}, 0, "has a value that is not a number"),
        ([1.0, None], 0, "has a value that is not a number: None"),
        (1j, 0, "has a value that is not a number"),
        (10**400, 0, "has a value that is out of range"),
        (0.5, "1", "has a step that is not an integer: '1'"),
        (0.5, 1.5, "has a step that is not an integer: 1.5"),
        (0.5, True, "has a step that is not an integer: True"),
        (1, 2**63, "has a step that is out of range"),
        (0.5, [1, 2], "has one value but more than one step"),
        ([0.5], [1, 2], "has 1 values but 2 steps"),
        (numpy.zeros((2, 2)), 0, "has 2 dimensions"),
        (pandas.Series([1.0]), 0, "no other step can be given"),
    ],
)
def test_a_value_that_is_no_number_is_refused_with_the_name_of_the_metric(
    value: object, step: object, reason: str
) -> None:
    with pytest.raises(BadValue) as refused:
        points(value, step)
    assert str(refused.value).startswith("The metric 'loss' ")
    assert reason in str(refused.value)
