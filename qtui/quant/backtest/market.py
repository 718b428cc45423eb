"""Prices as tables of days and instruments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qtui.errors import ConfigError
from qtui.quant.backtest.exchange import Exchange

if TYPE_CHECKING:
    from numpy import bool_, float64
    from numpy.typing import NDArray
    from pandas import DataFrame, DatetimeIndex, Index, Series, Timestamp

LEAST_PRICE = 1e-8
BEFORE_DAYS = 31
"""How many days before its start a backtest asks prices for: enough to have a day of trade before the first."""

Prices = Any
"""A frame with a column `$close` or `close`, indexed by datetime and instrument, or a function (start, end) of it."""


@dataclass(frozen=True, slots=True)
class Market:
    """What every instrument cost on every day, and whether it could be traded."""

    days: DatetimeIndex
    codes: Index[Any]
    close: NDArray[float64]
    buying: NDArray[float64]
    selling: NDArray[float64]
    factor: NDArray[float64] | None
    change: NDArray[float64]
    buyable: NDArray[bool_]
    sellable: NDArray[bool_]

    @classmethod
    def of(cls, prices: DataFrame, exchange: Exchange, codes: Iterable[Any] = ()) -> Market:
        """The market of a frame of prices; `codes` are known to it even if it has no prices of them."""
        tables = _Tables(by_day_and_code(prices, "prices"))
        close = tables.required("close")
        close = close.reindex(columns=close.columns.union(list(codes)))
        buying, selling = (_dealt(tables.required(name), close) for name in _sides(exchange.deal_price))
        change = tables.aligned("change", close)
        if change is None:
            change = close / close.ffill().shift() - 1
        return cls(
            days=_days(close.index),
            codes=close.columns,
            close=close.to_numpy(),
            buying=buying.to_numpy(),
            selling=selling.to_numpy(),
            factor=_factor(tables.aligned("factor", close), close),
            change=change.to_numpy(),
            buyable=_open(exchange.limit_threshold, tables, close, change, 0).to_numpy(),
            sellable=_open(exchange.limit_threshold, tables, close, change, 1).to_numpy(),
        )


class _Tables:
    """The columns of a frame as tables, found with or without Qlib's dollar."""

    def __init__(self, prices: DataFrame) -> None:
        self._columns = {str(name).removeprefix("$"): prices[name] for name in prices.columns}

    def required(self, name: str) -> DataFrame:
        """The table of a column that must be there."""
        column = self._columns.get(name.removeprefix("$"))
        if column is None:
            raise ConfigError(f"The prices have no column {name!r}.")
        return column.astype("float64").unstack().sort_index()

    def aligned(self, name: str, like: DataFrame) -> DataFrame | None:
        """The table of a column, if there is one, with the days and instruments of another."""
        if name not in self._columns:
            return None
        return self.required(name).reindex(index=like.index, columns=like.columns)


def prices_of(prices: Prices, start: Timestamp, end: Timestamp) -> DataFrame:
    """The frame itself, or what the function gives for the time from a month before the start to the end."""
    import pandas

    found = prices(start - pandas.Timedelta(days=BEFORE_DAYS), end) if callable(prices) else prices
    if not isinstance(found, pandas.DataFrame):
        raise ConfigError(f"Prices are a frame or a function that gives one, not a {type(found).__name__}.")
    return found


def by_day_and_code(values: Any, what: str) -> Any:
    """A frame or series indexed by day and then instrument, whichever comes first in it."""
    import pandas

    index = values.index
    if index.nlevels != 2:
        raise ConfigError(f"The {what} must be indexed by datetime and instrument.")
    times = [isinstance(index.levels[level], pandas.DatetimeIndex) for level in (0, 1)]
    if sum(times) != 1:
        raise ConfigError(f"One level of the index of the {what} must be of times, and the other must not.")
    if index.has_duplicates:
        raise ConfigError(f"The {what} have several rows for one instrument at one time.")
    ordered = values if times[0] else values.swaplevel()
    return ordered.set_axis(ordered.index.set_names(["datetime", "instrument"]))


def _days(index: Index[Any]) -> DatetimeIndex:
    import pandas

    return pandas.DatetimeIndex(index)


def _sides(deal_price: str | tuple[str, str]) -> tuple[str, str]:
    """The columns of the prices of buying and of selling."""
    return (deal_price, deal_price) if isinstance(deal_price, str) else deal_price


def _dealt(price: DataFrame, close: DataFrame) -> DataFrame:
    """The price of a deal, or the close where there is none."""
    aligned = price.reindex(index=close.index, columns=close.columns)
    return aligned.where(aligned > LEAST_PRICE, close)


def _factor(factor: DataFrame | None, close: DataFrame) -> NDArray[float64] | None:
    """The factors of adjustment; without a gap or not at all, as in Qlib."""
    if factor is None or (factor.isna() & close.notna()).any(axis=None):
        return None
    return factor.to_numpy()


def _open(
    limit: float | tuple[str, str] | None, tables: _Tables, close: DataFrame, change: DataFrame, side: int
) -> DataFrame:
    """What has a close and is not at its limit, on the side of buying (0) or of selling (1)."""
    if limit is None:
        return close.notna()
    if isinstance(limit, tuple):
        at_limit = tables.required(limit[side]).reindex(index=close.index, columns=close.columns).fillna(0) != 0
    else:
        at_limit = change >= limit if side == 0 else change <= -limit
    return close.notna() & ~at_limit


def benchmark_of(benchmark: Any, market: Market) -> Series:
    """The return of each day of what is compared with: given, or that of an instrument, or the mean of several."""
    import numpy
    import pandas

    if benchmark is None:
        return pandas.Series(0.0, market.days)
    if isinstance(benchmark, pandas.Series):
        day = market.days.searchsorted(pandas.DatetimeIndex(benchmark.index), side="right") - 1
        grown = (benchmark.to_numpy("float64") + 1)[day >= 0]
        by_day = pandas.Series(grown, market.days[day[day >= 0]]).groupby(level=0).prod() - 1
        return by_day.reindex(market.days).fillna(0.0)
    names = list(benchmark) if isinstance(benchmark, list | tuple) else [benchmark]
    missing = [str(name) for name in names if name not in market.codes]
    if missing:
        raise ConfigError(f"The prices have no benchmark {', '.join(missing)}; give its prices or a series of returns.")
    changes = pandas.DataFrame(market.change[:, market.codes.get_indexer(pandas.Index(names))], market.days)
    return changes.mean(axis="columns").replace([numpy.inf, -numpy.inf], numpy.nan).fillna(0.0)
