"""The numbers that Qlib 0.9.7 found for the same inputs, to nine digits; `tests.data.write_numbers` asked it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy
import pandas
import pytest
from pandas import DataFrame, MultiIndex, Series

from qtui.quant.backtest import backtest
from qtui.recorder import calc_ic, calc_long_short_prec, calc_long_short_return, indicator_analysis, risk_analysis
from tests.data.qlib_market import BENCHMARK, CODES, DAYS, NAMES

FILE = Path(__file__).parents[2] / "data" / "qlib-0.9.7-numbers.json"
EXACT = 1e-9
SINGLE = 1e-6
"""Qlib reckons the return of a benchmark in single precision."""


@cache
def numbers() -> dict[str, Any]:
    """Return the inputs and the results of Qlib."""
    result: dict[str, Any] = json.loads(FILE.read_text())
    return result


def same(result: Any, expected: list[float | None], tolerance: float = EXACT) -> None:
    """The same numbers, NaN where Qlib has none."""
    numpy.testing.assert_allclose(result, numpy.array(expected, dtype="float64"), rtol=tolerance, atol=tolerance)


def series(values: list[float | None], codes: list[str] = CODES) -> Series:
    """Values of instruments on days."""
    days = DAYS[: len(values) // len(codes)]
    return Series(values, MultiIndex.from_product([days, codes], names=NAMES), dtype="float64")


def test_signal_measures_equal_those_of_qlib() -> None:
    given = numbers()["signals"]
    pred, label = series(given["pred"]), series(given["label"])
    result = (
        *calc_ic(pred, label),
        *calc_long_short_return(pred, label),
        *calc_long_short_prec(pred, label, is_alpha=True),
    )
    for values, name in zip(result, ("ic", "ric", "long_short", "average", "long", "short"), strict=True):
        same(values, given["results"][name])
    same(
        [result[0].mean() / result[0].std()],
        [Series(given["results"]["ic"]).mean() / Series(given["results"]["ic"]).std()],
    )


@pytest.mark.parametrize("mode", ["sum", "product"])
@pytest.mark.parametrize("freq", ["day", "week", "month", "30min"])
def test_return_measures_equal_those_of_qlib(mode: Any, freq: str) -> None:
    given = numbers()["returns"]
    expected = given["results"][f"{mode} {freq}"]
    result = risk_analysis(Series(given["values"]), freq=freq, mode=mode)["risk"]
    assert list(result.index) == list(expected)
    same(result, list(expected.values()))


@pytest.mark.parametrize("method", ["mean", "amount_weighted", "value_weighted"])
def test_execution_measures_equal_those_of_qlib(method: str) -> None:
    given = numbers()["execution"]
    same(indicator_analysis(DataFrame(given["table"]), method)["value"], list(given["results"][method].values()))


@pytest.mark.parametrize("number", range(3))
def test_a_backtest_earns_as_much_as_the_executor_of_qlib(number: int) -> None:
    given = numbers()["backtests"]
    rules = given["results"][number]
    codes = [BENCHMARK, *CODES]
    prices = DataFrame({name: series(values, codes) for name, values in given["prices"].items()})
    strategy = {
        "class": "TopkDropoutStrategy",
        "module_path": "qlib.contrib.strategy",
        "kwargs": {**rules["strategy"], "signal": series(given["scores"])},
    }
    portfolio, indicators = backtest(
        DAYS[2], DAYS[-2], strategy, None, BENCHMARK, rules["account"], rules["exchange"], prices=prices
    )
    report, table = portfolio["1day"][0], indicators["1day"][0]
    assert list(report.columns) == list(rules["report"])
    assert (report["total_turnover"].iloc[-1] > 0) and (table["count"].max() > 2)
    for name, expected in rules["report"].items():
        same(report[name], expected, SINGLE if name == "bench" else EXACT)
    for name, expected in rules["indicators"].items():
        same(table[name], expected)


def test_the_days_of_the_numbers_are_those_of_the_market() -> None:
    assert len(numbers()["backtests"]["scores"]) == len(DAYS) * len(CODES)
    assert pandas.Timestamp("2020-01-01") == DAYS[0]
