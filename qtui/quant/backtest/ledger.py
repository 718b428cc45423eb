"""Record a backtest day by day and return Qlib's tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from qtui.quant.backtest.holdings import Holdings, Order

if TYPE_CHECKING:
    from pandas import DataFrame, Index, Series, Timestamp

REPORT = ["account", "return", "total_turnover", "turnover", "total_cost", "cost", "value", "cash", "bench"]
INDICATORS = ["ffr", "pa", "pos", "deal_amount", "value", "count"]
ORDERS = ["datetime", "instrument", "amount", "deal_amount", "trade_price", "trade_value", "trade_cost"]


class Ledger:
    """The daily records of a backtest."""

    def __init__(self, account: float, codes: Index[Any], benchmark: Series) -> None:
        self._codes = codes
        self._benchmark = benchmark
        self._before = (account, 0.0, 0.0)
        self._days: list[Timestamp] = []
        self._report: list[tuple[float, ...]] = []
        self._indicators: list[tuple[float, ...]] = []
        self._orders: list[tuple[Any, ...]] = []
        self.positions: dict[Timestamp, Mapping[str, Any]] = {}

    def enter(self, day: Timestamp, holdings: Holdings) -> None:
        """Record the end of a day and its orders."""
        account, turnover, cost = self._before
        now = holdings.value + holdings.cash
        spent, traded = holdings.cost - cost, holdings.turnover - turnover
        self._days.append(day)
        self._report.append(
            (
                now,
                (now - account + spent) / account,
                holdings.turnover,
                traded / account,
                holdings.cost,
                spent / account,
                holdings.value,
                holdings.cash,
                float(self._benchmark.loc[day]),
            )
        )
        self._before = (now, holdings.turnover, holdings.cost)
        self._enter_orders(day, holdings.orders)
        self.positions[day] = holdings.position(self._codes)

    def report(self) -> DataFrame:
        """Return account, return, turnover, cost, value, cash and benchmark by day."""
        return self._by_day(self._report, REPORT)

    def indicators(self) -> DataFrame:
        """Return the execution indicators by day: fulfilment rate, price advantage, amounts and counts."""
        return self._by_day(self._indicators, INDICATORS).astype({"count": "int64"}).rename_axis(None)

    def orders(self) -> DataFrame:
        """Return all orders with their execution; sales are negative."""
        import pandas

        return pandas.DataFrame(self._orders, columns=ORDERS).set_index(ORDERS[:2])

    def _enter_orders(self, day: Timestamp, orders: list[Order]) -> None:
        import numpy

        fulfilment = [order.deal_amount / order.amount for order in orders if order.amount]
        self._indicators.append(
            (
                sum(fulfilment) / len(fulfilment) if fulfilment else numpy.nan,
                0.0 if orders else numpy.nan,
                0.0 if orders else numpy.nan,
                sum(abs(order.deal_amount) for order in orders),
                sum(abs(order.value) for order in orders),
                len(orders),
            )
        )
        self._orders += [
            (day, self._codes[order.code], order.amount, order.deal_amount, order.price, order.value, order.cost)
            for order in orders
        ]

    def _by_day(self, rows: list[tuple[float, ...]], columns: list[str]) -> DataFrame:
        import pandas

        return pandas.DataFrame(rows, pandas.DatetimeIndex(self._days, name="datetime"), columns)
