"""Our numbers are Qlib's, for generated frames."""

from __future__ import annotations

from typing import Any

import numpy
import pytest
from hypothesis import assume, given, settings
from pandas import DataFrame, Index, Series
from qlib.contrib.eva import alpha
from qlib.contrib.evaluate import risk_analysis as qlibs_risk_analysis

from qtui.quant.backtest import backtest
from qtui.recorder import calc_ic, calc_long_short_return, risk_analysis
from tests.data.qlib_market import BENCHMARK, DAYS, prices, scores
from tests.interop.conftest import Qlib
from tests.unit.quant.measures.strategies import RETURNS, signals

RULES: list[dict[str, Any]] = [
    {"strategy": {}, "account": 1e6, "exchange": {"limit_threshold": 0.095}},
    {
        "strategy": {"hold_thresh": 2, "only_tradable": True},
        "account": 2e4,
        "exchange": {"limit_threshold": 0.04, "deal_price": "open", "min_cost": 50},
    },
    {
        "strategy": {"forbid_all_trade_at_limit": False, "risk_degree": 1.0},
        "account": 1e8,
        "exchange": {"limit_threshold": 0.06, "open_cost": 0.01, "trade_unit": None},
    },
]


def assert_close(result: Any, expected: Any, tolerance: float = 1e-9) -> None:
    """Assert that the numbers are equal within a tolerance."""
    numpy.testing.assert_allclose(result, numpy.array(expected, dtype="float64"), rtol=tolerance, atol=tolerance)


def constant_days(both: tuple[Series, Series]) -> Index:
    """Return the days on which one side is constant: Qlib's correlation is then a rounding error, ours NaN."""
    counts = DataFrame({"pred": both[0], "label": both[1]}).dropna().groupby(level="datetime").nunique()
    return counts[(counts < 2).any(axis="columns")].index


@pytest.mark.filterwarnings("ignore")
@settings(deadline=None, max_examples=60)
@given(signals())
def test_correlations_are_qlibs(both: tuple[Series, Series]) -> None:
    unclear = constant_days(both)
    for result, expected in zip(calc_ic(*both), alpha.calc_ic(*both), strict=True):
        assert list(result.index) == list(expected.index)
        assert_close(result.drop(unclear), expected.drop(unclear))


@pytest.mark.filterwarnings("ignore")
@settings(deadline=None, max_examples=60)
@given(signals())
def test_long_short_returns_are_qlibs(both: tuple[Series, Series]) -> None:
    for result, expected in zip(calc_long_short_return(*both), alpha.calc_long_short_return(*both), strict=True):
        assert_close(result, expected)


@pytest.mark.filterwarnings("ignore")
@settings(deadline=None, max_examples=60)
@given(RETURNS)
def test_risks_are_qlibs(values: list[float]) -> None:
    assume(Series(values).std() > 1e-6)
    for mode in ("sum", "product"):
        for freq in ("day", "30min", "week", "month"):
            result = risk_analysis(Series(values), freq=freq, mode=mode)
            assert_close(result, qlibs_risk_analysis(Series(values), freq=freq, mode=mode))


@pytest.mark.parametrize("uri", ["file:unused"])
@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("seed", [11, 12])
def test_a_backtest_earns_as_much_as_the_executor_of_qlib(qlib: Qlib, rules: dict[str, Any], seed: int) -> None:
    strategy = {"topk": 4, "n_drop": 2, **rules["strategy"]}
    theirs = qlib("backtest", seed=seed, strategy=strategy, account=rules["account"], exchange=rules["exchange"])
    described = {"class": "TopkDropoutStrategy", "kwargs": {**strategy, "signal": scores(seed)}}
    portfolio, _ = backtest(
        DAYS[1], DAYS[-2], described, None, BENCHMARK, rules["account"], rules["exchange"], prices=prices(seed)
    )
    report = portfolio["1day"][0]
    assert report["total_turnover"].iloc[-1] > 0
    for name, expected in theirs.items():
        # Money left after selling everything is rounding noise of the account, so the error is relative to it.
        scale = rules["account"] if name in ("account", "value", "cash", "total_turnover", "total_cost") else 1.0
        assert_close(report[name] / scale, numpy.array(expected) / scale, 1e-6 if name == "bench" else 1e-9)
