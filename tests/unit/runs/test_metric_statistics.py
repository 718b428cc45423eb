"""Statistics of a group of values, against those of pandas."""

from __future__ import annotations

import math
import random

import pandas
import pytest

from qtui.runs.metric_statistics import statistics_of

NAN, INF = math.nan, math.inf


def test_statistics_are_those_of_pandas_over_the_finite_values() -> None:
    picks = random.Random(2)
    for count in (1, 2, 5, 30):
        values = [picks.gauss(3, 2) for _ in range(count)]
        ours, series = statistics_of([*values, NAN, INF]), pandas.Series(values)
        assert ours is not None
        quartiles = ours.first_quartile, ours.median, ours.third_quartile
        assert quartiles == pytest.approx(tuple(series.quantile([0.25, 0.5, 0.75])))
        assert (ours.count, ours.mean) == (count, pytest.approx(series.mean()))
        assert ours.deviation == pytest.approx(series.std() if count > 1 else 0)
        assert (ours.best(higher=True), ours.best(higher=False)) == pytest.approx((series.max(), series.min()))
    assert statistics_of([NAN]) is None


def test_huge_values_have_finite_statistics() -> None:
    ours = statistics_of([1e308, -1e308, 1e308])
    assert ours is not None and math.isfinite(ours.deviation) and math.isfinite(ours.mean)
