"""The mean of several runs, and the band around it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtui.plot.curves.band import BandSpread, average_curves
from qtui.plot.series import Series, make_curve
from tests.unit.plot.build import curve
from tests.unit.plot.strategies import any_series


def mean_of(*runs: tuple[Sequence[float], Sequence[int]], spread: BandSpread = BandSpread.DEVIATION):  # type: ignore[no-untyped-def]
    mean, band = average_curves([curve(values, steps) for values, steps in runs], "mean", "run-1", spread)
    return mean.x.tolist(), mean.y.tolist(), band.low.y.tolist(), band.high.y.tolist()


def test_the_mean_and_one_deviation_of_a_sample_at_every_step() -> None:
    _, mean, low, high = mean_of(([1, 2], [0, 1]), ([3, 6], [0, 1]))
    assert mean == [2, 4]
    assert low == pytest.approx([2 - math.sqrt(2), 4 - math.sqrt(8)])
    assert high == pytest.approx([2 + math.sqrt(2), 4 + math.sqrt(8)])


def test_the_band_can_reach_from_the_least_to_the_greatest() -> None:
    _, _, low, high = mean_of(([1, 2], [0, 1]), ([3, 6], [0, 1]), spread=BandSpread.RANGE)
    assert (low, high) == ([1, 2], [3, 6])


def test_quartiles_stand_around_the_median_and_ignore_missing_values() -> None:
    values = [[1.0, 5.0], [2.0, math.nan], [4.0, 7.0], [10.0, 6.0]]
    runs = [(row, [0, 1]) for row in values]
    _, median, low, high = mean_of(*runs, spread=BandSpread.QUARTILES)
    expected = [numpy.nanquantile(values, share, axis=0).tolist() for share in (0.5, 0.25, 0.75)]
    assert [median[0], low[0], high[0]] == pytest.approx([part[0] for part in expected])


def test_the_bootstrap_interval_of_the_mean_is_near_that_of_the_normal_distribution() -> None:
    values = numpy.random.default_rng(1).normal(size=60)
    runs = [([value], [0]) for value in values.tolist()]
    _, mean, low, high = mean_of(*runs, spread=BandSpread.INTERVAL)
    error = float(values.std(ddof=1)) / math.sqrt(len(values))
    assert mean == pytest.approx([values.mean()])
    assert [low[0], high[0]] == pytest.approx([mean[0] - 1.96 * error, mean[0] + 1.96 * error], abs=0.3 * error)


def test_a_run_counts_from_its_first_to_its_last_step_and_between_its_points() -> None:
    x, mean, _, _ = mean_of(([0, 4], [0, 4]), ([10, 10], [2, 6]))
    assert x == [0, 2, 4, 6]
    assert mean == [0, 6, 7, 10]


def test_one_run_has_a_band_of_no_height() -> None:
    _, mean, low, high = mean_of(([1, 5], [0, 1]))
    assert mean == low == high == [1, 5]


def test_very_many_steps_are_averaged_in_parts() -> None:
    mean, _ = average_curves([curve([0.0, 2.0] * 5000), curve([4.0, 6.0] * 5000)], "mean", "run-0")
    assert len(mean) == 1000
    assert mean.y == pytest.approx(3, abs=0.2)


@given(st.lists(any_series(), max_size=4), st.sampled_from(BandSpread))
def test_the_mean_of_any_runs_lies_in_its_band(logged: list[Series], spread: BandSpread) -> None:
    mean, band = average_curves([make_curve(line) for line in logged], "mean", "run-0", spread)
    there = numpy.isfinite(mean.y)
    low, middle, high = (curve.y[there] / 2 for curve in (band.low, mean, band.high))
    assert ((low <= middle) | numpy.isclose(low, middle, rtol=1e-9)).all()
    assert ((high >= middle) | numpy.isclose(high, middle, rtol=1e-9)).all()
