"""The rules of an exchange: at which price, at what cost, in which units, and when not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from qtui.errors import ConfigError

NOTHING = 1e-5
"""A trade worth less is none."""

WITHOUT_EFFECT: Mapping[str, tuple[Any, ...]] = {
    "freq": ("day",),
    "codes": ("all",),
    "impact_cost": (0, 0.0),
    "volume_threshold": (None,),
    "subscribe_fields": ([], ()),
    "exchange": (None,),
}
"""What Qlib's exchange knows and this one does not, with the values that change nothing."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Costs, limits and units of trading, named and preset as those of Qlib's Exchange."""

    deal_price: str | tuple[str, str] = "close"
    """The column of the price, or that of buying and that of selling."""

    limit_threshold: float | tuple[str, str] | None = 0.095
    """The change of the close from which on nothing is bought, or below whose negative nothing is sold; or the two
    columns that say so."""

    open_cost: float = 0.0015
    close_cost: float = 0.0025
    min_cost: float = 5.0
    trade_unit: int | None = 100
    """How many shares are traded at once; it counts only where the prices have a factor."""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Exchange:
        """The exchange that `exchange_kwargs` describe."""
        known = {field.name for field in fields(cls)}
        for name in given.keys() - known - {"start_time", "end_time"}:
            if name not in WITHOUT_EFFECT or given[name] not in WITHOUT_EFFECT[name]:
                raise ConfigError(f"The backtest without Qlib cannot heed {name}={given[name]!r} of exchange_kwargs.")
        own: dict[str, Any] = {name: _unlisted(given[name]) for name in known & given.keys()}
        return cls(**own)

    def buying_cost(self, value: float) -> float:
        """What buying for so much costs."""
        return max(value * self.open_cost, self.min_cost) if value > NOTHING else 0.0

    def selling_cost(self, value: float) -> float:
        """What selling for so much costs."""
        return max(value * self.close_cost, self.min_cost) if value > NOTHING else 0.0

    def sold(self, amount: float, price: float, cash: float) -> float:
        """How much of a holding is sold: all of it, or nothing where the cost is more than cash and proceeds."""
        value = amount * price
        return 0.0 if cash + value < max(value * self.close_cost, self.min_cost) else amount

    def bought(self, amount: float, price: float, cash: float, factor: float | None) -> float:
        """How much of an order is bought with this cash, in whole units."""
        value = amount * price
        cost = max(value * self.open_cost, self.min_cost)
        if cash < cost:
            return 0.0
        if cash < value + cost:
            amount = min(amount, self._affordable(price, cash))
        return self.in_units(amount, factor)

    def in_units(self, amount: float, factor: float | None) -> float:
        """The amount in whole units of real shares; the factor turns an adjusted amount into them."""
        if factor is None or self.trade_unit is None:
            return amount
        return (amount * factor + 0.1) // self.trade_unit * self.trade_unit / factor

    def _affordable(self, price: float, cash: float) -> float:
        """The greatest amount that the cash pays for, with the cost."""
        by_minimum = cash - self.min_cost
        by_rate = cash / (1 + self.open_cost)
        return max(min(by_minimum, by_rate), 0.0) / price


def _unlisted(value: Any) -> Any:
    """A pair that YAML gives as a list, as a tuple."""
    return tuple(value) if isinstance(value, list) else value
