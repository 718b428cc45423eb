"""Which stocks to sell and which to buy: Qlib's top-k dropout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from qtui.errors import ConfigError

if TYPE_CHECKING:
    from numpy import bool_, float64, intp
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Morning:
    """What is known before a day of trade, one value for every instrument."""

    scores: NDArray[float64]
    """The latest score, NaN where there is none."""

    held: NDArray[bool_]
    days_held: NDArray[intp]
    buyable: NDArray[bool_]
    sellable: NDArray[bool_]


@dataclass(frozen=True, slots=True)
class Decision:
    """The positions of the instruments to sell entirely and of those to buy, in order."""

    sell: NDArray[intp]
    buy: NDArray[intp]
    parts: int
    """Into how many parts the cash is cut, one for each to buy; a part whose stock cannot be traded stays."""


class Strategy(Protocol):
    """Decides once a day, by scores."""

    signal: Any
    """Scores indexed by datetime and instrument, or (model, dataset) to predict them with."""

    risk_degree: float
    """Which part of the cash may be spent."""

    def decide(self, morning: Morning) -> Decision:
        """What to sell and buy on a day."""


class TopkDropoutStrategy:
    """Holds the `topk` stocks of the best scores, and gives up at most `n_drop` of them a day for better ones.

    As Qlib's, but for three of its slips: a stock without a score is never bought, `n_drop=0` drops nothing, and
    with `only_tradable` no more is bought while more than `topk` are held that cannot be sold.
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
            raise ConfigError("The backtest without Qlib sells from the bottom and buys from the top, never at random.")
        if topk < 1 or n_drop < 0:
            raise ConfigError(f"topk must be 1 or more and n_drop 0 or more, but they are {topk} and {n_drop}.")
        self.topk = topk
        self.n_drop = n_drop
        self.signal = signal
        self.hold_thresh = hold_thresh
        self.only_tradable = only_tradable
        self.forbid_all_trade_at_limit = forbid_all_trade_at_limit
        self.risk_degree = risk_degree

    def decide(self, morning: Morning) -> Decision:
        """Drop the worst of what is held and of what could replace it, and fill up with the best."""
        import numpy

        ranked = best_first(morning.scores)
        unlimited = morning.buyable & morning.sellable
        considered = unlimited if self.only_tradable else numpy.ones_like(unlimited)
        held = ranked[morning.held[ranked]]
        new = ranked[~morning.held[ranked] & considered[ranked] & ~numpy.isnan(morning.scores[ranked])]
        new = new[: max(self.n_drop + self.topk - len(held), 0)]
        together = ranked[morning.held[ranked] | numpy.isin(ranked, new)]
        worst = together[considered[together]][::-1][: self.n_drop]
        dropped = held[numpy.isin(held, worst)]
        buy = new[: max(len(dropped) + self.topk - len(held), 0)]
        sellable, buyable = (unlimited,) * 2 if self.forbid_all_trade_at_limit else (morning.sellable, morning.buyable)
        sell = dropped[sellable[dropped] & (morning.days_held[dropped] >= self.hold_thresh)]
        return Decision(sell=numpy.sort(sell), buy=buy[buyable[buy]], parts=len(buy))


def best_first(scores: NDArray[float64]) -> NDArray[intp]:
    """The positions of all instruments, the best score first, those without one last, equal ones in their order."""
    import numpy

    return numpy.argsort(-scores, kind="stable")
