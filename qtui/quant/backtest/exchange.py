"""The rules of an exchange: deal price, costs, trade unit and price limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from qtui.errors import ConfigError
from qtui.value_classes import dataclass

MIN_TRADE_VALUE = 1e-5
"""A trade below this value counts as none."""

IGNORED_KWARGS: Mapping[str, tuple[Any, ...]] = {
    "freq": ("day",),
    "codes": ("all",),
    "impact_cost": (0, 0.0),
    "volume_threshold": (None,),
    "subscribe_fields": ([], ()),
    "exchange": (None,),
}
"""Arguments of Qlib's Exchange that are not supported here, with the values that have no effect."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Costs, limits and trade unit, with the names and defaults of Qlib's Exchange."""

    deal_price: str | tuple[str, str] = "close"
    """The price column, or one column for buying and one for selling."""

    limit_threshold: float | tuple[str, str] | None = 0.095
    """The change of the close above which nothing is bought and below whose negative nothing is sold, or the two
    columns that flag instruments at their limit."""

    open_cost: float = 0.0015
    close_cost: float = 0.0025
    min_cost: float = 5.0
    trade_unit: int | None = 100
    """Shares per lot; used only when the prices have a factor."""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Exchange:
        """Create an exchange from `exchange_kwargs`."""
        known = {field.name for field in fields(cls)}
        for name in given.keys() - known - {"start_time", "end_time"}:
            if name not in IGNORED_KWARGS or given[name] not in IGNORED_KWARGS[name]:
                raise ConfigError(f"exchange_kwargs: {name}={given[name]!r} is not supported by the built-in backtest.")
        supported: dict[str, Any] = {name: _as_tuple(given[name]) for name in known & given.keys()}
        return cls(**supported)

    def buying_cost(self, value: float) -> float:
        """Return the cost of buying shares of this value."""
        return max(value * self.open_cost, self.min_cost) if value > MIN_TRADE_VALUE else 0.0

    def selling_cost(self, value: float) -> float:
        """Return the cost of selling shares of this value."""
        return max(value * self.close_cost, self.min_cost) if value > MIN_TRADE_VALUE else 0.0

    def sellable_amount(self, amount: float, price: float, cash: float) -> float:
        """Return how much of a holding can be sold: all of it, or 0 if the cost exceeds cash and proceeds."""
        value = amount * price
        return 0.0 if cash + value < max(value * self.close_cost, self.min_cost) else amount

    def buyable_amount(self, amount: float, price: float, cash: float, factor: float | None) -> float:
        """Return how much of an order the cash pays for, in whole lots."""
        value = amount * price
        cost = max(value * self.open_cost, self.min_cost)
        if cash < cost:
            return 0.0
        if cash < value + cost:
            amount = min(amount, self._affordable(price, cash))
        return self.round_to_lots(amount, factor)

    def round_to_lots(self, amount: float, factor: float | None) -> float:
        """Round an adjusted amount down to whole lots of real shares; `factor` converts between the two."""
        if factor is None or self.trade_unit is None:
            return amount
        return (amount * factor + 0.1) // self.trade_unit * self.trade_unit / factor

    def _affordable(self, price: float, cash: float) -> float:
        """Return the largest amount that the cash pays for, costs included."""
        by_minimum = cash - self.min_cost
        by_rate = cash / (1 + self.open_cost)
        return max(min(by_minimum, by_rate), 0.0) / price


def _as_tuple(value: Any) -> Any:
    """Convert a list, which YAML gives for a pair, to a tuple."""
    return tuple(value) if isinstance(value, list) else value
