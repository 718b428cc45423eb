"""The inputs, results and errors of a backtest."""

from __future__ import annotations

from typing import Any

import numpy
import pandas
import pytest
from pandas import DataFrame, MultiIndex, Series, Timestamp

from qtui.errors import ConfigError
from qtui.quant.backtest import Decision, MarketState, SimulatorExecutor, TopkDropoutStrategy, backtest

DAYS = pandas.date_range("2020-01-06", periods=4, freq="D")
NAMES = ["datetime", "instrument"]
CLOSE = {"A": [10.0, 10.0, 11.0, 12.1], "B": [10.0, 10.0, 9.0, 9.0], "C": [20.0, 20.0, 20.0, 22.0]}
PRICES = DataFrame(CLOSE, DAYS).rename_axis("datetime").rename_axis("instrument", axis=1).stack().to_frame("$close")
SCORES = Series(
    [1.0, 0.5, 0.1, 0.5, 0.1, 1.0, 0.9, 0.5, 0.1],
    MultiIndex.from_product([DAYS[:3], ["A", "B", "C"]], names=NAMES),
)
FREE = {"open_cost": 0, "close_cost": 0, "min_cost": 0, "limit_threshold": None}


def run(scores: Any = SCORES, start: Any = DAYS[0], end: Any = DAYS[-1], **kwargs: Any) -> tuple[Any, ...]:
    """The report, the positions, the indicators and the orders of one stock at a time, without costs."""
    strategy = kwargs.pop("strategy", TopkDropoutStrategy(topk=1, n_drop=1, signal=scores, risk_degree=1.0))
    asked = {"exchange_kwargs": FREE, "account": 1000.0, "prices": PRICES, **kwargs}
    portfolio, indicators = backtest(start, end, strategy, **asked)
    return (*portfolio["1day"], *indicators["1day"])


def test_the_best_of_yesterday_is_held_today() -> None:
    report, positions, _, orders = run()
    assert report["account"].tolist() == pytest.approx([1000, 1000, 1100, 1210])
    assert [sorted(set(position) - {"cash", "now_account_value"}) for position in positions.values()] == [
        [],
        ["A"],
        ["C"],
        ["A"],
    ]
    assert list(orders.index) == [(DAYS[1], "A"), (DAYS[2], "A"), (DAYS[2], "C"), (DAYS[3], "C"), (DAYS[3], "A")]


def test_the_tables_have_qlibs_columns() -> None:
    report, _, indicators, orders = run()
    assert ",".join(report) == "account,return,total_turnover,turnover,total_cost,cost,value,cash,bench"
    assert report.index.name == "datetime"
    assert ",".join(indicators) == "ffr,pa,pos,deal_amount,value,count"
    assert ",".join(orders) == "amount,deal_amount,trade_price,trade_value,trade_cost"


def test_a_position_has_qlibs_keys() -> None:
    _, positions, _, _ = run()
    assert positions[DAYS[1]] == {
        "cash": 0.0,
        "now_account_value": 1000.0,
        "A": {"amount": 100.0, "price": 10.0, "weight": 1.0, "count_day": 1},
    }


def test_costs_are_taken_from_the_account_and_reported_beside_the_return() -> None:
    report, *_ = run(exchange_kwargs={**FREE, "open_cost": 0.01, "min_cost": 20})
    day = report.iloc[1]
    assert day["total_cost"] == 20
    assert day["cost"] == pytest.approx(0.02)
    assert day["return"] == pytest.approx(0)
    assert day["account"] == pytest.approx(980)


def test_indicators_report_how_orders_were_filled() -> None:
    _, _, indicators, orders = run(exchange_kwargs={**FREE, "open_cost": 0.25})
    assert indicators["count"].tolist() == [0, 1, 2, 2]
    assert indicators["ffr"].iloc[0] != indicators["ffr"].iloc[0]
    assert indicators["ffr"].iloc[1] == pytest.approx(0.8)
    assert orders.loc[(DAYS[1], "A"), "deal_amount"] == pytest.approx(80)


def test_nothing_is_bought_at_its_upper_limit_nor_sold_at_its_lower_one() -> None:
    _, _, _, orders = run(exchange_kwargs={**FREE, "limit_threshold": 0.1})
    assert (DAYS[3], "C") not in orders.index
    assert (DAYS[3], "A") not in orders.index


def test_lots_are_whole_where_prices_have_a_factor() -> None:
    _, positions, _, _ = run(account=1234.0, prices=PRICES.assign(factor=2.0))
    assert positions[DAYS[1]]["A"]["amount"] == 100.0
    _, positions, _, _ = run(account=1234.0)
    assert positions[DAYS[1]]["A"]["amount"] == pytest.approx(123.4)


def test_prices_may_be_indexed_the_other_way_and_named_without_a_dollar() -> None:
    swapped = PRICES.swaplevel().sort_index().rename(columns={"$close": "close"})
    pandas.testing.assert_frame_equal(run(prices=swapped)[0], run()[0])


def test_prices_can_be_a_function_that_gets_an_earlier_start() -> None:
    asked: list[tuple[Timestamp, Timestamp]] = []

    def prices(start: Timestamp, end: Timestamp) -> DataFrame:
        asked.append((start, end))
        return PRICES

    report, *_ = run(start=DAYS[1], prices=prices)
    assert asked == [(DAYS[1] - pandas.Timedelta(days=31), DAYS[-1])]
    assert list(report.index) == list(DAYS[1:])
    assert report["value"].iloc[0] == pytest.approx(1000)


@pytest.mark.parametrize(
    ("benchmark", "expected"),
    [
        (None, [0, 0, 0, 0]),
        ("C", [0, 0, 0, 0.1]),
        (["A", "B"], [0, 0, 0, 0.05]),
        (Series([0.5, 0.1, 0.1], pandas.DatetimeIndex(["2020-01-01", *["2020-01-07"] * 2])), [0, 0.21, 0, 0]),
    ],
)
def test_the_benchmark_is_a_series_a_stock_or_a_mean_of_stocks(benchmark: Any, expected: list[float]) -> None:
    assert run(benchmark=benchmark)[0]["bench"].tolist() == pytest.approx(expected)


def test_the_signal_may_be_a_frame_or_a_model_with_its_dataset() -> None:
    class Model:
        def predict(self, dataset: Series) -> Series:
            return dataset

    expected = run()[0]
    for signal in (SCORES.to_frame(), (Model(), SCORES), SCORES.swaplevel()):
        pandas.testing.assert_frame_equal(run(signal)[0], expected)


def test_the_last_score_before_a_day_counts() -> None:
    within = SCORES.index.set_levels(DAYS[:3] + pandas.Timedelta(hours=10), level=0)
    early = SCORES.set_axis(SCORES.index.set_levels(DAYS[:3] + pandas.Timedelta(hours=9), level=0))
    both = pandas.concat([SCORES.set_axis(within), -early])
    pandas.testing.assert_frame_equal(run(both)[0], run()[0])


def test_a_stock_without_prices_is_never_held() -> None:
    unknown = Series([9.0], MultiIndex.from_tuples([(DAYS[0], "X")], names=NAMES))
    report, positions, *_ = run(pandas.concat([SCORES, unknown]))
    assert all("X" not in position for position in positions.values())
    assert report["value"].iloc[1] == 0


def test_a_custom_strategy_decides_by_the_state() -> None:
    class Everything:
        signal = SCORES
        risk_degree = 1.0

        def decide(self, state: MarketState) -> Decision:
            new = numpy.flatnonzero(~state.in_portfolio & state.buyable)
            return Decision(sell=numpy.array([], dtype="intp"), buy=new, parts=len(new))

    _, positions, *_ = run(strategy=Everything(), executor=SimulatorExecutor("day"))
    assert positions[DAYS[1]]["B"]["amount"] == pytest.approx(100 / 3)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"prices": PRICES.rename(columns={"$close": "$open"})}, "The prices have no column 'close'"),
        ({"prices": PRICES.reset_index()}, "must be indexed by datetime and instrument"),
        ({"prices": pandas.concat([PRICES, PRICES])}, "duplicate rows for one instrument and time"),
        ({"prices": 5}, "not int"),
        ({"prices": lambda start, end: None}, "not NoneType"),
        ({"start": "2021-01-01", "end": "2021-02-01"}, "have no day from 2021-01-01 to 2021-02-01"),
        ({"benchmark": "SH000300"}, "do not include the benchmark SH000300"),
        ({"scores": "scores.pkl"}, "signal must be a Series"),
        ({"scores": Series([1.0])}, "scores must be indexed by datetime and instrument"),
        ({"exchange_kwargs": {"volume_threshold": ("cum", "x")}}, "volume_threshold"),
        ({"exchange_kwargs": {"impact_cost": 0.1}}, "impact_cost=0.1"),
        ({"account": {"cash": 5}}, "starts with an amount of cash"),
        ({"executor": {"class": "NestedExecutor", "module_path": "qlib.backtest.executor"}}, "no 'NestedExecutor'"),
        ({"executor": SimulatorExecutor}, "must be a name or a mapping"),
        ({"strategy": {"class": "Fraction", "module_path": "fractions"}}, "Fraction needs Qlib's backtest"),
    ],
)
def test_unsupported_arguments_are_refused_by_name(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        run(**asked)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"time_per_step": "30min"}, "once a day; time_per_step='30min' needs Qlib"),
        ({"trade_type": "parallel"}, "trade_type='parallel'"),
        ({"settle_type": "cash"}, "settle_type='cash'"),
    ],
)
def test_unsupported_executor_settings_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        SimulatorExecutor(**settings)


@pytest.mark.parametrize("settings", [{"method_buy": "random"}, {"topk": 0}, {"n_drop": -1}])
def test_unsupported_strategy_settings_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        TopkDropoutStrategy(**{"topk": 1, "n_drop": 1, **settings})


def decided(strategy: TopkDropoutStrategy, scores: list[float], held: list[bool], tradable: list[bool]) -> Decision:
    """Return the decision for holdings that are one day old."""
    limits = numpy.array(tradable)
    return strategy.decide(
        MarketState(numpy.array(scores), numpy.array(held), numpy.array(held).astype("intp"), limits, limits)
    )


def test_without_drops_the_holdings_are_kept() -> None:
    decision = decided(TopkDropoutStrategy(topk=1, n_drop=0), [1.0, 2.0], [True, False], [True, True])
    assert (decision.sell.tolist(), decision.buy.tolist(), decision.parts) == ([], [], 0)


def test_a_stock_without_a_score_is_sold_first_and_never_bought() -> None:
    decision = decided(
        TopkDropoutStrategy(topk=2, n_drop=1), [numpy.nan, 1.0, numpy.nan], [True, True, False], [True] * 3
    )
    assert (decision.sell.tolist(), decision.buy.tolist()) == ([0], [])


def test_no_more_is_bought_while_too_much_is_held_that_cannot_be_sold() -> None:
    strategy = TopkDropoutStrategy(topk=2, n_drop=3, only_tradable=True)
    decision = decided(strategy, [1.0, 2.0, 3.0, 4.0, 5.0], [True] * 3 + [False] * 2, [False] * 3 + [True] * 2)
    assert (decision.sell.tolist(), decision.buy.tolist()) == ([], [])


def test_the_part_of_a_stock_that_cannot_be_bought_is_kept() -> None:
    decision = decided(TopkDropoutStrategy(topk=2, n_drop=1), [1.0, 2.0], [False, False], [False, True])
    assert (decision.buy.tolist(), decision.parts) == ([1], 2)
