"""IC, Rank IC, long-short returns and precision, held against what a day by day reckoning gives."""

from __future__ import annotations

import math

import numpy
import pandas
import pytest
from hypothesis import assume, given
from pandas import MultiIndex, Series

from qtui.errors import UsageError
from qtui.recorder import calc_ic, calc_long_short_prec, calc_long_short_return
from tests.unit.quant.measures import slow
from tests.unit.quant.measures.strategies import NAMES, signals


def day(values: list[float]) -> Series:
    """One day with instruments A, B, C and so on."""
    codes = [chr(ord("A") + number) for number in range(len(values))]
    return Series(values, MultiIndex.from_product([[pandas.Timestamp("2020-01-02")], codes], names=NAMES))


def same(found: Series, expected: dict[object, float]) -> None:
    """The same days with the same values, to nine digits."""
    assert list(found.index) == list(expected)
    numpy.testing.assert_allclose(found.to_numpy(), list(expected.values()), rtol=1e-9, atol=1e-9)


@given(signals())
def test_correlations_are_those_of_each_day(both: tuple[Series, Series]) -> None:
    ic, rank_ic = calc_ic(*both)
    days = slow.days_of(*both)
    same(ic, {day: slow.pearson(pairs) for day, pairs in days.items()})
    same(rank_ic, {day: slow.spearman(pairs) for day, pairs in days.items()})


@given(signals())
def test_long_short_returns_are_those_of_each_day(both: tuple[Series, Series]) -> None:
    long_short, average = calc_long_short_return(*both)
    days = slow.days_of(*both)
    same(long_short, {day: slow.long_short(pairs, 0.2) for day, pairs in days.items()})
    same(average, {day: slow.mean([y for _, y in pairs]) for day, pairs in days.items()})


@given(signals())
def test_precision_is_that_of_each_day_that_has_ends(both: tuple[Series, Series]) -> None:
    assume(both[1].index.get_level_values("instrument").nunique() > 2)
    precision = calc_long_short_prec(*both, quantile=0.5)
    ends = {day: slow.ends(pairs, 0.5) for day, pairs in slow.days_of(*both).items() if len(pairs) > 1}
    same(precision[0], {day: slow.share(long, right=True) for day, (long, _) in ends.items()})
    same(precision[1], {day: slow.share(short, right=False) for day, (_, short) in ends.items()})


def test_a_day_that_does_not_vary_has_no_correlation() -> None:
    ic, rank_ic = calc_ic(day([0.1, 0.1, 0.1]), day([1.0, 2.0, 3.0]))
    assert math.isnan(ic.iloc[0]) and math.isnan(rank_ic.iloc[0])


def test_days_without_correlation_can_be_dropped() -> None:
    ic, rank_ic = calc_ic(day([0.1, 0.1, 0.1]), day([1.0, 2.0, 3.0]), dropna=True)
    assert ic.empty and rank_ic.empty


def test_a_frame_of_single_precision_is_reckoned_in_double() -> None:
    pred, label = day([1.0, 2.0, 3.0, 4.0, 5.0]), day([0.1, 0.2, 0.3, 0.4, 0.6])
    long_short, _ = calc_long_short_return(pred, label.astype("float32"))
    assert long_short.iloc[0] == pytest.approx((float(numpy.float32(0.6)) - float(numpy.float32(0.1))) / 2, rel=1e-12)


def test_an_index_without_days_is_refused() -> None:
    with pytest.raises(UsageError, match="no level 'datetime'"):
        calc_ic(Series([1.0]), Series([1.0]))


def test_precision_against_the_average_of_the_day() -> None:
    label = day([1.0, 1.1, 1.2, 1.3, 1.4, 1.5])
    long, short = calc_long_short_prec(day([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), label, is_alpha=True)
    assert (long.tolist(), short.tolist()) == ([1.0], [1.0])
    _, short = calc_long_short_prec(day([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), label)
    assert short.tolist() == [0.0]


def test_precision_needs_more_instruments_than_quantiles() -> None:
    with pytest.raises(UsageError, match="needs more than 5 instruments"):
        calc_long_short_prec(day([1.0] * 5), day([1.0] * 5))
