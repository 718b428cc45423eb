"""A backtest on given prices, without Qlib: day by day, all instruments of a day at once."""

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
from qtui.quant.backtest.market import BEFORE_DAYS, Market, Prices, benchmark_of, prices_of
from qtui.quant.backtest.signals import by_day_of_trade, scores_of
from qtui.quant.backtest.strategy import Morning, Strategy, TopkDropoutStrategy
from qtui.quant.workflow.instances import init_instance_by_config, standing_in

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray
    from pandas import DataFrame, DatetimeIndex, Timestamp

logger = logging.getLogger(__name__)

FREQUENCY = "1day"
ONCE_A_DAY = {"class": SimulatorExecutor, "kwargs": {"time_per_step": "day", "generate_portfolio_metrics": True}}

Portfolio = dict[str, tuple["DataFrame", Mapping[Any, Any]]]
"""By frequency: the report of every day, and the position of every day."""

Indicators = dict[str, tuple["DataFrame", Any]]
"""By frequency: how the orders of every day were carried out, and every order."""


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
    """What a strategy would have earned on these prices: Qlib's `backtest`, with the prices in the place of its data.

    What is decided by the scores of one day is traded on the next: first the sales, then the purchases, each for an
    equal part of the cash, at the deal price, with costs, in whole lots and within the limits of the exchange. Without
    times it goes from the first score to the day after the last one.

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
    init_instance_by_config(standing_in(executor or ONCE_A_DAY), accept_types=SimulatorExecutor)
    if pos_type != "Position" or not isinstance(account, int | float):
        raise ConfigError("The backtest without Qlib begins with an amount of cash and a plain Position.")
    chosen = _strategy(strategy)
    scores = scores_of(chosen.signal)
    scored = scores.index.get_level_values("datetime")
    start = pandas.Timestamp(scored.min() if start_time is None else start_time)
    end = None if end_time is None else pandas.Timestamp(end_time)
    exchange = Exchange.of(exchange_kwargs or {})
    known = scores.index.get_level_values("instrument").unique()
    until = scored.max() + pandas.Timedelta(days=BEFORE_DAYS) if end is None else end
    market = Market.of(prices_of(prices, start, until), exchange, known)
    steps = _steps(market.days, start, end, scored.max())
    ledger = Ledger(float(account), market.codes, benchmark_of(benchmark, market))
    traded = by_day_of_trade(scores, market.days, market.codes)
    _trade(chosen, exchange, market, traded, steps, Holdings.of_cash(float(account), len(market.codes)), ledger)
    logger.debug("A backtest of %d days took %.3f s", len(steps), time.perf_counter() - began)
    return {FREQUENCY: (ledger.report(), ledger.positions)}, {FREQUENCY: (ledger.indicators(), ledger.orders())}


def _steps(days: DatetimeIndex, start: Timestamp, end: Timestamp | None, last_score: Timestamp) -> range:
    """The positions of the days to trade on; where no end was asked for, till the day after the last score."""
    first = int(days.searchsorted(start))
    behind = int(days.searchsorted(last_score if end is None else end, side="right"))
    if end is None:
        behind = min(behind + 1, len(days))
    if first >= behind:
        raise ConfigError(f"The prices have no day from {start:%Y-%m-%d} to {end or last_score:%Y-%m-%d}.")
    return range(first, behind)


def _strategy(strategy: Any) -> Strategy:
    """The strategy that is given, or described."""
    if hasattr(strategy, "decide"):
        chosen: Strategy = strategy
        return chosen
    chosen = init_instance_by_config(standing_in(strategy), default_module="qtui.quant.backtest")
    if not hasattr(chosen, "decide"):
        raise ConfigError(
            f"{type(chosen).__name__} decides by Qlib's own means, so its backtest needs Qlib and no prices; "
            f"without Qlib {TopkDropoutStrategy.__name__} or an object that can decide() is traded."
        )
    return chosen


def _trade(
    strategy: Strategy,
    exchange: Exchange,
    market: Market,
    scores: NDArray[float64],
    steps: range,
    holdings: Holdings,
    ledger: Ledger,
) -> None:
    """Go through the days."""
    import numpy

    for step in steps:
        holdings.orders.clear()
        if not numpy.isnan(scores[step]).all():
            _follow(strategy, exchange, market, scores[step], step, holdings)
        holdings.close_day(market.close[step])
        ledger.enter(market.days[step], holdings)


def _follow(
    strategy: Strategy, exchange: Exchange, market: Market, scores: NDArray[float64], step: int, holdings: Holdings
) -> None:
    """Ask the strategy what to do on a day, and do it."""
    decision = strategy.decide(
        Morning(scores, holdings.amounts > 0, holdings.days, market.buyable[step], market.sellable[step])
    )
    for code in decision.sell.tolist():
        holdings.sell(code, float(market.selling[step, code]), exchange)
    budget = holdings.cash * strategy.risk_degree / decision.parts if decision.parts else 0.0
    for code in decision.buy.tolist():
        price = float(market.buying[step, code])
        factor = None if market.factor is None else float(market.factor[step, code])
        holdings.buy(code, budget / price, price, factor, exchange)
