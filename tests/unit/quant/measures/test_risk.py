"""Risk and execution, held against the formulas written out."""

from __future__ import annotations

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas import DataFrame, Series

from qtui.errors import UsageError
from qtui.quant.measures.frequency import Frequency
from qtui.recorder import indicator_analysis, risk_analysis
from tests.unit.quant.measures.strategies import RETURNS


def risk(values: list[float], **kwargs: object) -> dict[str, float]:
    """The five numbers."""
    return dict(risk_analysis(Series(values), **kwargs)["risk"])


@given(RETURNS)
def test_summed_returns_are_measured_by_mean_and_deviation(values: list[float]) -> None:
    mean, spread = math.fsum(values) / len(values), statistics.stdev(values)
    sums = [math.fsum(values[: end + 1]) for end in range(len(values))]
    fall = min(here - max(sums[: end + 1]) for end, here in enumerate(sums))
    result = risk(values)
    assert result["mean"] == pytest.approx(mean, abs=1e-12)
    assert result["std"] == pytest.approx(spread, abs=1e-12)
    assert result["annualized_return"] == pytest.approx(mean * 238, abs=1e-9)
    assert result["max_drawdown"] == pytest.approx(fall, abs=1e-12)
    if spread > 1e-9:
        assert result["information_ratio"] == pytest.approx(mean / spread * math.sqrt(238), rel=1e-9, abs=1e-9)


@given(RETURNS)
def test_compounded_returns_are_measured_by_growth(values: list[float]) -> None:
    worth = [math.prod(1 + value for value in values[: end + 1]) for end in range(len(values))]
    result = risk(values, mode="product", freq="week")
    assert result["mean"] == pytest.approx(worth[-1] ** (1 / len(values)) - 1, abs=1e-12)
    assert result["std"] == pytest.approx(statistics.stdev(math.log(1 + value) for value in values), abs=1e-12)
    assert result["annualized_return"] == pytest.approx(worth[-1] ** (50 / len(values)) - 1, rel=1e-9, abs=1e-9)
    assert result["max_drawdown"] == pytest.approx(
        min(here / max(worth[: end + 1]) - 1 for end, here in enumerate(worth)), abs=1e-12
    )


def test_the_table_has_qlibs_rows_and_column() -> None:
    table = risk_analysis(Series([0.1, 0.2]))
    assert list(table.index) == ["mean", "std", "annualized_return", "information_ratio", "max_drawdown"]
    assert list(table.columns) == ["risk"]


def test_the_periods_per_year_can_be_set() -> None:
    assert risk([0.1, 0.2], N=252)["annualized_return"] == pytest.approx(0.15 * 252)


@pytest.mark.parametrize("mode", ["sum", "product"])
def test_no_returns_and_one_return_have_no_spread(mode: str) -> None:
    assert all(math.isnan(value) for value in risk_analysis(Series(dtype="float64"), mode=mode)["risk"])
    assert math.isnan(risk([0.1], mode=mode)["std"])


def test_returns_that_do_not_vary_have_an_endless_ratio() -> None:
    assert risk([0.25, 0.25])["information_ratio"] == math.inf


def test_risk_without_a_year_is_refused() -> None:
    with pytest.raises(UsageError, match="needs N"):
        risk([0.1], freq=None)


def test_an_unknown_way_of_adding_up_is_refused() -> None:
    with pytest.raises(UsageError, match="'mul'"):
        risk([0.1], mode="mul")


@pytest.mark.parametrize(
    ("text", "name", "per_year"),
    [
        ("day", "1day", 238),
        ("5D", "5day", 47.6),
        ("30min", "30min", 1904),
        ("1MINUTE", "1min", 57120),
        ("w", "1week", 50),
        ("2mon", "2month", 6),
    ],
)
def test_frequencies_are_read_as_qlib_reads_them(text: str, name: str, per_year: float) -> None:
    assert (Frequency.parse(text).name, Frequency.parse(text).per_year) == (name, per_year)


@pytest.mark.parametrize("text", ["", "hour", "0day", "day1", "-1day", "1 day"])
def test_an_invalid_frequency_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="Invalid frequency"):
        Frequency.parse(text)


COLUMNS = ("ffr", "pa", "pos", "deal_amount", "value", "count")
ROWS = st.lists(st.tuples(*(st.integers(1, 9).map(float) for _ in COLUMNS)), min_size=1, max_size=9)


@given(ROWS, st.sampled_from([("mean", "count"), ("amount_weighted", "deal_amount"), ("value_weighted", "value")]))
def test_execution_is_weighted_by_the_traded_amount(rows: list[tuple[float, ...]], method: tuple[str, str]) -> None:
    frame = DataFrame(rows, columns=list(COLUMNS))
    result = indicator_analysis(frame, method[0])["value"]
    for name, weight in (("ffr", method[1]), ("pa", method[1]), ("pos", "count")):
        weights = frame[weight].tolist()
        total = sum(value * part for value, part in zip(frame[name], weights, strict=True))
        assert result[name] == pytest.approx(total / sum(weights))


def test_an_unknown_weight_is_refused() -> None:
    with pytest.raises(UsageError, match="must be one of mean, amount_weighted, value_weighted"):
        indicator_analysis(DataFrame(columns=list(COLUMNS)), "median")
