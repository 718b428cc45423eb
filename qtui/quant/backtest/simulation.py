"""The simulation loop of the built-in backtest: day by day, all instruments of a day at once."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from qtui.errors import ConfigError
from qtui.quant.backtest.exchange import Exchange
from qtui.quant.backtest.executor import SimulatorExecutor
from qtui.quant.backtest.holdings import Holdings
from qtui.quant.backtest.ledger import Ledger
from qtui.quant.backtest.market import LOOKBACK_DAYS, Market, Prices, benchmark_of, prices_of
from qtui.quant.backtest.signals import scores_by_trading_day, scores_of
from qtui.quant.backtest.strategy import MarketState, Strategy, TopkDropoutStrategy
from qtui.quant.workflow.instances import init_instance_by_config, with_own_modules

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray
    from pandas import DataFrame, DatetimeIndex, Timestamp

logger = logging.getLogger(__name__)

FREQUENCY = "1day"
DAILY_EXECUTOR = {"class": SimulatorExecutor, "kwargs": {"time_per_step": "day", "generate_portfolio_metrics": True}}

Portfolio = dict[str, tuple["DataFrame", Mapping[Any, Any]]]
"""By frequency: the daily report and the daily positions."""

Indicators = dict[str, tuple["DataFrame", Any]]
"""By frequency: the daily execution indicators and all orders."""


def backtest(
    start_time: Any,
    end_time: Any,
    strategy: Any,
    executor: Any = None,
    benchmark: Any = None,
    account: float = 1e9,
    exchange_kwargs: Mapping[str, Any] | None = None,
    pos_type: str = "Position",
    *,
    prices: Prices,
) -> tuple[Portfolio, Indicators]:
    """Simulate a strategy on `prices`: Qlib's `backtest` without Qlib's data.

    The scores of one day decide the trades of the next: sales first, then purchases with equal shares of the cash, at
    the deal price, with costs, in whole lots and within the exchange's price limits. Without `start_time` and
    `end_time` it runs from the first score to the day after the last one. Raises ConfigError for arguments that only
    Qlib supports.

    >>> import pandas
    >>> moments = [pandas.date_range("2020-01-01", periods=3), ["A", "B"]]
    >>> index = pandas.MultiIndex.from_product(moments, names=["datetime", "instrument"])
    >>> prices = pandas.DataFrame({"$close": [10.0, 10.0, 10.0, 10.0, 10.5, 9.0]}, index)
    >>> scores = pandas.Series([1.0, 0.0], index[:2])
    >>> best = TopkDropoutStrategy(topk=1, n_drop=1, signal=scores, risk_degree=1.0)
    >>> free = {"open_cost": 0, "min_cost": 0}
    >>> portfolio, orders = backtest(None, "2020-01-03", best, account=100.0, exchange_kwargs=free, prices=prices)
    >>> portfolio["1day"][0]["account"].tolist()
    [100.0, 100.0, 105.0]
    """
    import pandas

    began = time.perf_counter()
    init_instance_by_config(with_own_modules(executor or DAILY_EXECUTOR), accept_types=SimulatorExecutor)
    if pos_type != "Position" or not isinstance(account, int | float):
        raise ConfigError("The built-in backtest starts with an amount of cash and pos_type='Position'.")
    trader = _strategy(strategy)
    scores = scores_of(trader.signal)
    scored = scores.index.get_level_values("datetime")
    start = pandas.Timestamp(scored.min() if start_time is None else start_time)
    end = None if end_time is None else pandas.Timestamp(end_time)
    exchange = Exchange.of(exchange_kwargs or {})
    instruments = scores.index.get_level_values("instrument").unique()
    until = scored.max() + pandas.Timedelta(days=LOOKBACK_DAYS) if end is None else end
    market = Market.of(prices_of(prices, start, until), exchange, instruments)
    steps = _steps(market.days, start, end, scored.max())
    ledger = Ledger(float(account), market.codes, benchmark_of(benchmark, market))
    daily_scores = scores_by_trading_day(scores, market.days, market.codes)
    _trade(trader, exchange, market, daily_scores, steps, Holdings.of_cash(float(account), len(market.codes)), ledger)
    logger.debug("A backtest of %d days took %.3f s", len(steps), time.perf_counter() - began)
    return {FREQUENCY: (ledger.report(), ledger.positions)}, {FREQUENCY: (ledger.indicators(), ledger.orders())}


def _steps(days: DatetimeIndex, start: Timestamp, end: Timestamp | None, last_score: Timestamp) -> range:
    """Return the indexes of the trading days, by default until the day after the last score."""
    first = int(days.searchsorted(start))
    stop = int(days.searchsorted(last_score if end is None else end, side="right"))
    if end is None:
        stop = min(stop + 1, len(days))
    if first >= stop:
        raise ConfigError(f"The prices have no day from {start:%Y-%m-%d} to {end or last_score:%Y-%m-%d}.")
    return range(first, stop)


def _strategy(strategy: Any) -> Strategy:
    """Return the strategy, created from its config if needed."""
    if hasattr(strategy, "decide"):
        trader: Strategy = strategy
        return trader
    trader = init_instance_by_config(with_own_modules(strategy), default_module="qtui.quant.backtest")
    if not hasattr(trader, "decide"):
        raise ConfigError(
            f"{type(trader).__name__} needs Qlib's backtest: call it without prices. The built-in backtest supports "
            f"{TopkDropoutStrategy.__name__} and objects with a method decide()."
        )
    return trader


def _trade(
    strategy: Strategy,
    exchange: Exchange,
    market: Market,
    scores: NDArray[float64],
    steps: range,
    holdings: Holdings,
    ledger: Ledger,
) -> None:
    """Simulate all days."""
    import numpy

    for step in steps:
        holdings.orders.clear()
        if not numpy.isnan(scores[step]).all():
            _trade_day(strategy, exchange, market, scores[step], step, holdings)
        holdings.close_day(market.close[step])
        ledger.enter(market.days[step], holdings)


def _trade_day(
    strategy: Strategy, exchange: Exchange, market: Market, scores: NDArray[float64], step: int, holdings: Holdings
) -> None:
    """Execute the strategy's decision for one day."""
    decision = strategy.decide(
        MarketState(scores, holdings.amounts > 0, holdings.days, market.buyable[step], market.sellable[step])
    )
    for code in decision.sell.tolist():
        holdings.sell(code, float(market.selling[step, code]), exchange)
    budget = holdings.cash * strategy.risk_degree / decision.parts if decision.parts else 0.0
    for code in decision.buy.tolist():
        price = float(market.buying[step, code])
        factor = None if market.factor is None else float(market.factor[step, code])
        holdings.buy(code, budget / price, price, factor, exchange)
