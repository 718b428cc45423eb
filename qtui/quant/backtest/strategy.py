"""Trading strategies: Qlib's top-k dropout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from qtui.errors import ConfigError
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from numpy import bool_, float64, intp
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class MarketState:
    """The inputs of a decision before a trading day, one value per instrument."""

    scores: NDArray[float64]
    """The latest score, or NaN."""

    in_portfolio: NDArray[bool_]
    days_held: NDArray[intp]
    buyable: NDArray[bool_]
    sellable: NDArray[bool_]


@dataclass(frozen=True, slots=True)
class Decision:
    """The indexes of the instruments to sell entirely and to buy, in order."""

    sell: NDArray[intp]
    buy: NDArray[intp]
    parts: int
    """The number of equal shares of the cash; the share of an instrument that cannot be traded is not spent."""


class Strategy(Protocol):
    """A strategy that decides once a day from scores."""

    signal: Any
    """Scores indexed by datetime and instrument, or (model, dataset) to predict them with."""

    risk_degree: float
    """The fraction of the cash that may be spent."""

    def decide(self, state: MarketState) -> Decision:
        """Return the instruments to sell and to buy on this day."""


class TopkDropoutStrategy:
    """Hold the `topk` instruments with the best scores and replace at most `n_drop` of them a day.

    Differs from Qlib's class in three edge cases: an instrument without a score is never bought, `n_drop=0` drops
    nothing, and with `only_tradable` nothing is bought while more than `topk` unsellable instruments are held.
    """

    def __init__(
        self,
        *,
        topk: int,
        n_drop: int,
        signal: Any = None,
        method_sell: str = "bottom",
        method_buy: str = "top",
        hold_thresh: int = 1,
        only_tradable: bool = False,
        forbid_all_trade_at_limit: bool = True,
        risk_degree: float = 0.95,
    ) -> None:
        if (method_sell, method_buy) != ("bottom", "top"):
            raise ConfigError("The built-in backtest supports only method_sell='bottom' and method_buy='top'.")
        if topk < 1 or n_drop < 0:
            raise ConfigError(f"topk must be 1 or more and n_drop 0 or more, but they are {topk} and {n_drop}.")
        self.topk = topk
        self.n_drop = n_drop
        self.signal = signal
        self.hold_thresh = hold_thresh
        self.only_tradable = only_tradable
        self.forbid_all_trade_at_limit = forbid_all_trade_at_limit
        self.risk_degree = risk_degree

    def decide(self, state: MarketState) -> Decision:
        """Drop the worst holdings for better candidates and fill up to `topk`."""
        import numpy

        ranked = best_first(state.scores)
        unlimited = state.buyable & state.sellable
        considered = unlimited if self.only_tradable else numpy.ones_like(unlimited)
        current = ranked[state.in_portfolio[ranked]]
        new = ranked[~state.in_portfolio[ranked] & considered[ranked] & ~numpy.isnan(state.scores[ranked])]
        new = new[: max(self.n_drop + self.topk - len(current), 0)]
        candidates = ranked[state.in_portfolio[ranked] | numpy.isin(ranked, new)]
        worst = candidates[considered[candidates]][::-1][: self.n_drop]
        dropped = current[numpy.isin(current, worst)]
        buy = new[: max(len(dropped) + self.topk - len(current), 0)]
        sellable, buyable = (unlimited,) * 2 if self.forbid_all_trade_at_limit else (state.sellable, state.buyable)
        sell = dropped[sellable[dropped] & (state.days_held[dropped] >= self.hold_thresh)]
        return Decision(sell=numpy.sort(sell), buy=buy[buyable[buy]], parts=len(buy))


def best_first(scores: NDArray[float64]) -> NDArray[intp]:
    """Return the indexes of all instruments by descending score, NaN last; the sort is stable."""
    import numpy

    return numpy.argsort(-scores, kind="stable")
