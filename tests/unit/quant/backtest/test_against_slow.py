"""The backtest by tables says what a backtest stock by stock says, whatever the market and the rules."""

from __future__ import annotations

import numpy
from hypothesis import given

from qtui.quant.backtest import backtest
from tests.unit.quant.backtest import slow
from tests.unit.quant.backtest.markets import DAYS, World, worlds

COLUMNS = ["account", "return", "total_turnover", "turnover", "total_cost", "cost", "value", "cash"]


@given(worlds())
def test_every_number_of_every_day_is_explained_by_the_slow_backtest(world: World) -> None:
    rules = world.rules
    strategy = {
        "class": "TopkDropoutStrategy",
        "module_path": "qlib.contrib.strategy",
        "kwargs": {
            "signal": world.scores,
            "topk": rules.topk,
            "n_drop": rules.n_drop,
            "hold_thresh": rules.hold_thresh,
            "only_tradable": rules.only_tradable,
            "forbid_all_trade_at_limit": rules.forbid_all_trade_at_limit,
            "risk_degree": rules.risk_degree,
        },
    }
    exchange = {
        "limit_threshold": rules.limit,
        "deal_price": rules.deal,
        "open_cost": rules.open_cost,
        "close_cost": rules.close_cost,
        "min_cost": rules.min_cost,
        "trade_unit": rules.unit,
    }
    portfolio, indicators = backtest(
        DAYS[0], DAYS[-1], strategy, account=world.cash, exchange_kwargs=exchange, prices=world.prices
    )
    expected = slow.run(world.quotes(), world.scored(), world.cash, rules)
    report = portfolio["1day"][0]
    table = [[day[name] for name in COLUMNS] for day in expected]
    numpy.testing.assert_allclose(report[COLUMNS].to_numpy(), table, rtol=1e-9, atol=1e-9)
    assert indicators["1day"][0]["count"].tolist() == [day["count"] for day in expected]
