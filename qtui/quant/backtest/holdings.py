"""Cash and shares of an account, and the orders that change them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any

from qtui.quant.backtest.exchange import MIN_TRADE_VALUE, Exchange
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from numpy import float64, intp
    from numpy.typing import NDArray
    from pandas import Index


@dataclass(frozen=True, slots=True)
class Order:
    """An order for one instrument and its execution; a sale has negative amounts."""

    code: int
    amount: float
    deal_amount: float
    price: float
    value: float
    cost: float


@dataclass(slots=True)
class Holdings:
    """Cash; amount, price and days held of every instrument; turnover and cost so far."""

    cash: float
    amounts: NDArray[float64]
    prices: NDArray[float64]
    days: NDArray[intp]
    turnover: float = 0.0
    cost: float = 0.0
    orders: list[Order] = field(default_factory=list)

    @classmethod
    def of_cash(cls, cash: float, instruments: int) -> Holdings:
        """Return holdings of cash alone."""
        import numpy

        return cls(cash, numpy.zeros(instruments), numpy.zeros(instruments), numpy.zeros(instruments, dtype="intp"))

    @property
    def value(self) -> float:
        """Return the value of the shares."""
        return float(self.amounts @ self.prices)

    def sell(self, code: int, price: float, exchange: Exchange) -> None:
        """Sell all shares of an instrument."""
        amount = float(self.amounts[code])
        dealt = exchange.sellable_amount(amount, price, self.cash)
        cost = exchange.selling_cost(dealt * price)
        self._settle(Order(code, -amount, -dealt, price, -dealt * price, cost))

    def buy(self, code: int, amount: float, price: float, factor: float | None, exchange: Exchange) -> None:
        """Buy shares of an instrument, as many of `amount` as the cash pays for."""
        ordered = exchange.round_to_lots(amount, factor)
        dealt = exchange.buyable_amount(ordered, price, self.cash, factor)
        cost = exchange.buying_cost(dealt * price)
        self._settle(Order(code, ordered, dealt, price, dealt * price, cost))

    def close_day(self, close: NDArray[float64]) -> None:
        """Value the shares at the close, where known, and count a day held."""
        import numpy

        self.prices = numpy.where(numpy.isnan(close), self.prices, close)
        self.days = numpy.where(self.amounts > 0, self.days + 1, 0)

    def position(self, codes: Index[Any]) -> Mapping[str, Any]:
        """Return the holdings with the keys of Qlib's Position."""
        value = self.value + self.cash
        position: dict[str, Any] = {"cash": self.cash, "now_account_value": value}
        for code in self.amounts.nonzero()[0].tolist():
            amount, price = float(self.amounts[code]), float(self.prices[code])
            position[codes[code]] = {
                "amount": amount,
                "price": price,
                "weight": amount * price / value,
                "count_day": int(self.days[code]),
            }
        return position

    def _settle(self, order: Order) -> None:
        """Apply an executed order to cash and shares."""
        self.orders.append(order)
        if abs(order.value) <= MIN_TRADE_VALUE:
            return
        self.amounts[order.code] += order.deal_amount
        if order.deal_amount > 0:
            self.prices[order.code] = order.price
        self.cash -= order.value + order.cost
        self.turnover += abs(order.value)
        self.cost += order.cost
