"""Write the results of Qlib's calculations: `python -m tests.data.write_numbers`.

Run it from the root of the repository with a Python that has pyqlib; it writes `tests/data/qlib-VERSION-numbers.json`,
inputs and results, with which the main suite compares qtui's results without Qlib.
"""

from __future__ import annotations

import importlib.metadata
import json
import math
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy
import pandas
from pandas import DataFrame, Series

from tests.data.qlib_market import BENCHMARK, CODES, DAYS, prices, scores, write_qlib_data

HERE = Path(__file__).parent.resolve()
EXECUTOR = {
    "class": "SimulatorExecutor",
    "module_path": "qlib.backtest.executor",
    "kwargs": {"time_per_step": "day", "generate_portfolio_metrics": True},
}
PLAIN: dict[str, Any] = {"topk": 4, "n_drop": 2}
BACKTESTS: list[dict[str, Any]] = [
    {"strategy": PLAIN, "account": 1e7, "exchange": {"deal_price": "close", "limit_threshold": 0.095}},
    {
        "strategy": {**PLAIN, "hold_thresh": 3, "forbid_all_trade_at_limit": False, "risk_degree": 0.5},
        "account": 1e5,
        "exchange": {"deal_price": ["$open", "$close"], "limit_threshold": 0.05, "open_cost": 0.001, "min_cost": 20},
    },
    {
        "strategy": {**PLAIN, "only_tradable": True, "risk_degree": 1.0},
        "account": 1e4,
        "exchange": {"deal_price": "open", "limit_threshold": 0.05, "close_cost": 0.0015, "trade_unit": 10},
    },
]


def write() -> None:
    """Calculate with Qlib, and write inputs and results."""
    warnings.simplefilter("ignore")
    market = prices(seed=3)
    with tempfile.TemporaryDirectory() as folder:
        write_qlib_data(market, Path(folder))
        import qlib

        qlib.init(provider_uri=folder, logging_level=50)
        numbers = {"signals": signals(), "returns": returns(), "execution": execution(), "backtests": backtests(market)}
    path = HERE / f"qlib-{importlib.metadata.version('pyqlib')}-numbers.json"
    path.write_text(json.dumps(numbers, indent=None, separators=(",", ":")) + "\n")


def signals() -> dict[str, Any]:
    """Return correlations, long-short returns and precision."""
    from qlib.contrib.eva.alpha import calc_ic, calc_long_short_prec, calc_long_short_return

    pred = scores(seed=5)[: 12 * len(CODES)]
    generator = numpy.random.default_rng(6)
    label = (pred + generator.normal(size=len(pred))).round(2).where(generator.random(len(pred)) > 0.1)
    (ic, ric), (long_short, average) = calc_ic(pred, label), calc_long_short_return(pred, label)
    long, short = calc_long_short_prec(pred, label, is_alpha=True)
    results = {"ic": ic, "ric": ric, "long_short": long_short, "average": average, "long": long, "short": short}
    inputs = {"pred": as_list(pred), "label": as_list(label)}
    return {"days": 12, **inputs, "results": {name: as_list(series) for name, series in results.items()}}


def returns() -> dict[str, Any]:
    """Return the risk by frequency, summed and compounded."""
    from qlib.contrib.evaluate import risk_analysis

    values = Series(numpy.random.default_rng(8).normal(0.001, 0.02, 60).round(6))
    results = {
        f"{mode} {freq}": risk_analysis(values, freq=freq, mode=mode)["risk"].to_dict()
        for mode in ("sum", "product")
        for freq in ("day", "week", "month", "30min")
    }
    return {"values": as_list(values), "results": results}


def execution() -> dict[str, Any]:
    """Return the indicators of order execution by weighting method."""
    from qlib.contrib.evaluate import indicator_analysis

    columns = ["ffr", "pa", "pos", "deal_amount", "value", "count"]
    table = DataFrame(numpy.random.default_rng(9).uniform(0, 9, (10, 6)).round(3), columns=columns)
    methods = ("mean", "amount_weighted", "value_weighted")
    results = {method: indicator_analysis(table, method)["value"].to_dict() for method in methods}
    return {"table": {name: as_list(column) for name, column in table.items()}, "results": results}


def backtests(market: DataFrame) -> dict[str, Any]:
    """Return reports and indicators of one market with several strategies."""
    from qlib.backtest import backtest

    signal = scores(seed=4)
    results = []
    for rules in BACKTESTS:
        strategy = {
            "class": "TopkDropoutStrategy",
            "module_path": "qlib.contrib.strategy",
            "kwargs": {**rules["strategy"], "signal": signal.to_frame()},
        }
        portfolio, indicators = backtest(
            DAYS[2], DAYS[-2], strategy, EXECUTOR, BENCHMARK, rules["account"], dict(rules["exchange"])
        )
        tables = {"report": portfolio["1day"][0], "indicators": indicators["1day"][0]}
        results.append(
            {**rules, **{name: {column: as_list(table[column]) for column in table} for name, table in tables.items()}}
        )
    return {
        "prices": {name: as_list(column) for name, column in market.items()},
        "scores": as_list(signal),
        "results": results,
    }


def as_list(values: Series) -> list[float | None]:
    """Return the numbers, None for NaN."""
    return [None if math.isnan(value) else float(value) for value in pandas.to_numeric(values)]


if __name__ == "__main__":
    write()
