"""Top-k dropout as one would explain it: day by day, stock by stock, in dictionaries."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

Quotes = dict[str, dict[str, float]]
"""The quotes of the stocks on one day: close, open, change, factor; a missing number is NaN."""


@dataclass(frozen=True)
class Rules:
    """Everything that can be set."""

    topk: int = 2
    n_drop: int = 1
    hold_thresh: int = 1
    only_tradable: bool = False
    forbid_all_trade_at_limit: bool = True
    risk_degree: float = 0.95
    limit: float | None = 0.095
    deal: str = "close"
    open_cost: float = 0.0005
    close_cost: float = 0.0015
    min_cost: float = 5.0
    unit: int | None = 100
    has_factor: bool = False


@dataclass
class Account:
    """Cash, and how many shares of what, at which price, for how many days."""

    cash: float
    amount: dict[str, float] = field(default_factory=dict)
    price: dict[str, float] = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=dict)
    turnover: float = 0.0
    cost: float = 0.0
    orders: int = 0

    def value(self) -> float:
        """Return the value of the shares."""
        return sum(amount * self.price[code] for code, amount in self.amount.items())


def run(days: list[Quotes], scores: list[dict[str, float]], cash: float, rules: Rules) -> list[dict[str, float]]:
    """The report of every day; what is scored on one day is traded on the next."""
    account, report = Account(cash), []
    for number, quotes in enumerate(days):
        before, cost, turnover = account.value() + account.cash, account.cost, account.turnover
        account.orders = 0
        known = {code: score for code, score in scores[number - 1].items() if not math.isnan(score)} if number else {}
        if known:
            trade(account, quotes, known, rules)
        for code in account.amount:
            if not math.isnan(quotes[code]["close"]):
                account.price[code] = quotes[code]["close"]
            account.count[code] += 1
        now = account.value() + account.cash
        spent = account.cost - cost
        report.append(
            {
                "account": now,
                "return": (now - before + spent) / before,
                "total_turnover": account.turnover,
                "turnover": (account.turnover - turnover) / before,
                "total_cost": account.cost,
                "cost": spent / before,
                "value": account.value(),
                "cash": account.cash,
                "count": account.orders,
            }
        )
    return report


def trade(account: Account, quotes: Quotes, scores: dict[str, float], rules: Rules) -> None:
    """Sell what is dropped, and buy what takes its place."""
    sells, buys = choose(account, quotes, scores, rules)
    for code in sorted(sells):
        if may(quotes[code], rules, "sell") and account.count[code] >= rules.hold_thresh:
            sell(account, code, quotes[code], rules)
    if buys:
        part = account.cash * rules.risk_degree / len(buys)
        for code in buys:
            if may(quotes[code], rules, "buy"):
                buy(account, code, part, quotes[code], rules)


def choose(account: Account, quotes: Quotes, scores: dict[str, float], rules: Rules) -> tuple[list[str], list[str]]:
    """Return the stocks to sell and to buy, as if all of them could be traded."""

    def best_first(codes: list[str]) -> list[str]:
        return sorted(sorted(codes), key=lambda code: -scores.get(code, -math.inf))

    def considered(code: str) -> bool:
        return not rules.only_tradable or (
            tradable(quotes[code], rules, "buy") and tradable(quotes[code], rules, "sell")
        )

    holdings = best_first(list(account.amount))
    new = best_first([code for code in scores if code not in account.amount and considered(code)])
    new = new[: max(rules.n_drop + rules.topk - len(holdings), 0)]
    worst_first = [code for code in reversed(best_first(holdings + new)) if considered(code)]
    sells = [code for code in holdings if code in worst_first[: rules.n_drop]]
    return sells, new[: max(len(sells) + rules.topk - len(holdings), 0)]


def tradable(quote: dict[str, float], rules: Rules, side: str) -> bool:
    """Whether there is a close, and it is not at the limit of this side."""
    if math.isnan(quote["close"]):
        return False
    if rules.limit is None:
        return True
    return not (quote["change"] >= rules.limit if side == "buy" else quote["change"] <= -rules.limit)


def may(quote: dict[str, float], rules: Rules, side: str) -> bool:
    """Whether a stock may be traded on this side, or on both where a limit forbids all."""
    sides = ("buy", "sell") if rules.forbid_all_trade_at_limit else (side,)
    return all(tradable(quote, rules, side) for side in sides)


def deal_price(quote: dict[str, float], rules: Rules) -> float:
    """The price of the deal, or the close where there is none."""
    price = quote[rules.deal]
    return quote["close"] if math.isnan(price) or price <= 1e-8 else price


def sell(account: Account, code: str, quote: dict[str, float], rules: Rules) -> None:
    """Sell all of a stock."""
    account.orders += 1
    value = account.amount[code] * deal_price(quote, rules)
    cost = max(value * rules.close_cost, rules.min_cost)
    if account.cash + value < cost or value <= 1e-5:
        return
    account.cash += value - cost
    account.turnover += value
    account.cost += cost
    for table in (account.amount, account.price, account.count):
        del table[code]


def buy(account: Account, code: str, part: float, quote: dict[str, float], rules: Rules) -> None:
    """Buy a stock for a part of the cash, and for less where the costs need the rest."""
    account.orders += 1
    price = deal_price(quote, rules)
    amount = whole(part / price, quote, rules)
    cost = max(amount * price * rules.open_cost, rules.min_cost)
    if account.cash < cost:
        return
    if account.cash < amount * price + cost:
        rate = rules.open_cost
        by_rate = account.cash / (1 + rate)
        affordable = by_rate if by_rate * rate >= rules.min_cost else account.cash - rules.min_cost
        amount = whole(min(amount, affordable / price), quote, rules)
    value = amount * price
    if value <= 1e-5:
        return
    cost = max(value * rules.open_cost, rules.min_cost)
    account.cash -= value + cost
    account.turnover += value
    account.cost += cost
    account.amount[code], account.price[code], account.count[code] = amount, price, 0


def whole(amount: float, quote: dict[str, float], rules: Rules) -> float:
    """The amount in whole lots, where the factor tells how many real shares it is."""
    if not rules.has_factor or rules.unit is None:
        return amount
    return (amount * quote["factor"] + 0.1) // rules.unit * rules.unit / quote["factor"]
