"""What an account holds, and how selling and buying change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qtui.quant.backtest.exchange import NOTHING, Exchange

if TYPE_CHECKING:
    from numpy import float64, intp
    from numpy.typing import NDArray
    from pandas import Index


@dataclass(frozen=True, slots=True)
class Order:
    """What was to be traded of one instrument, and what came of it; a sale has negative amounts."""

    code: int
    amount: float
    deal_amount: float
    price: float
    value: float
    cost: float


@dataclass(slots=True)
class Holdings:
    """Cash and shares; amount, price and days of holding of every instrument, and the sums of all trade so far."""

    cash: float
    amounts: NDArray[float64]
    prices: NDArray[float64]
    days: NDArray[intp]
    turnover: float = 0.0
    cost: float = 0.0
    orders: list[Order] = field(default_factory=list)

    @classmethod
    def of_cash(cls, cash: float, instruments: int) -> Holdings:
        """Nothing but cash."""
        import numpy

        return cls(cash, numpy.zeros(instruments), numpy.zeros(instruments), numpy.zeros(instruments, dtype="intp"))

    @property
    def value(self) -> float:
        """What the shares are worth."""
        return float(self.amounts @ self.prices)

    def sell(self, code: int, price: float, exchange: Exchange) -> None:
        """Sell all shares of an instrument."""
        amount = float(self.amounts[code])
        dealt = exchange.sold(amount, price, self.cash)
        cost = exchange.selling_cost(dealt * price)
        self._settle(Order(code, -amount, -dealt, price, -dealt * price, cost))

    def buy(self, code: int, amount: float, price: float, factor: float | None, exchange: Exchange) -> None:
        """Buy as many of so many shares as the cash allows."""
        ordered = exchange.in_units(amount, factor)
        dealt = exchange.bought(ordered, price, self.cash, factor)
        cost = exchange.buying_cost(dealt * price)
        self._settle(Order(code, ordered, dealt, price, dealt * price, cost))

    def close_day(self, close: NDArray[float64]) -> None:
        """Value the shares at the close where there is one, and count a day of holding."""
        import numpy

        self.prices = numpy.where(numpy.isnan(close), self.prices, close)
        self.days = numpy.where(self.amounts > 0, self.days + 1, 0)

    def position(self, codes: Index[Any]) -> Mapping[str, Any]:
        """The holdings with the keys of Qlib's Position."""
        value = self.value + self.cash
        found: dict[str, Any] = {"cash": self.cash, "now_account_value": value}
        for each in self.amounts.nonzero()[0].tolist():
            amount, price = float(self.amounts[each]), float(self.prices[each])
            held = {"amount": amount, "price": price, "weight": amount * price / value}
            found[codes[each]] = {**held, "count_day": int(self.days[each])}
        return found

    def _settle(self, order: Order) -> None:
        """Enter what came of an order."""
        self.orders.append(order)
        if abs(order.value) <= NOTHING:
            return
        self.amounts[order.code] += order.deal_amount
        if order.deal_amount > 0:
            self.prices[order.code] = order.price
        self.cash -= order.value + order.cost
        self.turnover += abs(order.value)
        self.cost += order.cost
